-- The scenarios as they were known at a time: the newest revision of each by then, with the day it was published on by its
-- administration or, where it states none, on which the market got it.
CREATE OR REPLACE FUNCTION scenario_known(moment timestamptz)
RETURNS TABLE (id uuid, code text, domain text, batch integer, published_on date, products text[]) LANGUAGE sql STABLE AS $$
SELECT scenario.id, scenario.code, known.document ->> 'domain', (known.document ->> 'batch')::integer,
    COALESCE((known.document ->> 'published_on')::date, legal_day(first.recorded_at)),
    ARRAY(SELECT CASE jsonb_typeof(link) WHEN 'string' THEN link #>> '{}' ELSE link ->> 'code' END
        FROM jsonb_array_elements(CASE jsonb_typeof(known.document -> 'products') WHEN 'array' THEN known.document -> 'products'
            ELSE '[]' END) AS link)
FROM scenario
JOIN scenario_revision AS first ON first.scenario_id = scenario.id AND first.revision = 1
CROSS JOIN LATERAL (SELECT document FROM scenario_revision AS revision
    WHERE revision.scenario_id = scenario.id AND revision.recorded_at <= moment ORDER BY revision.revision DESC LIMIT 1) AS known
$$;
