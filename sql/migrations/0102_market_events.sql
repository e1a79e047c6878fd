-- What happened to purchases, written in the statement that did it: what is recorded in the market's log and told to both
-- sides comes from here.
CREATE TABLE market_event (
    enterprise_id uuid NOT NULL REFERENCES party,
    id uuid NOT NULL,
    -- Such as purchase.active, delivery.completed, invoice.issued.
    type text NOT NULL CONSTRAINT market_event_type_form CHECK (type ~ '^[a-z]+\.[a-z_]+$'),
    purchase_id uuid,
    -- What it is about: the purchase, the usage event of a delivery, the invoice.
    subject_id uuid NOT NULL,
    data jsonb NOT NULL DEFAULT '{}',
    occurred_at timestamptz NOT NULL,
    -- The place of its record in the market's log; null until it is recorded.
    position bigint,
    -- When it was handed to those who want to be told; null until then.
    told_at timestamptz,
    PRIMARY KEY (enterprise_id, id)
);
CREATE INDEX market_event_unrecorded ON market_event (id) WHERE position IS NULL;
CREATE INDEX market_event_untold ON market_event (id) WHERE told_at IS NULL;
ALTER TABLE market_event ADD CONSTRAINT market_event_purchase
    FOREIGN KEY (enterprise_id, purchase_id) REFERENCES purchase (enterprise_id, id);
