-- What is invoiced and what is settled, net of tax, by the event that tells of it: an invoice adds what it is over, a credit note
-- takes its part away; what an invoice is over when it is settled counts as settled then, and a credit note after that takes its
-- part away again.
CREATE OR REPLACE VIEW bill_change AS
SELECT told.type, bill.enterprise_id, told.subject_id, bill.purchase_id, bill.currency, told.measure, told.happened_at, told.times,
    told.amount
FROM (
    SELECT 'invoice.issued' AS type, enterprise_id, id AS invoice_id, id AS subject_id, 'invoiced' AS measure,
        issued_at AS happened_at, 1 AS times, net_minor AS amount
    FROM invoice WHERE issued_at IS NOT NULL
    UNION ALL
    SELECT 'creditnote.issued', enterprise_id, invoice_id, id, 'invoiced', issued_at, 0, -net_minor FROM credit_note
    UNION ALL
    -- An invoice over nothing is settled as it is issued.
    SELECT CASE WHEN invoice.settled_at = invoice.issued_at THEN 'invoice.issued' ELSE 'invoice.paid' END,
        invoice.enterprise_id, invoice.id, invoice.id, 'settled', invoice.settled_at, 1,
        invoice.net_minor - (SELECT COALESCE(sum(net_minor), 0) FROM credit_note AS note
            WHERE note.enterprise_id = invoice.enterprise_id AND note.invoice_id = invoice.id
                AND note.issued_at <= invoice.settled_at)
    FROM invoice WHERE settled_at IS NOT NULL AND NOT EXISTS (SELECT FROM credit_note AS note
        WHERE note.enterprise_id = invoice.enterprise_id AND note.invoice_id = invoice.id
            AND note.issued_at = invoice.settled_at)
    UNION ALL
    -- The last of the money was not paid but credited: the note settles the invoice.
    SELECT 'creditnote.issued', note.enterprise_id, note.invoice_id, note.id, 'settled', note.issued_at,
        (note.issued_at = invoice.settled_at)::integer,
        CASE WHEN note.issued_at = invoice.settled_at
            THEN invoice.net_minor - (SELECT sum(net_minor) FROM credit_note AS other
                WHERE other.enterprise_id = invoice.enterprise_id AND other.invoice_id = invoice.id
                    AND other.issued_at <= invoice.settled_at)
            ELSE -note.net_minor END
    FROM credit_note AS note JOIN invoice ON invoice.enterprise_id = note.enterprise_id AND invoice.id = note.invoice_id
    WHERE note.issued_at >= invoice.settled_at
) AS told
JOIN invoice AS bill ON bill.enterprise_id = told.enterprise_id AND bill.id = told.invoice_id;
