-- The invoice or credit note of an issuer with a printed number: enterprise, invoice, credit note. A declared statement
-- across enterprises, answered with their enterprise_id. $1 issuer, $2 series, $3 number
SELECT enterprise_id, id, NULL::uuid FROM invoice WHERE $2 = 'invoice' AND issuer_id = $1 AND number = $3
UNION ALL
SELECT enterprise_id, invoice_id, id FROM credit_note WHERE $2 = 'credit_note' AND issuer_id = $1 AND number = $3;
