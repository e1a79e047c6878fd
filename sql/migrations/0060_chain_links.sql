-- The links of the chain and who must answer for each, in one place; and the hash of every basis.

-- What a product or a purchase demands, in the order of the chain. The first of the roles that somebody holds answers.
CREATE TABLE chain_link (
    name text PRIMARY KEY,
    position integer NOT NULL CONSTRAINT chain_link_position_unique UNIQUE,
    -- What the responsibility is for: each directory entry used, the product, or the purchase itself.
    subject_kind text NOT NULL CONSTRAINT chain_link_subject_known CHECK (subject_kind IN ('entry', 'product', 'purchase')),
    roles text[] NOT NULL CONSTRAINT chain_link_has_role CHECK (cardinality(roles) > 0),
    -- What may not happen while nobody answers for the link; null: the link may stay open.
    required_for text CONSTRAINT chain_link_requirement_known CHECK (required_for IN ('release', 'listing', 'purchase')),
    title_zh text NOT NULL,
    title_en text NOT NULL,
    source text NOT NULL
);
INSERT INTO chain_link (name, position, subject_kind, roles, required_for, title_zh, title_en, source) VALUES
('source', 1, 'entry', '{source,provider}', 'release', '数源与采集', 'Source and collection',
    'NDRC Data 2025 No. 18; the provider is the source unless a source department is named (decree 809, art. 19)'),
('publication', 2, 'entry', '{publisher}', 'release', '目录发布', 'Publication of the entry',
    'Decree 809, art. 16: the competent body reviews and publishes'),
('sharing', 3, 'entry', '{provider}', 'release', '共享提供', 'Sharing',
    'NDRC Data 2025 No. 18: who provides is responsible before provision'),
-- Open: data that was lawfully made public needs no authorisation, other data may not go to market without one.
('authorisation', 4, 'product', '{authoriser}', NULL, '授权', 'Authorisation',
    'Rules of authorised operation: the implementing institution'),
('processing', 5, 'product', '{operator}', 'listing', '加工', 'Processing into a product',
    'Rules of authorised operation: the operator'),
('listing', 6, 'product', '{marketplace,seller}', 'listing', '挂牌与撮合', 'Listing and matching',
    'Data Security Law, art. 33; the seller where no marketplace is named'),
('delivery', 7, 'product', '{deliverer,operator}', 'listing', '交付', 'Delivery',
    'NDRC Data 2025 No. 18; the operator delivers unless a delivery provider is named'),
('use', 8, 'purchase', '{user}', 'purchase', '使用', 'Use',
    'Decree 809, ch. VI: whoever uses is responsible');

ALTER TABLE responsibility DROP CONSTRAINT responsibility_role_known;
ALTER TABLE responsibility ADD CONSTRAINT responsibility_role_known CHECK
    (role IN ('source', 'provider', 'publisher', 'authoriser', 'operator', 'marketplace', 'seller', 'deliverer', 'user',
              'security', 'contact'));

-- SHA-256 of the document that is the basis. Of earlier rows it is the imported document, or the content listed.
ALTER TABLE responsibility ADD COLUMN basis_sha256 bytea;
UPDATE responsibility SET basis_sha256 = COALESCE(
    (SELECT version.digest FROM directory_entry_version AS version
     WHERE version.entry_id = responsibility.entry_id AND version.recorded_at <= lower(responsibility.valid)
     ORDER BY version.number DESC LIMIT 1),
    (SELECT revision.sha256 FROM product_revision AS revision
     WHERE revision.product_id = responsibility.product_id ORDER BY revision.number LIMIT 1),
    sha256(convert_to(basis, 'UTF8')));
ALTER TABLE responsibility ALTER COLUMN basis_sha256 SET NOT NULL;
ALTER TABLE responsibility ADD CONSTRAINT responsibility_basis_sha256_length CHECK (octet_length(basis_sha256) = 32);
-- Everything that a party answers for is listed in the order of the ids.
CREATE INDEX responsibility_by_party_and_id ON responsibility (party_id, id);
DROP INDEX responsibility_by_party;
