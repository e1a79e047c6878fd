-- What of a product a token's entitlement shares: its code, its revisions that are tables, oldest first, and the last of them
-- as a table, as JSON; no row: nobody's token. Whether it holds now says find_sharing_account, which is asked beside this.
-- $1 SHA-256 of the token
WITH shared AS MATERIALIZED (
    SELECT product.id, product.code, product.title_zh, product.title_en, product.watermark, purchase.revision, offer.kind
    FROM sharing_credential AS credential
    JOIN entitlement ON entitlement.enterprise_id = credential.enterprise_id AND entitlement.id = credential.entitlement_id
    -- By its whole key, however few purchases there were when this was planned.
    CROSS JOIN LATERAL (SELECT revision, offer_id, product_id FROM purchase WHERE purchase.enterprise_id = entitlement.enterprise_id
        AND purchase.id = entitlement.purchase_id OFFSET 0) AS purchase
    JOIN offer ON offer.id = purchase.offer_id
    JOIN product ON product.id = purchase.product_id
    WHERE credential.token_sha256 = $1
), version AS MATERIALIZED (
    SELECT made.number, revision.published_at, made.has_change_data
    FROM shared JOIN revision_table AS made ON made.product_id = shared.id
    JOIN product_revision AS revision ON revision.product_id = made.product_id AND revision.number = made.number
    WHERE made.number = shared.revision OR made.number > shared.revision AND shared.kind <> 'one_off'
)
SELECT json_build_object('product', shared.code, 'product_id', shared.id, 'title_zh', shared.title_zh,
    'title_en', shared.title_en, 'watermark', shared.watermark, 'versions', all_versions.documents, 'table', newest.document)::text
FROM shared
CROSS JOIN (SELECT max(number) AS newest, COALESCE(json_agg(json_build_object('number', number, 'published_at', published_at,
    'has_change_data', has_change_data) ORDER BY number), '[]') AS documents FROM version) AS all_versions
LEFT JOIN LATERAL shared_table(shared.id, all_versions.newest, 'rows') AS newest ON true;
