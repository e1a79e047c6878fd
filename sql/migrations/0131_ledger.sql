-- The ledger, payments and revenue shares.

-- What money is counted under.
CREATE TABLE ledger_account (
    code text PRIMARY KEY CONSTRAINT ledger_account_code_form CHECK (code ~ '^[a-z_]+$'),
    title_zh text NOT NULL,
    title_en text NOT NULL
);
INSERT INTO ledger_account (code, title_zh, title_en) VALUES
('receivable', '应收账款', 'Owed by buyers'),
('income', '收入', 'Income'),
('vat', '应交增值税', 'VAT owed to the state'),
('bank', '银行存款', 'Bank'),
('unmatched', '待认领款项', 'Money moved that belongs to no invoice yet'),
('refund', '应退款项', 'Owed back to buyers'),
('share', '应付分成', 'Shares owed to parties');

-- SHA-256 of what a posting says.
CREATE FUNCTION posting_digest(number bigint, id uuid, debit text, credit text, party_id uuid, amount_minor bigint,
    currency text, cause text, cause_id uuid, posted_at timestamptz) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sha256((number || ' ' || id || ' ' || debit || ' ' || credit || ' ' || COALESCE(party_id::text, '-') || ' '
    || amount_minor || ' ' || currency || ' ' || cause || ' ' || cause_id || ' ' || extract(epoch FROM posted_at))::bytea);

-- Each posting moves an amount from one account to another, so every posting, and with it every sum of postings, balances
-- by what a row is. None is ever changed or deleted: the next posting of the enterprise refers to the number and the digest
-- of the one before, and the digest is made of what it says, so the foreign key refuses a change of any but the newest.
CREATE TABLE ledger_posting (
    enterprise_id uuid NOT NULL REFERENCES party,
    number bigint NOT NULL CONSTRAINT ledger_posting_counts_from_one CHECK (number >= 1),
    id uuid NOT NULL,
    debit text NOT NULL REFERENCES ledger_account,
    credit text NOT NULL REFERENCES ledger_account,
    -- Whose share it is.
    party_id uuid REFERENCES party,
    amount_minor bigint NOT NULL CONSTRAINT ledger_posting_amount_positive CHECK (amount_minor > 0),
    currency text NOT NULL,
    cause text NOT NULL CONSTRAINT ledger_posting_cause_known CHECK
        (cause IN ('invoice', 'credit_note', 'payment', 'match', 'refund', 'share')),
    -- The invoice, credit note or payment.
    cause_id uuid NOT NULL,
    posted_at timestamptz NOT NULL,
    digest bytea NOT NULL GENERATED ALWAYS AS (posting_digest(number, id, debit, credit, party_id, amount_minor, currency,
        cause, cause_id, posted_at)) STORED,
    previous bigint GENERATED ALWAYS AS (CASE WHEN number > 1 THEN number - 1 END) STORED,
    previous_digest bytea,
    PRIMARY KEY (enterprise_id, number),
    CONSTRAINT ledger_posting_target UNIQUE (enterprise_id, number, digest),
    CONSTRAINT ledger_posting_moves CHECK (debit <> credit),
    CONSTRAINT ledger_posting_share_has_party CHECK ((debit = 'share' OR credit = 'share') = (party_id IS NOT NULL)),
    CONSTRAINT ledger_posting_first_has_none_before CHECK ((number = 1) = (previous_digest IS NULL))
);
-- A posting before it has its number.
CREATE TYPE posting_entry AS (enterprise_id uuid, debit text, credit text, party_id uuid, amount_minor bigint, currency text,
    cause text, cause_id uuid);
CREATE INDEX ledger_posting_by_cause ON ledger_posting (enterprise_id, cause_id);

-- What a bank statement of a party says was received, or sent (a negative amount). What is used of it lies in matches.
CREATE TABLE payment (
    receiver_id uuid NOT NULL REFERENCES party,
    id uuid NOT NULL,
    -- SHA-256 of the row, and of how many equal rows stood above it in its file: the same file again says nothing new.
    digest bytea NOT NULL CONSTRAINT payment_digest_length CHECK (octet_length(digest) = 32),
    booked_on date NOT NULL,
    amount_minor bigint NOT NULL CONSTRAINT payment_moves_money CHECK (amount_minor <> 0),
    currency text NOT NULL CONSTRAINT payment_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
    payer text NOT NULL,
    reference text NOT NULL,
    -- How much of it settled invoices, or refunds; of the same sign as the amount.
    matched_minor bigint NOT NULL DEFAULT 0,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (receiver_id, id),
    CONSTRAINT payment_recorded_once UNIQUE (receiver_id, digest),
    CONSTRAINT payment_matched_not_above CHECK
        (CASE WHEN amount_minor > 0 THEN matched_minor BETWEEN 0 AND amount_minor
            ELSE matched_minor BETWEEN amount_minor AND 0 END)
);
CREATE INDEX payment_unmatched ON payment (receiver_id, id) WHERE matched_minor <> amount_minor;

-- What a payment settled: an invoice of an enterprise, or the refund of a credit note.
CREATE TABLE payment_match (
    enterprise_id uuid NOT NULL,
    id uuid NOT NULL,
    receiver_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    credit_note_id uuid,
    amount_minor bigint NOT NULL CONSTRAINT payment_match_positive CHECK (amount_minor > 0),
    -- Who matched it; null: by number and amount.
    party_id uuid REFERENCES party,
    matched_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, id)
);
CREATE INDEX payment_match_by_payment ON payment_match (receiver_id, payment_id);
CREATE INDEX payment_match_by_invoice ON payment_match (enterprise_id, invoice_id);

-- Who gets which part of a product's income without tax, by the day an invoice is settled.
CREATE TABLE revenue_share (
    product_id uuid NOT NULL REFERENCES product,
    valid daterange NOT NULL CONSTRAINT revenue_share_valid_not_empty CHECK (NOT isempty(valid)),
    party_id uuid NOT NULL REFERENCES party,
    role text NOT NULL CONSTRAINT revenue_share_role_known CHECK (role IN ('source', 'operator', 'market')),
    parts integer NOT NULL CONSTRAINT revenue_share_parts_positive CHECK (parts > 0),
    basis text NOT NULL CONSTRAINT revenue_share_has_basis CHECK (btrim(basis) <> ''),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (product_id, valid, party_id),
    CONSTRAINT revenue_share_one_at_a_time EXCLUDE USING gist (product_id WITH =, party_id WITH =, valid WITH &&)
);
