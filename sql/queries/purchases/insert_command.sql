-- Keeps a command on a purchase; none when its key was used by the party for the same purchase before.
-- $1 enterprise, $2 purchase, $3 party, $4 key, $5 digest, $6 now
INSERT INTO purchase_command (enterprise_id, purchase_id, party_id, key, digest, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;
