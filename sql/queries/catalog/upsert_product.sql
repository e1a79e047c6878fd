-- Drafts a product, or corrects its texts; answers its id. $1 id, $2 code, $3 title zh, $4 title en,
-- $5 description zh, $6 description en, $7 kind, $8 use class, $9 assessment or null, $10 operator
-- No row: the code is another operator's.
INSERT INTO product (id, code, title_zh, title_en, description_zh, description_en, kind, use_class, assessment)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (code) DO UPDATE SET title_zh = excluded.title_zh, title_en = excluded.title_en,
    description_zh = excluded.description_zh, description_en = excluded.description_en,
    assessment = COALESCE(excluded.assessment, product.assessment)
    WHERE EXISTS (SELECT FROM responsibility WHERE responsibility.subject_id = product.id
        AND responsibility.role = 'operator' AND responsibility.party_id = $10
        AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded))
RETURNING id;
