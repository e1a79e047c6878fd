-- Lets the clock of a paused duty run on; the due date moves by the days paused, in the unit of its policy. A pause that
-- an officer made ends with it.
-- $1 subject kind, $2 subject id, $3 rule, $4 now
WITH resumed AS (
    UPDATE deadline SET state = 'running', paused_at = NULL, paused_days = deadline.paused_days + stood.days,
        due_on = move_by(deadline.due_on, stood.days, stood.unit)
    FROM (SELECT open.id, policy.unit, days_stood(open.paused_at, $4, policy.unit) AS days
          FROM deadline AS open
          JOIN policy ON policy.rule = open.rule AND policy.effective @> legal_day(open.began_at)
          WHERE open.subject_kind = $1 AND open.subject_id = $2 AND open.rule = $3 AND open.state = 'paused'
          FOR UPDATE OF open) AS stood
    WHERE deadline.id = stood.id
    RETURNING deadline.id, stood.days
)
UPDATE deadline_pause SET resumed_at = GREATEST($4, deadline_pause.paused_at), days = resumed.days
FROM resumed WHERE deadline_pause.deadline_id = resumed.id AND deadline_pause.resumed_at IS NULL;
