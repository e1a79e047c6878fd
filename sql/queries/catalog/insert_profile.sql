-- Keeps the profile of a revision, unless one by the same or later rules is there. $1 product, $2 number, $3 rules,
-- $4 profile as JSON, or null for what cannot be read as a table, $5 now
INSERT INTO product_revision_profile (product_id, number, rules, document, profiled_at)
VALUES ($1, $2, $3, $4::jsonb, $5)
ON CONFLICT (product_id, number) DO UPDATE
    SET rules = excluded.rules, document = excluded.document, profiled_at = excluded.profiled_at
    WHERE product_revision_profile.rules < excluded.rules;
