-- Takes away the totals of a source of the directory, before they are made anew. $1 source
DELETE FROM directory_total WHERE source_id = $1;
