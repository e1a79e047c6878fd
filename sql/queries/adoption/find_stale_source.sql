-- A source whose totals are behind, once the search found all that changed. A source is counted a twentieth of the time at most: one
-- of many entries waits until it was left alone for that long. No row: there is none.
SELECT change.source_id FROM directory_recount AS change LEFT JOIN directory_count AS made USING (source_id)
WHERE COALESCE(made.counted_at + 20 * made.took <= now(), true) AND NOT EXISTS (SELECT FROM search_pending)
ORDER BY change.id LIMIT 1;
