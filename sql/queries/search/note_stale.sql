-- Notes documents in which an offer ran out. $1 now
WITH stale AS (
    UPDATE search_document SET stale_at = NULL WHERE stale_at <= $1 RETURNING subject_id
)
INSERT INTO search_pending (kind, subject_id) SELECT 'subject', subject_id FROM stale;
