-- The codes of a condition that is a set, as a sentence names them.
CREATE OR REPLACE FUNCTION condition_codes(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(code, ', ') FROM jsonb_array_elements_text(condition_codes.value) AS code
$$;
