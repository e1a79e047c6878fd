-- Ends an open duty: met, or void because its subject is gone. $1 subject kind, $2 subject id, $3 rule, $4 state, $5 now
UPDATE deadline SET state = $4, ended_at = $5, paused_at = NULL
WHERE subject_kind = $1 AND subject_id = $2 AND rule = $3 AND state IN ('running', 'paused');
