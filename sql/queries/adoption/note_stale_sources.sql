-- Notes the sources of entries that changed: their totals are to be made anew. $1 ids, of which others are left out
INSERT INTO directory_count (source_id, is_stale)
SELECT DISTINCT entry.source_id, true FROM unnest($1::uuid[]) AS changed (id) JOIN directory_entry AS entry USING (id) ORDER BY 1
ON CONFLICT (source_id) DO UPDATE SET is_stale = true WHERE NOT directory_count.is_stale;
