-- Who answers for the entries: the administration published them; departments provide them, every tenth after another
-- one did. $1 seed, $2 entries, $3 departments, $4 time
WITH stated AS MATERIALIZED (
    SELECT place, seeded_uuid($1, 'entry', place) AS entry_id,
        seeded_uuid($1, 'department', 1 + seeded($1, place, $3)) AS department_id,
        CASE WHEN place % 10 = 0 THEN seeded_uuid($1, 'department', 1 + seeded($1 + 6, place, $3)) END AS later_id,
        $4::timestamptz - interval '3 years' AS first_at,
        $4::timestamptz - make_interval(days => 1 + seeded($1 + 7, place, 700)::int) AS moved_at
    FROM generate_series(1, $2::bigint) AS place
), periods AS (
    SELECT 'publisher' AS role, place, entry_id, seeded_uuid($1, 'administration', 1) AS party_id,
        tstzrange(first_at, NULL) AS valid, tstzrange(first_at, NULL) AS recorded FROM stated
    UNION ALL
    SELECT 'provider', place, entry_id, department_id, tstzrange(first_at, NULL),
        tstzrange(first_at, CASE WHEN later_id IS NOT NULL THEN moved_at END)
    FROM stated
    UNION ALL
    SELECT 'provider', place, entry_id, department_id, tstzrange(first_at, moved_at), tstzrange(moved_at, NULL)
    FROM stated WHERE later_id IS NOT NULL
    UNION ALL
    SELECT 'provider', place, entry_id, later_id, tstzrange(moved_at, NULL), tstzrange(moved_at, NULL)
    FROM stated WHERE later_id IS NOT NULL
)
INSERT INTO responsibility (id, party_id, role, entry_id, valid, recorded, basis, basis_sha256)
SELECT md5(entry_id::text || role || valid || recorded)::uuid, party_id, role, entry_id, valid, recorded,
    'synthetic directory, data set ' || place, sha256(convert_to(entry_id::text, 'UTF8'))
FROM periods;
