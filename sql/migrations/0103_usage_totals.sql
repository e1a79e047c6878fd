-- Usage by day of Beijing, kept with each counted use; always what a count of the events would give.
CREATE TABLE usage_total (
    enterprise_id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    meter text NOT NULL REFERENCES meter,
    day date NOT NULL,
    events bigint NOT NULL CONSTRAINT usage_total_counts CHECK (events > 0),
    quantity numeric NOT NULL CONSTRAINT usage_total_quantity_not_negative CHECK (quantity >= 0),
    bytes bigint NOT NULL CONSTRAINT usage_total_bytes_not_negative CHECK (bytes >= 0),
    PRIMARY KEY (enterprise_id, entitlement_id, meter, day)
);
INSERT INTO usage_total (enterprise_id, entitlement_id, meter, day, events, quantity, bytes)
SELECT enterprise_id, entitlement_id, meter, legal_day(occurred_at), count(*), sum(quantity), sum(bytes)
FROM usage_event GROUP BY 1, 2, 3, 4;
ALTER TABLE usage_total ADD CONSTRAINT usage_total_entitlement
    FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES entitlement (enterprise_id, id);
