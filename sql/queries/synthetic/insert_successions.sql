-- Every fiftieth department was merged into the one before it, half a year ago; answers the successions.
-- $1 seed, $2 departments, $3 time
WITH merged AS MATERIALIZED (
    SELECT place, seeded_uuid($1, 'succession', place) AS id
    FROM generate_series(50, $2::bigint, 50) AS place
), recorded AS (
    INSERT INTO party_succession (id, predecessor_id, kind, effective_at, recorded, recorded_by, basis, basis_sha256,
        digest)
    SELECT id, seeded_uuid($1, 'department', place), 'merged', $3::timestamptz - interval '180 days',
        tstzrange($3::timestamptz - interval '170 days', NULL), seeded_uuid($1, 'administration', 1),
        'synthetic notice ' || place, sha256(convert_to('notice ' || place, 'UTF8')), sha256(convert_to(id::text, 'UTF8'))
    FROM merged
), placed AS (
    INSERT INTO party_successor (succession_id, position, party_id, names_subjects)
    SELECT id, 1, seeded_uuid($1, 'department', place - 1), false FROM merged
)
SELECT id FROM merged;
