-- Invoices, newest first: key (the id, which grows with time) and JSON per row. A declared statement across enterprises for
-- the issuer and the administration; of a buyer it lists what was issued.
-- $1 enterprise_id or null, $2 issuer or null, $3 state or null, $4 id to start below or null, $5 limit
SELECT invoice.id::text, invoice_document(invoice.*)::text
FROM invoice
WHERE ($1::uuid IS NULL OR (enterprise_id = $1 AND number IS NOT NULL)) AND ($2::uuid IS NULL OR issuer_id = $2)
    AND ($3::text IS NULL OR state = $3) AND ($4::uuid IS NULL OR id < $4)
ORDER BY id DESC LIMIT $5;
