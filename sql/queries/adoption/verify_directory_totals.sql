-- Compares the totals of the directory with a recount of its entries, but of sources that wait for it: name, how many were checked,
-- how many differ, and the first sources that do.
WITH both_counts AS (
    SELECT kept.source_id, kept.dimension, kept.class, kept.required, kept.optional, kept.updated_on,
        kept.update_days, kept.since_on, kept.until_on, kept.known_on, kept.known_until_on, kept.follows, kept.is_followed,
        kept.entries AS kept, 0 AS recounted
    FROM directory_total AS kept
    UNION ALL
    SELECT source_id, dimension, class, required, optional, updated_on, update_days, since_on, until_on, known_on,
        known_until_on, follows, is_followed, 0, 1
    FROM version_fact
), compared AS (
    SELECT source_id, sum(kept) <> sum(recounted) AS differs FROM both_counts
    -- What the search has not found yet is not counted yet.
    WHERE source_id IN (SELECT made.source_id FROM directory_count AS made) AND NOT EXISTS (SELECT FROM search_pending)
        AND source_id NOT IN (SELECT waiting.source_id FROM directory_recount AS waiting)
    GROUP BY source_id, dimension, class, required, optional, updated_on, update_days, since_on, until_on, known_on,
        known_until_on, follows, is_followed
)
SELECT 'totals of the directory are a recount of its entries', count(*), count(*) FILTER (WHERE differs), (
    SELECT string_agg(source.code, E'\n') FROM (SELECT source.code FROM directory_source AS source
        WHERE source.id IN (SELECT compared.source_id FROM compared WHERE compared.differs) ORDER BY 1 LIMIT 5) AS source)
FROM compared;
