-- Whose an invoice is, and who issued it, for those who may see it: its buyer once it is issued, its issuer, or anyone of
-- the administration. No row: no such invoice. A declared statement across enterprises.
-- $1 id, $2 buyer's enterprise_id or null, $3 issuer or null
SELECT enterprise_id, issuer_id, state, purchase_id FROM invoice
WHERE id = $1 AND ($2::uuid IS NULL OR (enterprise_id = $2 AND number IS NOT NULL)) AND ($3::uuid IS NULL OR issuer_id = $3);
