-- By which rules a product's income is shared, as JSON; no row: unknown product. $1 product code
SELECT json_build_object('items', COALESCE((SELECT json_agg(json_build_object('party', party.code, 'name', party.name,
        'role', share.role, 'parts', share.parts, 'since', lower(share.valid), 'before', upper(share.valid),
        'basis', share.basis) ORDER BY lower(share.valid) DESC, share.role, party.code)
    FROM revenue_share AS share JOIN party ON party.id = share.party_id WHERE share.product_id = product.id), '[]'::json),
    'next', NULL)::text
FROM product WHERE product.code = $1;
