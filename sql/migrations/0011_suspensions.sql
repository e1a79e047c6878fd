-- Why a listing stands still. While a suspension is open, nobody can buy the product; what was bought before is not
-- touched by it.
CREATE TABLE product_suspension (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES product,
    cause text NOT NULL CONSTRAINT product_suspension_cause_known CHECK
        (cause IN ('upstream', 'credential', 'condition', 'responsibility', 'officer')),
    reason_zh text NOT NULL,
    reason_en text NOT NULL,
    -- The directory entry whose change caused it, when one did.
    entry_id uuid REFERENCES directory_entry,
    suspended_at timestamptz NOT NULL,
    -- Who did it; null when the market itself did.
    suspended_by uuid REFERENCES party,
    lifted_at timestamptz,
    lifted_by uuid REFERENCES party,
    CONSTRAINT product_suspension_lifted_later CHECK (lifted_at >= suspended_at)
);
CREATE UNIQUE INDEX product_suspension_one_open_per_cause ON product_suspension
    (product_id, cause, COALESCE(entry_id, product_id)) WHERE lifted_at IS NULL;
