-- Puts a key in force, and ends the one of its algorithm before it. $1 id, $2 algorithm, $3 public key, $4 now
WITH ended AS (
    UPDATE signing_key SET valid = tstzrange(lower(valid), $4) WHERE algorithm = $2 AND upper_inf(valid)
    RETURNING version
)
INSERT INTO signing_key (id, algorithm, version, public_key, valid)
SELECT $1, $2, COALESCE(max(ended.version), 0) + 1, $3, tstzrange($4, NULL) FROM ended;
