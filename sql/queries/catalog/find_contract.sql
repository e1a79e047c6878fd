-- What a revision of a listed product promises, as JSON: the revision, the product's texts, its state, its seller, its offers'
-- prices and who answers; no row: no such revision of one. $1 product code, $2 number, or null for the newest
SELECT (shown.document || jsonb_build_object('product', product.code, 'title_zh', product.title_zh,
    'title_en', product.title_en, 'description_zh', product.description_zh, 'description_en', product.description_en,
    'operator', (SELECT party.name FROM responsibility AS held JOIN party ON party.id = held.party_id
        WHERE held.subject_id = product.id AND held.role = 'operator' AND upper_inf(held.valid) AND upper_inf(held.recorded)
        LIMIT 1),
    'personal', to_jsonb(personal_columns(product.id, shown.number))))::text
FROM product JOIN revision_document AS shown ON shown.product_id = product.id
WHERE product.code = $1 AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL AND shown.number = COALESCE($2,
    (SELECT max(number) FROM product_revision WHERE product_revision.product_id = product.id));
