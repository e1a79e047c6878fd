-- Policies with their history, by rule and newest first: key and JSON per row.
-- $1 key to start after or null, $2 limit
SELECT ordered.key, ordered.document::text
FROM (SELECT policy.rule || ' ' || (date '9999-12-31' - lower(policy.effective)) AS key, json_build_object(
        'rule', policy.rule, 'since', lower(policy.effective), 'until', upper(policy.effective),
        'title_zh', policy.title_zh, 'title_en', policy.title_en, 'days', policy.days, 'value', policy.value,
        'unit', policy.unit,
        'extension_days', policy.extension_days, 'article', policy.article, 'source', policy.source,
        'verified', policy.verified, 'recorded_by', party.code, 'recorded_at', policy.recorded_at) AS document
      FROM policy LEFT JOIN party ON party.id = policy.recorded_by) AS ordered
WHERE $1::text IS NULL OR ordered.key COLLATE "C" > $1
ORDER BY ordered.key COLLATE "C" LIMIT $2;
