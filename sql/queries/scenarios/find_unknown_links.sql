-- Codes in a document that no product or directory entry has: field and code per row.
-- $1 product codes, $2 entry codes
SELECT 'products' AS field, code FROM unnest($1::text[]) AS named(code)
WHERE NOT EXISTS (SELECT FROM product WHERE product.code = named.code)
UNION ALL
SELECT 'directory_entries', code FROM unnest($2::text[]) AS named(code)
WHERE NOT EXISTS (SELECT FROM directory_entry WHERE directory_entry.code = named.code);
