-- When a product reached a standing and left it, as it was known then: the sum over what had happened and was known is one or
-- none. A product has one standing at a time, the highest of its purchases'.
CREATE TABLE product_step (
    product_id uuid NOT NULL REFERENCES product,
    standing text NOT NULL,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    -- None where only one of those behind it went.
    change integer NOT NULL CONSTRAINT product_step_changes CHECK (abs(change) <= 2),
    -- Bits of the enterprises whose purchases it is reached by, and of those of them of which one was taken back: drawn as in
    -- adoption_total.
    came bigint NOT NULL,
    went bigint NOT NULL,
    PRIMARY KEY (product_id, standing, happened_at, recorded_at)
);
-- Products by who operates them, without the entries of the directory.
CREATE INDEX responsibility_of_operators ON responsibility (product_id) WHERE role = 'operator' AND product_id IS NOT NULL;
-- What the totals hold of old purchases is not known by product: they are made anew from the purchases.
UPDATE adoption_progress SET position = -1;
