-- Takes a step of a correction from one of the states it may be taken from: the new state, the step, and notices to both
-- sides. No row: it is in another state, was returned once already, or what is said to put it right does not exist or is no
-- newer than what was wrong.
-- $1 enterprise, $2 correction, $3 step, $4 states from, $5 state to, $6 party acting, $7 text, $8 basis,
-- $9 fixed entry version, $10 fixed revision, $11 now
WITH moved AS (
    UPDATE correction SET state = $5, steps = steps + 1,
        returned_at = CASE $3 WHEN 'return' THEN $11 ELSE returned_at END,
        fed_back_at = CASE $5 WHEN 'fed_back' THEN $11::timestamptz END,
        answers = answers + CASE WHEN $3 IN ('correct', 'confirm_correct') THEN 1 ELSE 0 END,
        fixed_entry_version = CASE WHEN $3 IN ('correct', 'confirm_correct') THEN $9 ELSE fixed_entry_version END,
        fixed_revision = CASE WHEN $3 IN ('correct', 'confirm_correct') THEN $10 ELSE fixed_revision END
    WHERE enterprise_id = $1 AND id = $2 AND state = ANY($4::text[]) AND ($3 <> 'return' OR returned_at IS NULL)
        AND ($9::integer IS NULL OR EXISTS (SELECT FROM directory_entry_version AS version
            WHERE version.entry_id = correction.entry_id AND version.number = $9
                AND version.number > ALL (SELECT used.entry_version FROM product_revision_source AS used
                    WHERE used.product_id = correction.product_id AND used.number = correction.revision
                        AND used.entry_id = correction.entry_id)))
        AND ($10::integer IS NULL OR EXISTS (SELECT FROM product_revision AS revision
            WHERE revision.product_id = correction.product_id AND revision.number = $10
                AND revision.number > correction.revision))
    RETURNING id, party_id, product_id, steps, answers
), taken AS (
    INSERT INTO correction_step (enterprise_id, correction_id, number, step, party_id, answer, text, basis,
        fixed_entry_version, fixed_revision, taken_at)
    SELECT $1, moved.id, moved.steps, $3, $6,
        CASE WHEN $3 IN ('correct', 'confirm_correct') THEN moved.answers END, $7, $8, $9, $10, $11
    FROM moved
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), side.party_id, 'correction.' || $3::text, '/corrections/' || moved.id,
        '校核进展：' || product.title_zh || '：' || word.zh, 'Correction of ' || product.title_en || ': ' || word.en, $11
    FROM moved JOIN product ON product.id = moved.product_id
    JOIN (VALUES ('check', '开始核查', 'being checked'), ('return', '退回补正', 'returned for completion'),
        ('complete', '已补正', 'completed'), ('pass_on', '转交', 'passed on'), ('extend', '延期', 'extended'),
        ('correct', '已更正', 'corrected'), ('confirm_correct', '核实无误', 'confirmed as correct'),
        ('feed_back', '已反馈', 'fed back')) AS word(step, zh, en) ON word.step = $3,
    LATERAL (SELECT $1::uuid UNION SELECT moved.party_id) AS side(party_id)
)
SELECT moved.party_id FROM moved;
