-- Notes that a figure is read without suppression. $1 id, $2 metric, $3 version, $4 SHA-256 of the definition, $5 parameters,
-- $6 reason, $7 party, $8 token or password, $9 now
INSERT INTO exact_reading (id, metric, version, definition, parameters, reason, read_by, access_id, read_at)
VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9);
