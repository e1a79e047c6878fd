-- Lets the clock of a running duty stand while the other side completes its papers; nothing when it does not run.
-- $1 subject kind, $2 subject id, $3 rule, $4 now
UPDATE deadline SET state = 'paused', paused_at = $4
WHERE subject_kind = $1 AND subject_id = $2 AND rule = $3 AND state = 'running';
