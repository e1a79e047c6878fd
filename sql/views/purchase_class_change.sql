-- The changes of purchases in the class of each dimension, by the days that totals are kept for; '' is the whole, and the class
-- of those for which none is known.
CREATE OR REPLACE VIEW purchase_class_change AS
SELECT change.enterprise_id, change.purchase_id, change.number, of.dimension, COALESCE(of.class, '') AS class, change.standing,
    change.currency, legal_day(change.happened_at) AS happened_on, legal_day(change.recorded_at) AS recorded_on,
    change.purchases, change.contracted_minor, 1::bigint << (uuid_hash_extended(change.enterprise_id, 0) & 63)::integer AS mark
FROM purchase_change AS change
CROSS JOIN LATERAL (VALUES ('', NULL), ('section', industry_section), ('province', province),
    ('enterprise_kind', enterprise_kind), ('product_kind', product_kind), ('use_class', use_class),
    ('seller_province', seller_province)) AS of (dimension, class);
