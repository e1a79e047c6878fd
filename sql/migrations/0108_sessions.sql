-- How people sign in to the portal besides by token, and what the sessions that they open are signed with.
CREATE TABLE portal_password (
    name text PRIMARY KEY CONSTRAINT portal_password_name_form CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
    -- Another one with every new password: sessions that were opened with the old one end.
    id uuid NOT NULL CONSTRAINT portal_password_id_unique UNIQUE,
    party_id uuid NOT NULL REFERENCES party,
    role text NOT NULL CONSTRAINT portal_password_role_known
        CHECK (role IN ('enterprise', 'operator', 'administrator', 'analyst')),
    -- scrypt of the password (RFC 7914), with its cost N, its block size r and its parallelization p.
    salt bytea NOT NULL CONSTRAINT portal_password_salt_length CHECK (octet_length(salt) >= 16),
    cost integer NOT NULL,
    block_size integer NOT NULL,
    parallelization integer NOT NULL,
    hash bytea NOT NULL CONSTRAINT portal_password_hash_length CHECK (octet_length(hash) = 32),
    set_at timestamptz NOT NULL
);
CREATE INDEX portal_password_party_id ON portal_password (party_id);

-- One row, so that all servers on a database sign with the same key; a new key takes the old one's place, and all sessions end.
-- Kept as it is, for a signature needs it.
CREATE TABLE session_key (
    is_only boolean PRIMARY KEY DEFAULT true CONSTRAINT session_key_is_only CHECK (is_only),
    version integer NOT NULL CONSTRAINT session_key_version_positive CHECK (version > 0),
    secret bytea NOT NULL CONSTRAINT session_key_length CHECK (octet_length(secret) = 32),
    made_at timestamptz NOT NULL
);

-- Sessions whose owner signed out, as long as their cookie would be good.
CREATE TABLE ended_session (
    id uuid PRIMARY KEY,
    ends_at timestamptz NOT NULL
);
CREATE INDEX ended_session_ends_at ON ended_session (ends_at);
