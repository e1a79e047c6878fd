-- Lists a product, or corrects its texts; answers its id. $1 id, $2 code, $3 title zh, $4 title en,
-- $5 description zh, $6 description en, $7 kind, $8 use class, $9 now
INSERT INTO product (id, code, title_zh, title_en, description_zh, description_en, kind, use_class, listed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (code) DO UPDATE SET title_zh = excluded.title_zh, title_en = excluded.title_en,
    description_zh = excluded.description_zh, description_en = excluded.description_en
RETURNING id;
