-- Takes a source to make its totals anew: what changes from now on notes it again. No row: it is taken. $1 source
WITH taken AS (
    DELETE FROM directory_recount
    WHERE id IN (SELECT id FROM directory_recount WHERE source_id = $1 FOR UPDATE SKIP LOCKED)
    RETURNING source_id
)
SELECT source_id FROM taken LIMIT 1;
