-- Foreign keys between tables that an enterprise owns stand apart from the tables, so that a sharded cluster can
-- distribute the tables first.
ALTER TABLE command_key ADD CONSTRAINT command_key_purchase
    FOREIGN KEY (enterprise_id, purchase_id) REFERENCES purchase (enterprise_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE entitlement ADD CONSTRAINT entitlement_purchase
    FOREIGN KEY (enterprise_id, purchase_id) REFERENCES purchase (enterprise_id, id);
ALTER TABLE usage_event ADD CONSTRAINT usage_event_entitlement
    FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES entitlement (enterprise_id, id);
