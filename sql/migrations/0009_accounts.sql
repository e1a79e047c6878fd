-- Bearer tokens: only their SHA-256 is kept.
CREATE TABLE access_token (
    digest bytea PRIMARY KEY CONSTRAINT access_token_digest_length CHECK (octet_length(digest) = 32),
    id uuid NOT NULL CONSTRAINT access_token_id_unique UNIQUE,
    party_id uuid NOT NULL REFERENCES party,
    role text NOT NULL CONSTRAINT access_token_role_known CHECK
        (role IN ('enterprise', 'operator', 'administrator', 'analyst')),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT access_token_expires_later CHECK (expires_at > created_at)
);
