-- Ends the update duties of entries whose update or withdrawal was released. $1 entries, $2 time
UPDATE deadline SET state = 'met', paused_at = NULL, ended_at = $2
WHERE subject_kind = 'directory_entry' AND subject_id = ANY($1::uuid[]) AND rule = 'directory_update'
    AND state IN ('running', 'paused');
