-- Who an enterprise is, whatever becomes of its purchases: the standing of what cannot be taken back, as a request or a use.
CREATE OR REPLACE FUNCTION enterprise_base(kind text, synthetic boolean) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN synthetic THEN 'synthetic' WHEN kind <> 'enterprise' THEN 'administration' ELSE 'market' END
$$;
