-- The newest scenarios of each domain as a JSON array, with how many the domain has. $1 limit in each domain
SELECT COALESCE(json_agg(json_build_object('domain', domain, 'total', total, 'items', items) ORDER BY domain), '[]'::json)::text
FROM (
    SELECT domain, max(total) AS total, json_agg(json_build_object('code', code, 'title_zh', title_zh,
        'title_en', title_en, 'batch', batch, 'published_on', published_on, 'domain', domain) ORDER BY place) AS items
    FROM (
        SELECT domain, code, title_zh, title_en, batch, published_on, count(*) OVER (PARTITION BY domain) AS total,
            row_number() OVER (PARTITION BY domain ORDER BY published_on DESC NULLS LAST, code) AS place
        FROM scenario) AS placed
    WHERE place <= $1 GROUP BY domain) AS by_domain;
