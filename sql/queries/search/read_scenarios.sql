-- What the search needs of scenarios, as JSON each. $1 ids
SELECT jsonb_strip_nulls(jsonb_build_object('id', scenario.id, 'kind', 'scenario', 'code', scenario.code,
    'version', scenario.revision, 'titles', jsonb_build_array(scenario.title_zh, scenario.title_en),
    'descriptions', jsonb_build_array(scenario.document->'summary'->'zh', scenario.document->'summary'->'en'),
    'keywords', scenario.document->'fields', 'names', scenario.document->'owners', 'columns', '[]'::jsonb,
    'recorded', COALESCE(scenario.published_on::timestamptz, scenario.recorded_at), 'hasContact', false,
    'sources', '[]'::jsonb, 'providers', '[]'::jsonb, 'domains', jsonb_build_array(scenario.domain),
    'themes', scenario.document->'fields', 'regions', scenario.document->'regions'))::text
FROM unnest($1::uuid[]) AS wanted (id) JOIN scenario ON scenario.id = wanted.id;
