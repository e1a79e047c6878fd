-- A number from 0 up to, and without, 1 for a place in a series, as a seed decides.
CREATE OR REPLACE FUNCTION seeded_share(seed bigint, place bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN seeded(seed, place, 1000000007) / 1000000007.0::double precision;
