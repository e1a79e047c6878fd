-- Gives a correction to the party that answers for another link, which the step taken before notes, and tells it. No row: nobody answers
-- for that link, or the entry is none that the revision is made of; or it is that party's already.
-- $1 enterprise, $2 correction, $3 link, $4 entry code or null, $5 now
WITH named AS (
    SELECT correction.product_id, entry.id AS entry_id, held.party_id
    FROM correction
    LEFT JOIN directory_entry AS entry ON entry.code = $4 AND EXISTS (
        SELECT FROM product_revision_source AS used WHERE used.entry_id = entry.id
            AND used.product_id = correction.product_id AND used.number = correction.revision)
    JOIN responsibility AS held
        ON held.subject_id = CASE WHEN $3 IN ('source', 'publication') THEN entry.id ELSE correction.product_id END
        AND held.role = CASE $3 WHEN 'source' THEN 'provider' WHEN 'publication' THEN 'publisher' ELSE 'operator' END
        AND held.valid @> $5::timestamptz AND upper_inf(held.recorded)
    WHERE correction.enterprise_id = $1 AND correction.id = $2
), moved AS (
    UPDATE correction SET link = $3, party_id = named.party_id,
        entry_id = CASE WHEN $3 IN ('source', 'publication') THEN named.entry_id END
    FROM named WHERE correction.enterprise_id = $1 AND correction.id = $2
        AND (correction.link, correction.party_id) IS DISTINCT FROM ($3, named.party_id)
    RETURNING correction.id, correction.party_id, correction.product_id, correction.steps, correction.link
), noted AS (
    UPDATE correction_step AS step SET link = moved.link FROM moved
    WHERE step.enterprise_id = $1 AND step.correction_id = moved.id AND step.number = moved.steps
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), moved.party_id, 'correction.pass_on', '/corrections/' || moved.id,
        '校核转交贵单位：' || product.title_zh, 'A correction was passed on to you: ' || product.title_en, $5
    FROM moved JOIN product ON product.id = moved.product_id
)
SELECT moved.party_id FROM moved;
