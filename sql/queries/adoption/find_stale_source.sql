-- A source whose totals are behind, once the search found all that changed. A source is counted a twentieth of the time at most: one
-- of many entries waits until it was left alone for that long. No row: there is none.
SELECT source_id FROM directory_count
WHERE is_stale AND COALESCE(counted_at + 20 * took <= now(), true) AND NOT EXISTS (SELECT FROM search_pending)
ORDER BY source_id LIMIT 1;
