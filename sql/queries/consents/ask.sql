-- Asks the department that an entry's data was received from, or who came in its place, for its consent; the duty to answer
-- and the notice land with the request. No row: the version names no such party, or the same was asked and not answered yet.
-- $1 id, $2 entry code, $3 operator, $4 product or null, $5 now
WITH asked AS (
    INSERT INTO consent (id, entry_id, party_id, operator_id, product_id, state, asked_at)
    SELECT $1, entry.id, COALESCE(heir.party_id, party.id), $3, $4, 'asked', $5
    FROM directory_entry AS entry JOIN entry_in_force AS in_force ON in_force.entry_id = entry.id
    JOIN directory_entry_version AS version ON version.entry_id = entry.id AND version.number = in_force.number
    JOIN party ON party.code = version.document->>'receivedFrom'
    LEFT JOIN LATERAL successor_now(party.id, 'provider', entry.id, 'infinity') AS heir ON true
    WHERE entry.code = $2
    ON CONFLICT DO NOTHING
    RETURNING id, entry_id, party_id
), duty AS (
    -- What is shared without conditions is answered for sooner.
    SELECT asked.id, asked.party_id, CASE version.document->>'sharingClass' WHEN 'unconditional'
        THEN 'answer_unconditional' ELSE 'answer_conditional' END AS rule
    FROM asked JOIN entry_in_force USING (entry_id) JOIN directory_entry_version AS version USING (entry_id, number)
), opened AS (
    INSERT INTO deadline (id, rule, party_id, subject_kind, subject_id, subject_code, began_at, due_on, state)
    SELECT gen_random_uuid(), duty.rule, duty.party_id, 'consent', duty.id, $2, $5, due_on(duty.rule, $5), 'running'
    FROM duty
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), asked.party_id, 'consent.asked', '/consents/' || asked.id,
        format('运营机构请求同意将共享数据（目录条目 %s）用于授权运营。', $2::text),
        format('An operator asks for consent to use the shared data of the directory entry %s.', $2::text), $5 FROM asked
)
SELECT id FROM asked;
