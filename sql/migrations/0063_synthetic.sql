-- What large synthetic markets are made with: numbers and ids that a seed decides, and credit codes that are well-formed.

-- A whole number from 0 to `bound` - 1 for a place in a series.
CREATE FUNCTION seeded(seed bigint, place bigint, bound bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended(place, seed) & 9223372036854775807) % bound;

CREATE FUNCTION seeded_uuid(seed bigint, kind text, place bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN md5(seed || kind || place)::uuid;

-- The same as a UUID of version 7, which begins with a time in milliseconds.
CREATE FUNCTION seeded_uuid7(seed bigint, kind text, place bigint, moment timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::bigint), 12, '0')
    || '7' || substr(md5(seed || kind || place), 1, 3) || '8' || substr(md5(seed || kind || place), 4, 15))::uuid;

-- A unified social credit code of 17 characters and the check character they demand (GB 32100-2015).
CREATE FUNCTION credit_code_of(first17 text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN first17 || substr('0123456789ABCDEFGHJKLMNPQRTUWXY', 1 + (
    SELECT (31 - sum((strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(first17, weight.position::int, 1)) - 1)
                     * weight.value) % 31) % 31
    FROM unnest(ARRAY[1,3,9,27,19,26,16,17,20,29,25,13,8,24,10,30,28]) WITH ORDINALITY AS weight(value, position))::int, 1);
