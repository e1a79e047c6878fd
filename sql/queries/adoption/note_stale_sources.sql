-- Notes the sources of entries that changed: their totals are to be made anew. $1 ids, of which others are left out
INSERT INTO directory_recount (source_id)
SELECT DISTINCT entry.source_id FROM unnest($1::uuid[]) AS changed (id) JOIN directory_entry AS entry USING (id);
