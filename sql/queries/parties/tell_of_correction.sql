-- Tells the parties concerned that a succession was recorded wrongly and what stands in its place: the body, its
-- successors then and now, whoever lost a responsibility by the correction, and operators and sellers of products made
-- of the entries touched, and the enterprises whose purchase of one is live (a declared statement across enterprises, by
-- enterprise_id). $1 wrong succession, $2 the one in its place or null, $3 from when on it is known
WITH told AS MATERIALIZED (
    SELECT wrong.predecessor_id, '/parties/' || body.code AS address,
        body.name || '的主体变更记录已更正：' || wrong.correction_reason || '（' || COALESCE('现为：' || heirs.names, '无变更')
            || '）' AS zh,
        'The succession of ' || body.name || ' was corrected: ' || wrong.correction_reason || ' ('
            || COALESCE('now ' || heirs.names, 'there was none') || ')' AS en
    FROM party_succession AS wrong JOIN party AS body ON body.id = wrong.predecessor_id
    CROSS JOIN LATERAL (
        SELECT string_agg(party.name, ', ' ORDER BY successor.position) AS names
        FROM party_successor AS successor JOIN party ON party.id = successor.party_id
        WHERE successor.succession_id = $2) AS heirs
    WHERE wrong.id = $1
), lost AS MATERIALIZED (
    SELECT party_id, entry_id, product_id FROM responsibility
    WHERE succession_ids @> ARRAY[$1::uuid] AND succession_ids <> '{}' AND upper(recorded) >= $3
), touched AS MATERIALIZED (
    SELECT product_id FROM lost WHERE product_id IS NOT NULL
    UNION SELECT used.product_id FROM product_revision_source AS used JOIN lost ON lost.entry_id = used.entry_id
), concerned AS (
    SELECT predecessor_id AS party_id FROM told
    UNION SELECT party_id FROM party_successor WHERE succession_id IN ($1, $2)
    UNION SELECT party_id FROM lost
    UNION SELECT held.party_id FROM responsibility AS held
    WHERE held.role IN ('operator', 'seller') AND upper_inf(held.valid) AND upper_inf(held.recorded)
        AND held.product_id IN (SELECT product_id FROM touched)
    UNION SELECT purchase.enterprise_id
    FROM touched
    JOIN purchase ON purchase.product_id = touched.product_id
    JOIN entitlement ON entitlement.enterprise_id = purchase.enterprise_id AND entitlement.purchase_id = purchase.id
    WHERE purchase.state = 'active' AND entitlement.valid @> $3::timestamptz
)
INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
SELECT gen_random_uuid(), concerned.party_id, 'party.correction', told.address, told.zh, told.en, $3
FROM concerned, told;
