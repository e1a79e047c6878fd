-- Of how many quarters of the enterprises something is left (adoption_total): as many enterprises at least are behind it.
CREATE OR REPLACE FUNCTION parts_held(part_1 numeric, part_2 numeric, part_3 numeric, part_4 numeric)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT COALESCE((part_1 <> 0)::integer, 0) + COALESCE((part_2 <> 0)::integer, 0) + COALESCE((part_3 <> 0)::integer, 0)
    + COALESCE((part_4 <> 0)::integer, 0)
$$;
