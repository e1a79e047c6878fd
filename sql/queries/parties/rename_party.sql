-- Gives a party a new name from a time on, until the next name known; answers whether it is the name it has now. What
-- was believed before is kept on the recorded axis. No row: the party is unknown, or has that name then already.
-- $1 code, $2 name, $3 name zh, $4 name en, $5 since, $6 basis, $7 SHA-256 of the basis, $8 now
WITH renamed AS MATERIALIZED (
    SELECT id, name, name_zh, name_en, recorded_at FROM party WHERE code = $1 FOR UPDATE
), before AS MATERIALIZED (
    SELECT renamed.id, COALESCE(known.name, renamed.name) AS name,
        CASE WHEN known.party_id IS NULL THEN renamed.name_zh ELSE known.name_zh END AS name_zh,
        CASE WHEN known.party_id IS NULL THEN renamed.name_en ELSE known.name_en END AS name_en,
        COALESCE(known.valid, tstzrange(NULL, NULL)) AS valid, known.recorded,
        COALESCE(known.basis, 'as first recorded') AS basis, known.basis_sha256, renamed.recorded_at,
        GREATEST($8, COALESCE(lower(known.recorded), renamed.recorded_at) + interval '1 microsecond') AS learned_at
    FROM renamed LEFT JOIN party_name AS known
        ON known.party_id = renamed.id AND known.valid @> $5::timestamptz AND upper_inf(known.recorded)
    WHERE COALESCE(known.name, renamed.name) <> $2
), closed AS (
    UPDATE party_name AS known SET recorded = tstzrange(lower(known.recorded), before.learned_at)
    FROM before WHERE known.party_id = before.id AND known.valid = before.valid AND known.recorded = before.recorded
    RETURNING known.party_id
), ended AS MATERIALIZED (
    -- Counting makes what is stated anew wait until the old period is closed: they must not overlap.
    SELECT count(*) AS n FROM closed
), kept AS (
    INSERT INTO party_name (party_id, name, name_zh, name_en, valid, recorded, basis, basis_sha256)
    SELECT id, name, name_zh, name_en, valid, tstzrange(recorded_at, learned_at), basis, NULL
    FROM before, ended WHERE recorded IS NULL
    UNION ALL
    SELECT id, name, name_zh, name_en, tstzrange(lower(valid), $5), tstzrange(learned_at, NULL), basis, basis_sha256
    FROM before, ended WHERE lower_inf(valid) OR lower(valid) < $5
    UNION ALL
    SELECT id, $2, $3, $4, tstzrange($5, upper(valid)), tstzrange(learned_at, NULL), $6, $7::bytea
    FROM before, ended
), current AS (
    UPDATE party SET name = $2, name_zh = $3, name_en = $4
    FROM before WHERE party.id = before.id AND upper_inf(before.valid)
), noted AS (
    INSERT INTO search_pending (kind, subject_id) SELECT 'party', id FROM before
)
SELECT upper_inf(valid) FROM before;
