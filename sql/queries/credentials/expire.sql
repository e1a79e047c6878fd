-- Ends the credentials in force whose last day is past; answers how many. $1 now
WITH ended AS (
    UPDATE credential SET state = 'expired' WHERE state = 'in_force' AND upper(valid) <= legal_day($1::timestamptz)
    RETURNING id, procedure
)
INSERT INTO credential_step (credential_id, number, procedure, from_state, to_state, taken_at)
SELECT ended.id, 1 + (SELECT count(*) FROM credential_step WHERE credential_id = ended.id), ended.procedure, 'in_force',
    'expired', $1
FROM ended;
