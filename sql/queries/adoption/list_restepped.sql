-- The ids of the enterprises whose steps may change by transitions of purchases. $1 enterprise_ids, $2 purchases, $3 numbers
SELECT DISTINCT moved.enterprise_id
FROM (SELECT DISTINCT enterprise_id, purchase_id, number
      FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS moved (enterprise_id, purchase_id, number)) AS moved
-- An acceptance adds one purchase, and at no time leaves fewer in a standing and those above it together; a trial comes to the
-- market. Whatever else changes something takes it back, and adds up to none.
CROSS JOIN LATERAL (SELECT sum(purchases) AS purchases, min(standing) FILTER (WHERE standing <> 'trial') AS standing,
        min(happened_at) AS happened_at, min(recorded_at) AS recorded_at
    FROM purchase_change AS change WHERE change.enterprise_id = moved.enterprise_id
        AND change.purchase_id = moved.purchase_id AND change.number = moved.number HAVING count(*) > 0) AS change
-- As in standing_history, which looks at more: one more behind what was reached before changes nothing.
CROSS JOIN LATERAL (SELECT sum(step.change) FILTER (WHERE measure = 'returned' AND step.standing = change.standing) AS reached,
        max(step.happened_at) AS happened_at, max(step.recorded_at) AS recorded_at
    FROM enterprise_step AS step WHERE step.enterprise_id = moved.enterprise_id AND step.measure <> 'used') AS known
WHERE change.purchases < 1 OR known.reached IS DISTINCT FROM 1
    OR change.happened_at <= known.happened_at OR change.recorded_at < known.recorded_at;
