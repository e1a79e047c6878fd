-- Lets a party's clock that an officer stopped run on; the due date moves by the days it stood, in the unit of its policy.
-- A row: it runs. No row: find_clock tells why. $1 deadline, $2 party, $3 now
WITH stood AS MATERIALIZED (
    SELECT open.id, policy.unit, GREATEST($3, pause.paused_at) AS resumed_at,
        days_stood(pause.paused_at, $3, policy.unit) AS days
    FROM deadline AS open
    JOIN policy ON policy.rule = open.rule AND policy.effective @> legal_day(open.began_at)
    JOIN deadline_pause AS pause ON pause.deadline_id = open.id AND pause.resumed_at IS NULL
    WHERE open.id = $1 AND open.party_id = $2 AND open.state = 'paused'
    FOR UPDATE OF open
), started AS (
    UPDATE deadline SET state = 'running', paused_at = NULL, paused_days = deadline.paused_days + stood.days,
        due_on = move_by(deadline.due_on, stood.days, stood.unit)
    FROM stood WHERE deadline.id = stood.id
    RETURNING deadline.id
), noted AS (
    UPDATE deadline_pause SET resumed_at = stood.resumed_at, resumed_by = $2, days = stood.days
    FROM stood WHERE deadline_pause.deadline_id = stood.id AND deadline_pause.resumed_at IS NULL
)
SELECT id FROM started;
