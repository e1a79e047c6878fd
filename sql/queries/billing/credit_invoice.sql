-- Gives back of an issued invoice: the whole rest, of a line or of the invoice, or a gross amount; never more than is left.
-- What had been paid of it becomes a refund; an unpaid invoice that is wholly given back is void. The credit note, its
-- number, the postings, shares given back, the event and the notices to both parties land together.
-- No row: nothing is left, or less than the amount, or the invoice is not issued. One row: the credit note's id, what goes
-- back to the buyer, and whether the purchase has been wholly given back. The caller holds the enterprise's billing lock.
-- $1 enterprise_id, $2 invoice, $3 line or null, $4 gross amount or null, $5 id, $6 by whom, $7 reason, $8 now, $9 key, $10 digest
WITH rest AS (
    SELECT invoice.id, invoice.state, invoice.issuer_id, invoice.purchase_id, invoice.currency, invoice.gross_minor - invoice.credited_minor AS gross,
        invoice.gross_minor - invoice.credited_minor - invoice.paid_minor AS open,
        invoice.vat_minor - COALESCE(sum(note.vat_minor), 0) AS vat, invoice.net_minor - COALESCE(sum(note.net_minor), 0) AS net,
        line.gross_minor - COALESCE(sum(note.gross_minor) FILTER (WHERE note.line = line.number), 0) AS line_gross,
        line.vat_minor - COALESCE(sum(note.vat_minor) FILTER (WHERE note.line = line.number), 0) AS line_vat
    FROM invoice
    LEFT JOIN credit_note AS note ON note.enterprise_id = invoice.enterprise_id AND note.invoice_id = invoice.id
    LEFT JOIN invoice_line AS line ON line.enterprise_id = invoice.enterprise_id AND line.invoice_id = invoice.id
        AND line.number = $3
    WHERE invoice.enterprise_id = $1 AND invoice.id = $2 AND invoice.state IN ('issued', 'paid')
        AND ($3::integer IS NULL OR line.number IS NOT NULL)
    GROUP BY invoice.enterprise_id, invoice.id, line.number, line.gross_minor, line.vat_minor
), asked AS (
    SELECT rest.*, COALESCE($4::bigint, LEAST(gross, COALESCE(line_gross, gross))::bigint) AS amount,
        LEAST(gross, COALESCE(line_gross, gross)) AS most, COALESCE(line_gross, gross) AS whole,
        LEAST(vat, COALESCE(line_vat, vat)) AS whole_vat
    FROM rest
), given AS MATERIALIZED (
    SELECT asked.*, CASE WHEN state = 'paid' THEN 'paid' WHEN amount = gross THEN 'void' WHEN amount >= open THEN 'paid'
            ELSE 'issued' END AS becomes, split.vat AS vat_given, amount - split.vat AS net_given, GREATEST(0, amount - open)::bigint AS refund
    FROM asked
    CROSS JOIN LATERAL (SELECT LEAST(whole_vat, GREATEST(amount - net, CASE WHEN amount = whole THEN whole_vat
        ELSE round(amount * whole_vat::numeric / whole) END))::bigint AS vat) AS split
    WHERE amount BETWEEN 1 AND most
), counter AS (
    INSERT INTO issuer_number AS counter (issuer_id, series, last) SELECT issuer_id, 'credit_note', 1 FROM given
    ON CONFLICT (issuer_id, series) DO UPDATE SET last = counter.last + 1
    RETURNING last
), noted AS (
    INSERT INTO credit_note (enterprise_id, id, invoice_id, issuer_id, number, line, net_minor, vat_minor, refund_minor,
        party_id, reason, issued_at, key, command_digest)
    SELECT $1, $5, given.id, given.issuer_id, counter.last, $3, given.net_given, given.vat_given, given.refund, $6, $7, $8, $9, $10
    FROM given, counter
    RETURNING number, net_minor, vat_minor, gross_minor
), credited AS (
    UPDATE invoice SET credited_minor = invoice.credited_minor + given.amount, paid_minor = invoice.paid_minor - given.refund,
        state = given.becomes,
        settled_at = COALESCE(invoice.settled_at, CASE WHEN given.becomes = 'paid' THEN $8 END),
        voided_at = CASE WHEN given.becomes = 'void' THEN $8 END, void_reason = CASE WHEN given.becomes = 'void' THEN $7 END
    FROM given WHERE invoice.enterprise_id = $1 AND invoice.id = given.id
    RETURNING invoice.number, invoice.state, invoice.settled_at
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
    SELECT $1, uuid_of_time($8), 'creditnote.issued', given.purchase_id, $5, jsonb_build_object('number',
        billing_code('credit_note', noted.number), 'invoice', billing_code('invoice', credited.number), 'line', $3,
        'net_minor', noted.net_minor, 'vat_minor', noted.vat_minor, 'refund_minor', given.refund,
        'currency', given.currency, 'reason', $7::text), $8
    FROM given, noted, credited
), noticed AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT uuid_of_time($8), side.party_id, 'creditnote.issued', '/bills/' || given.id,
        '账单 ' || billing_code('invoice', credited.number) || ' 已开具贷项 ' || billing_code('credit_note', noted.number),
        'Credit note ' || billing_code('credit_note', noted.number) || ' of invoice '
            || billing_code('invoice', credited.number), $8
    FROM given, noted, credited, LATERAL (VALUES ($1::uuid), (given.issuer_id)) AS side(party_id)
), posted AS (
    SELECT post_entries(array_agg(ROW($1, entry.debit, entry.credit, entry.party_id, entry.amount_minor, entry.currency,
        entry.cause, entry.cause_id)::posting_entry ORDER BY entry.cause, entry.debit, entry.party_id), $8) AS postings
    FROM given, noted, credited, LATERAL (
        VALUES ('income', 'receivable', NULL::uuid, noted.net_minor, given.currency, 'credit_note', $5::uuid),
            ('vat', 'receivable', NULL, noted.vat_minor, given.currency, 'credit_note', $5),
            ('receivable', 'refund', NULL, given.refund, given.currency, 'credit_note', $5)
        UNION ALL
        SELECT share.debit, share.credit, share.party_id, share.amount_minor, share.currency, share.cause, share.cause_id
        FROM purchase, LATERAL share_entries($1, given.id, purchase.product_id, legal_day(credited.settled_at),
            (given.net - noted.net_minor)::bigint, given.currency) AS share
        WHERE purchase.enterprise_id = $1 AND purchase.id = given.purchase_id AND credited.state = 'paid'
    ) AS entry(debit, credit, party_id, amount_minor, currency, cause, cause_id)
)
SELECT $5::uuid, given.refund, given.amount = given.gross AND NOT EXISTS (
    SELECT FROM invoice AS other WHERE other.enterprise_id = $1 AND other.purchase_id = given.purchase_id
        AND other.id <> given.id AND other.state IN ('issued', 'paid') AND other.credited_minor < other.gross_minor),
    posted.postings
FROM given, posted;
