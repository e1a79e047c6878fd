-- Addresses where a party wants to be told what happens to its purchases or sales, and each event told to each of them.
CREATE TABLE webhook (
    id uuid PRIMARY KEY,
    party_id uuid NOT NULL REFERENCES party,
    -- A party has at most twenty.
    number integer NOT NULL CONSTRAINT webhook_number_in_range CHECK (number BETWEEN 1 AND 20),
    url text NOT NULL CONSTRAINT webhook_url_form CHECK (url ~ '^https?://' AND length(url) <= 2000),
    description text NOT NULL,
    -- The types of events that it wants; null: all.
    types text[] CONSTRAINT webhook_types_not_empty CHECK (cardinality(types) > 0),
    -- What signs; kept as it is, for a signature needs it.
    secret bytea NOT NULL CONSTRAINT webhook_secret_length CHECK (length(secret) BETWEEN 24 AND 64),
    -- The one before signs as well until this time.
    old_secret bytea,
    old_secret_until timestamptz,
    -- paused: events wait; gone: it answered 410 and gets no more.
    state text NOT NULL CONSTRAINT webhook_state_known CHECK (state IN ('active', 'paused', 'gone')),
    registered_at timestamptz NOT NULL,
    -- Since when no attempt has succeeded; null while all is well.
    failing_since timestamptz,
    CONSTRAINT webhook_number_unique UNIQUE (party_id, number),
    CONSTRAINT webhook_old_secret_ends CHECK ((old_secret IS NULL) = (old_secret_until IS NULL))
);

CREATE TABLE webhook_delivery (
    enterprise_id uuid NOT NULL,
    webhook_id uuid NOT NULL REFERENCES webhook ON DELETE CASCADE,
    event_id uuid NOT NULL,
    purchase_id uuid,
    occurred_at timestamptz NOT NULL,
    state text NOT NULL CONSTRAINT webhook_delivery_state_known CHECK (state IN ('pending', 'delivered', 'dead')),
    attempts integer NOT NULL DEFAULT 0 CONSTRAINT webhook_delivery_attempts_not_negative CHECK (attempts >= 0),
    -- When it is to be tried; while it is tried, when it is tried again if nothing more is heard of it.
    due_at timestamptz NOT NULL,
    tried_at timestamptz,
    -- The status of the last answer, how it begins, and why there is none.
    status integer,
    answer text,
    failure text,
    PRIMARY KEY (enterprise_id, webhook_id, event_id),
    FOREIGN KEY (enterprise_id, event_id) REFERENCES market_event (enterprise_id, id)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, due_at) WHERE state = 'pending';
CREATE INDEX webhook_delivery_order ON webhook_delivery (webhook_id, purchase_id, occurred_at, event_id)
    WHERE state = 'pending';
CREATE INDEX webhook_delivery_listed ON webhook_delivery (webhook_id, event_id);
