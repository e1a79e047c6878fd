-- Foreign keys between tables that an enterprise owns stand apart from the tables.
ALTER TABLE correction ADD CONSTRAINT correction_purchase
    FOREIGN KEY (enterprise_id, purchase_id) REFERENCES purchase (enterprise_id, id);
ALTER TABLE correction_step ADD CONSTRAINT correction_step_correction
    FOREIGN KEY (enterprise_id, correction_id) REFERENCES correction (enterprise_id, id);
ALTER TABLE command_key ADD CONSTRAINT command_key_correction
    FOREIGN KEY (enterprise_id, correction_id) REFERENCES correction (enterprise_id, id) DEFERRABLE INITIALLY DEFERRED;
