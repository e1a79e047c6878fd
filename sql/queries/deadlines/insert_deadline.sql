-- Gives a party a duty by a rule from now on; nothing when the same duty is open or no policy for the rule is in force.
-- $1 id, $2 rule, $3 party, $4 subject kind, $5 subject id, $6 subject code, $7 now
INSERT INTO deadline (id, rule, party_id, subject_kind, subject_id, subject_code, began_at, due_on, state)
SELECT $1, $2, $3, $4, $5, $6, $7, due_on($2, $7), 'running'
WHERE due_on($2, $7) IS NOT NULL
ON CONFLICT DO NOTHING;
