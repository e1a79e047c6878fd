-- Takes a source to make its totals anew: what changes from now on notes it again. No row: it is taken. $1 source
UPDATE directory_count SET is_stale = false WHERE source_id = $1 AND is_stale RETURNING source_id;
