-- Withdraws an offer that stands; no row when it does not. $1 code, $2 now
WITH withdrawn AS (
    UPDATE offer SET withdrawn_at = $2 WHERE code = $1 AND withdrawn_at IS NULL RETURNING product_id
)
INSERT INTO search_pending (kind, subject_id) SELECT 'subject', product_id FROM withdrawn;
