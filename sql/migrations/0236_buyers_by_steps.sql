-- Whether an enterprise had bought by a time, as known by another.
CREATE INDEX enterprise_step_bought ON enterprise_step (enterprise_id) INCLUDE (happened_at, recorded_at)
WHERE measure = 'bought' AND change > 0;
