-- The parts of a table, in order. $1 product, $2 number, $3 kind, $4 sha256 in hexadecimal, $5 bytes, $6 rows, $7 statistics,
-- $8 now
WITH part AS MATERIALIZED (
    SELECT decode(named.sha256, 'hex') AS sha256, named.bytes, named.rows, named.statistics, named.place
    FROM unnest($4::text[], $5::bigint[], $6::bigint[], $7::jsonb[]) WITH ORDINALITY
        AS named (sha256, bytes, rows, statistics, place)
), kept AS (
    INSERT INTO content (sha256, bytes, recorded_at) SELECT DISTINCT sha256, bytes, $8::timestamptz FROM part
    ON CONFLICT (sha256) DO NOTHING
)
INSERT INTO revision_part (product_id, number, kind, place, sha256, rows, statistics)
SELECT $1, $2, $3, place, sha256, rows, statistics FROM part
ON CONFLICT (product_id, number, kind, place) DO NOTHING;
