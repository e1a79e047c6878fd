-- Every check of billing that can be recomputed: name, how many were checked, how many are wrong.
SELECT 'invoices are the sums of their lines', count(*), count(*) FILTER (WHERE NOT same)
FROM (SELECT invoice.net_minor = COALESCE(sum(line.net_minor), 0) AND invoice.vat_minor = COALESCE(sum(line.vat_minor), 0) AS same
      FROM invoice LEFT JOIN invoice_line AS line ON line.enterprise_id = invoice.enterprise_id AND line.invoice_id = invoice.id
      GROUP BY invoice.enterprise_id, invoice.id) AS invoices
UNION ALL
SELECT 'invoices hold what was credited and paid', count(*), count(*) FILTER (WHERE NOT same)
FROM (SELECT invoice.credited_minor = noted.gross AND invoice.paid_minor = paid.amount - noted.refund AS same FROM invoice
      CROSS JOIN LATERAL (SELECT COALESCE(sum(note.gross_minor), 0) AS gross, COALESCE(sum(note.refund_minor), 0) AS refund
          FROM credit_note AS note WHERE note.enterprise_id = invoice.enterprise_id AND note.invoice_id = invoice.id) AS noted
      CROSS JOIN LATERAL (SELECT COALESCE(sum(matched.amount_minor), 0) AS amount FROM payment_match AS matched
          WHERE matched.enterprise_id = invoice.enterprise_id AND matched.invoice_id = invoice.id
              AND matched.credit_note_id IS NULL) AS paid) AS invoices
UNION ALL
SELECT 'numbers of invoices and credit notes have no gaps', count(*), count(*) FILTER (WHERE counter.last <> given.number)
FROM issuer_number AS counter
CROSS JOIN LATERAL (SELECT count(*) AS number FROM (
    SELECT invoice.issuer_id FROM invoice WHERE counter.series = 'invoice' AND invoice.issuer_id = counter.issuer_id
        AND invoice.number BETWEEN 1 AND counter.last
    UNION ALL SELECT note.issuer_id FROM credit_note AS note WHERE counter.series = 'credit_note'
        AND note.issuer_id = counter.issuer_id AND note.number BETWEEN 1 AND counter.last) AS numbered) AS given
UNION ALL
SELECT 'usage totals hold at least what was billed', count(*), count(*) FILTER (WHERE NOT enough)
FROM (SELECT sum(usage.events) <= (SELECT COALESCE(sum(total.events), 0) FROM usage_total AS total
          WHERE total.enterprise_id = usage.enterprise_id AND total.entitlement_id = usage.entitlement_id
              AND total.meter = usage.meter) AS enough
      FROM invoice_usage AS usage GROUP BY usage.enterprise_id, usage.entitlement_id, usage.meter) AS totals
UNION ALL
SELECT 'payments hold what was matched', count(*), count(*) FILTER (WHERE abs(payment.matched_minor) <> matched.amount)
FROM payment
CROSS JOIN LATERAL (SELECT COALESCE(sum(matched.amount_minor), 0) AS amount FROM payment_match AS matched
    WHERE matched.receiver_id = payment.receiver_id AND matched.payment_id = payment.id) AS matched
UNION ALL
SELECT 'ledgers are numbered without gaps and balance to zero', count(*), count(*) FILTER (WHERE NOT whole)
FROM (SELECT count(DISTINCT posting.number) = max(posting.number) AND sum(side.sign * posting.amount_minor) = 0 AS whole
      FROM ledger_posting AS posting
      CROSS JOIN LATERAL (VALUES (posting.debit, 1), (posting.credit, -1)) AS side(account, sign)
      GROUP BY posting.enterprise_id) AS ledgers
UNION ALL
SELECT 'ledgers agree with invoices, credit notes and payments', count(*),
    count(*) FILTER (WHERE stated.amount IS DISTINCT FROM posted.amount)
FROM (SELECT enterprise_id, currency, account, sum(amount) AS amount FROM (
        SELECT enterprise_id, currency, 'receivable' AS account, gross_minor - credited_minor - paid_minor AS amount
        FROM invoice WHERE number IS NOT NULL
        UNION ALL SELECT enterprise_id, currency, 'vat', -vat_minor FROM invoice WHERE number IS NOT NULL
        UNION ALL SELECT note.enterprise_id, invoice.currency, 'vat', note.vat_minor
        FROM credit_note AS note JOIN invoice ON invoice.enterprise_id = note.enterprise_id AND invoice.id = note.invoice_id
        UNION ALL SELECT note.enterprise_id, invoice.currency, 'refund', note.refunded_minor - note.refund_minor
        FROM credit_note AS note JOIN invoice ON invoice.enterprise_id = note.enterprise_id AND invoice.id = note.invoice_id
        UNION ALL SELECT receiver_id, currency, 'unmatched', matched_minor - amount_minor FROM payment
      ) AS amounts GROUP BY enterprise_id, currency, account HAVING sum(amount) <> 0) AS stated
FULL JOIN (SELECT posting.enterprise_id, posting.currency, side.account, sum(side.sign * posting.amount_minor) AS amount
      FROM ledger_posting AS posting
      CROSS JOIN LATERAL (VALUES (posting.debit, 1), (posting.credit, -1)) AS side(account, sign)
      WHERE side.account IN ('receivable', 'vat', 'refund', 'unmatched')
      GROUP BY posting.enterprise_id, posting.currency, side.account HAVING sum(side.sign * posting.amount_minor) <> 0)
    AS posted USING (enterprise_id, currency, account);
