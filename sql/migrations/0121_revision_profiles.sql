-- What the table of a revision holds, column by column; made with the revision, and for older ones by the server.
CREATE TABLE product_revision_profile (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    -- The rules it was made by; one of older rules is made anew.
    rules integer NOT NULL CONSTRAINT product_revision_profile_rules_count_from_one CHECK (rules >= 1),
    -- Null: the content says that it is a table and cannot be read as one.
    document jsonb,
    profiled_at timestamptz NOT NULL,
    PRIMARY KEY (product_id, number),
    FOREIGN KEY (product_id, number) REFERENCES product_revision
);
