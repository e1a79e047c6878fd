-- Whether a party may record who answers for what: for another party as that party itself, or as the competent body of a source
-- that it holds entries of; for an entry or a product as the competent body of its source, or of one of its sources. What no
-- source knows is recorded by any competent body. $1 who records, $2 code of the other party or null, $3 code of the entry or
-- product or null
WITH own AS MATERIALIZED (
    SELECT source_id FROM source_competent_body WHERE party_id = $1
), concerned AS MATERIALIZED (
    SELECT DISTINCT entry.source_id FROM party
    JOIN responsibility AS held ON held.party_id = party.id AND upper_inf(held.valid) AND upper_inf(held.recorded)
        AND held.role <> 'publisher'
    JOIN directory_entry AS entry ON entry.id = held.entry_id
    WHERE party.code = $2
    UNION
    SELECT source_id FROM directory_entry WHERE code = $3
    UNION
    SELECT entry.source_id FROM product JOIN newest_source AS source ON source.product_id = product.id
    JOIN directory_entry AS entry ON entry.id = source.entry_id
    WHERE product.code = $3
)
SELECT EXISTS (SELECT FROM party WHERE code = $2 AND id = $1)
    OR EXISTS (SELECT FROM own JOIN concerned USING (source_id))
    OR NOT EXISTS (SELECT FROM concerned) AND (EXISTS (SELECT FROM own)
        OR NOT EXISTS (SELECT FROM source_competent_body WHERE party_id IS NOT NULL));
