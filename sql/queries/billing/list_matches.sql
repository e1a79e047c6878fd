-- What payments of a receiver of which something is left are for, by the numbers in their references: payment, enterprise, invoice, credit note.
-- Money received is for an invoice, money sent is for the refund of a credit note. In the order of the payments and of the
-- numbers in each reference. $1 receiver
SELECT payment.id, COALESCE(invoice.enterprise_id, note.enterprise_id) AS enterprise_id, COALESCE(invoice.id, note.invoice_id),
    note.id
FROM payment
CROSS JOIN LATERAL regexp_matches(upper(payment.reference), '\m(INV|CN)-?([0-9]{1,18})\M', 'g') WITH ORDINALITY
    AS named(parts, place)
LEFT JOIN invoice ON named.parts[1] = 'INV' AND payment.amount_minor > 0 AND invoice.issuer_id = $1
    AND invoice.number = named.parts[2]::bigint
LEFT JOIN credit_note AS note ON named.parts[1] = 'CN' AND payment.amount_minor < 0 AND note.issuer_id = $1
    AND note.number = named.parts[2]::bigint
WHERE payment.receiver_id = $1 AND payment.matched_minor <> payment.amount_minor
    AND num_nonnulls(invoice.id, note.id) = 1
ORDER BY payment.booked_on, payment.id, named.place;
