-- Codes of a succession that nothing has: what and code per row. $1 party codes, $2 codes of entries and products
SELECT 'party', code FROM unnest($1::text[]) AS named(code)
WHERE NOT EXISTS (SELECT FROM party WHERE party.code = named.code)
UNION ALL
SELECT 'subject', code FROM unnest($2::text[]) AS named(code)
WHERE NOT EXISTS (SELECT FROM directory_entry WHERE directory_entry.code = named.code)
    AND NOT EXISTS (SELECT FROM product WHERE product.code = named.code);
