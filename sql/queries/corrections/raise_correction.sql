-- Raises a correction of a purchase in one statement: the command's key, the correction, its first step and the notices
-- to both sides. The link is proposed by the kind of error: what is wrong in the data itself goes to the provider of the
-- entry when the revision is made of one entry and somebody provides it, everything else to the operator, who may pass it
-- on. No row: the key was used, or the enterprise has no such purchase, or nobody answers.
-- $1 enterprise, $2 purchase, $3 correction id, $4 key, $5 digest, $6 kind, $7 field, $8 row key, $9 description,
-- $10 evidence, $11 link or null for the proposed one, $12 now
WITH bought AS MATERIALIZED (
    SELECT purchase.id, purchase.product_id, purchase.revision, product.title_zh, product.title_en,
        CASE WHEN $11 = 'source' OR $11 IS NULL
            AND $6 IN ('wrong_value', 'missing_row', 'outdated', 'wrong_description') THEN (
            SELECT (array_agg(used.entry_id))[1] FROM product_revision_source AS used
            WHERE used.product_id = purchase.product_id AND used.number = purchase.revision
            HAVING count(*) = 1) END AS entry_id
    FROM purchase JOIN product ON product.id = purchase.product_id
    WHERE purchase.enterprise_id = $1 AND purchase.id = $2
), routed AS MATERIALIZED (
    SELECT bought.id, bought.product_id, bought.revision, bought.title_zh, bought.title_en, answering.link,
        answering.entry_id, answering.party_id
    FROM bought, LATERAL (
        SELECT 1 AS place, 'source' AS link, bought.entry_id, held.party_id FROM responsibility AS held
        WHERE held.subject_id = bought.entry_id AND held.role = 'provider'
            AND held.valid @> $12::timestamptz AND upper_inf(held.recorded)
        UNION ALL
        SELECT 2, CASE WHEN $11 = 'delivery' OR $6 = 'delivery' THEN 'delivery' ELSE 'processing' END, NULL, held.party_id
        FROM responsibility AS held
        WHERE held.subject_id = bought.product_id AND held.role = 'operator'
            AND held.valid @> $12::timestamptz AND upper_inf(held.recorded)
        ORDER BY place LIMIT 1) AS answering
), command AS (
    INSERT INTO command_key (enterprise_id, key, command, digest, purchase_id, correction_id, recorded_at)
    SELECT $1, $4, 'correction', $5, routed.id, $3, $12 FROM routed
    ON CONFLICT (enterprise_id, key) DO NOTHING
    RETURNING correction_id
), raised AS (
    INSERT INTO correction (enterprise_id, id, purchase_id, product_id, revision, kind, field, row_key, description,
        evidence, link, entry_id, party_id, state, raised_at)
    SELECT $1, command.correction_id, routed.id, routed.product_id, routed.revision, $6, $7, $8, $9, $10, routed.link,
        routed.entry_id, routed.party_id, 'raised', $12
    FROM routed, command
    RETURNING id, party_id, link
), first_step AS (
    INSERT INTO correction_step (enterprise_id, correction_id, number, step, party_id, text, link, taken_at)
    SELECT $1, raised.id, 1, 'raise', $1, $9, raised.link, $12 FROM raised
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), side.party_id, 'correction.raise', '/corrections/' || raised.id,
        '校核已提出：' || routed.title_zh, 'Correction raised: ' || routed.title_en, $12
    FROM raised, routed, LATERAL (SELECT $1::uuid UNION SELECT raised.party_id) AS side(party_id)
)
SELECT raised.id, raised.party_id FROM raised;
