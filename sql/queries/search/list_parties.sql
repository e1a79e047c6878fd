-- The parties of a facet's values, as other documents quote them: code and JSON per row. $1 codes
SELECT party.code, (SELECT document FROM party_summary WHERE party_summary.id = party.id)::text
FROM party WHERE party.code = ANY($1::text[]);
