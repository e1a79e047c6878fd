-- Usage that operators' systems report: each event counts once, by the name that its source gave it.
CREATE TABLE usage_event_key (
    enterprise_id uuid NOT NULL,
    -- Whose system reported it: sources of two operators may be called the same.
    operator_id uuid NOT NULL,
    source text NOT NULL CONSTRAINT usage_event_key_source_length CHECK (length(source) BETWEEN 1 AND 500),
    id text NOT NULL CONSTRAINT usage_event_key_id_length CHECK (length(id) BETWEEN 1 AND 255),
    -- SHA-256 of the canonical JSON (RFC 8785) of the event: the same name with another content is another event.
    digest bytea NOT NULL CONSTRAINT usage_event_key_digest_length CHECK (length(digest) = 32),
    occurred_at timestamptz NOT NULL,
    usage_event_id uuid NOT NULL,
    PRIMARY KEY (enterprise_id, operator_id, source, id)
);
CREATE INDEX usage_event_key_by_event ON usage_event_key (enterprise_id, usage_event_id);
-- For how long after a use its event is counted; a closed billing period is never changed by it (docs/billing.md).
ALTER TABLE meter ADD COLUMN accepted_for interval NOT NULL DEFAULT '35 days'
    CONSTRAINT meter_accepted_for_positive CHECK (accepted_for > '0');
-- What a meter counts that only the market itself sees is not taken from others.
ALTER TABLE meter ADD COLUMN is_reported boolean NOT NULL DEFAULT true;
UPDATE meter SET is_reported = false WHERE code = 'download';
