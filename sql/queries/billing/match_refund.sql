-- Settles the refund of a credit note with money that was sent, as far as it goes, with postings in both ledgers.
-- No row: nothing is left of one of them, or the currencies differ. The caller holds both billing locks.
-- $1 enterprise_id, $2 credit note, $3 receiver, $4 payment, $5 id, $6 by whom (null: by number), $7 now
WITH meeting AS MATERIALIZED (
    SELECT note.id, note.invoice_id, invoice.currency, LEAST(note.refund_minor - note.refunded_minor,
        payment.matched_minor - payment.amount_minor) AS amount
    FROM credit_note AS note
    JOIN invoice ON invoice.enterprise_id = note.enterprise_id AND invoice.id = note.invoice_id
    JOIN payment ON payment.receiver_id = $3 AND payment.id = $4 AND payment.currency = invoice.currency
    WHERE note.enterprise_id = $1 AND note.id = $2 AND note.issuer_id = $3 AND note.refunded_minor < note.refund_minor
        AND payment.amount_minor < payment.matched_minor AND payment.amount_minor < 0
), used AS (
    UPDATE payment SET matched_minor = matched_minor - meeting.amount FROM meeting
    WHERE payment.receiver_id = $3 AND payment.id = $4
), matched AS (
    INSERT INTO payment_match (enterprise_id, id, receiver_id, payment_id, invoice_id, credit_note_id, amount_minor, party_id,
        matched_at)
    SELECT $1, $5, $3, $4, invoice_id, id, amount, $6, $7 FROM meeting
), refunded AS (
    UPDATE credit_note SET refunded_minor = refunded_minor + meeting.amount FROM meeting
    WHERE credit_note.enterprise_id = $1 AND credit_note.id = meeting.id
    RETURNING credit_note.refunded_minor
)
SELECT meeting.amount, post_entries(ARRAY[
    ROW($1, 'refund', 'bank', NULL, meeting.amount, meeting.currency, 'refund', $5)::posting_entry,
    ROW($3, 'bank', 'unmatched', NULL, meeting.amount, meeting.currency, 'refund', $5)::posting_entry], $7)
FROM meeting, refunded;
