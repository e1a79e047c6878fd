-- Settles an invoice with what is left of a payment, as far as it goes: amounts, postings in both ledgers and, when nothing
-- is left to pay, state, shares, event and notices. No row: nothing is left of one of them, or the currencies differ.
-- The caller holds the billing locks of receiver and enterprise.
-- $1 enterprise_id, $2 invoice, $3 receiver, $4 payment, $5 id, $6 by whom (null: by number), $7 now
WITH meeting AS MATERIALIZED (
    SELECT invoice.id, invoice.purchase_id, invoice.currency, invoice.number, invoice.net_minor,
        invoice.gross_minor - invoice.credited_minor - invoice.paid_minor AS open,
        LEAST(invoice.gross_minor - invoice.credited_minor - invoice.paid_minor,
            payment.amount_minor - payment.matched_minor) AS amount
    FROM invoice JOIN payment ON payment.receiver_id = $3 AND payment.id = $4 AND payment.currency = invoice.currency
    WHERE invoice.enterprise_id = $1 AND invoice.id = $2 AND invoice.issuer_id = $3 AND invoice.state = 'issued'
        AND payment.amount_minor > payment.matched_minor AND payment.amount_minor > 0
), used AS (
    UPDATE payment SET matched_minor = matched_minor + meeting.amount FROM meeting
    WHERE payment.receiver_id = $3 AND payment.id = $4
), matched AS (
    INSERT INTO payment_match (enterprise_id, id, receiver_id, payment_id, invoice_id, amount_minor, party_id, matched_at)
    SELECT $1, $5, $3, $4, id, amount, $6, $7 FROM meeting
), settled AS (
    UPDATE invoice SET paid_minor = paid_minor + meeting.amount,
        state = CASE WHEN meeting.amount = meeting.open THEN 'paid' ELSE 'issued' END,
        settled_at = CASE WHEN meeting.amount = meeting.open THEN $7 END
    FROM meeting WHERE invoice.enterprise_id = $1 AND invoice.id = meeting.id
    RETURNING invoice.state
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
    SELECT $1, uuid_of_time($7), 'invoice.paid', meeting.purchase_id, meeting.id,
        jsonb_build_object('number', billing_code('invoice', meeting.number)), $7
    FROM meeting, settled WHERE settled.state = 'paid'
), noticed AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT uuid_of_time($7), side.party_id, 'invoice.paid', '/bills/' || meeting.id,
        '账单 ' || billing_code('invoice', meeting.number) || ' 已付清',
        'Invoice ' || billing_code('invoice', meeting.number) || ' is paid', $7
    FROM meeting, settled, LATERAL (VALUES ($1::uuid), ($3)) AS side(party_id) WHERE settled.state = 'paid'
)
SELECT meeting.amount, settled.state, post_entries(array_agg(entry.posting ORDER BY entry.place), $7)
FROM meeting, settled, LATERAL (
    VALUES (1, ROW($1, 'bank', 'receivable', NULL, meeting.amount, meeting.currency, 'match', $5)::posting_entry),
        (2, ROW($3, 'unmatched', 'bank', NULL, meeting.amount, meeting.currency, 'match', $5)::posting_entry)
    UNION ALL
    SELECT 3, share FROM purchase, LATERAL share_entries($1, meeting.id, purchase.product_id, legal_day($7),
        (meeting.net_minor - COALESCE((SELECT sum(note.net_minor) FROM credit_note AS note
            WHERE note.enterprise_id = $1 AND note.invoice_id = meeting.id), 0))::bigint, meeting.currency) AS share
    WHERE purchase.enterprise_id = $1 AND purchase.id = meeting.purchase_id AND settled.state = 'paid'
) AS entry(place, posting)
GROUP BY meeting.amount, settled.state;
