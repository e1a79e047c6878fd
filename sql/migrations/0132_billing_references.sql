-- Foreign keys between the tables of billing that an enterprise owns, apart from the tables.
ALTER TABLE billing_period ADD CONSTRAINT billing_period_purchase
    FOREIGN KEY (enterprise_id, purchase_id) REFERENCES purchase (enterprise_id, id);
ALTER TABLE invoice ADD CONSTRAINT invoice_period
    FOREIGN KEY (enterprise_id, purchase_id, period) REFERENCES billing_period (enterprise_id, purchase_id, number);
ALTER TABLE invoice_line ADD CONSTRAINT invoice_line_invoice
    FOREIGN KEY (enterprise_id, invoice_id) REFERENCES invoice (enterprise_id, id);
ALTER TABLE invoice_usage ADD CONSTRAINT invoice_usage_invoice
    FOREIGN KEY (enterprise_id, invoice_id) REFERENCES invoice (enterprise_id, id);
ALTER TABLE invoice_usage ADD CONSTRAINT invoice_usage_entitlement
    FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES entitlement (enterprise_id, id);
ALTER TABLE credit_note ADD CONSTRAINT credit_note_invoice
    FOREIGN KEY (enterprise_id, invoice_id) REFERENCES invoice (enterprise_id, id);
ALTER TABLE payment_match ADD CONSTRAINT payment_match_invoice
    FOREIGN KEY (enterprise_id, invoice_id) REFERENCES invoice (enterprise_id, id);
ALTER TABLE payment_match ADD CONSTRAINT payment_match_credit_note
    FOREIGN KEY (enterprise_id, credit_note_id) REFERENCES credit_note (enterprise_id, id);
ALTER TABLE ledger_posting ADD CONSTRAINT ledger_posting_follows
    FOREIGN KEY (enterprise_id, previous, previous_digest) REFERENCES ledger_posting (enterprise_id, number, digest);
