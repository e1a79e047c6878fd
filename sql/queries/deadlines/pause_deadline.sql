-- Lets the clock of a running duty stand while the other side completes its papers; where an officer stopped it before, the
-- step takes that stop over. Nothing when it does not run.
-- $1 subject kind, $2 subject id, $3 rule, $4 now
WITH taken_over AS (
    UPDATE deadline_pause AS pause SET resumed_at = greatest(pause.paused_at, $4), days = 0
    FROM deadline
    WHERE deadline.subject_kind = $1 AND deadline.subject_id = $2 AND deadline.rule = $3 AND deadline.state = 'paused'
        AND pause.deadline_id = deadline.id AND pause.resumed_at IS NULL
)
UPDATE deadline SET state = 'paused', paused_at = $4
WHERE subject_kind = $1 AND subject_id = $2 AND rule = $3 AND state = 'running';
