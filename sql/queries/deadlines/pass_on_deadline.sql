-- Gives an open duty to another party; its clock goes on as it was.
-- $1 subject kind, $2 subject id, $3 rule, $4 party
UPDATE deadline SET party_id = $4
WHERE subject_kind = $1 AND subject_id = $2 AND rule = $3 AND state IN ('running', 'paused');
