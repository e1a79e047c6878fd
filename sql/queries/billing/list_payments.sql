-- Payments of a receiver, newest first: key and JSON per row. A declared statement across enterprises for the matches.
-- $1 receiver or null for every one, $2 state or null, $3 id to start below or null, $4 limit
SELECT payment.id::text, json_build_object('id', payment.id, 'receiver', receiver.code, 'booked_on', payment.booked_on,
    'amount_minor', payment.amount_minor, 'currency', payment.currency, 'payer', payment.payer,
    'reference', payment.reference, 'state', standing.state, 'matched_minor', payment.matched_minor,
    'open_minor', payment.amount_minor - payment.matched_minor,
    'matches', COALESCE((SELECT json_agg(json_build_object('invoice', matched.invoice_id,
            'number', billing_code('invoice', invoice.number), 'credit_note', matched.credit_note_id,
            'amount_minor', matched.amount_minor, 'matched_at', matched.matched_at) ORDER BY matched.id)
        FROM payment_match AS matched
        JOIN invoice ON invoice.enterprise_id = matched.enterprise_id AND invoice.id = matched.invoice_id
        WHERE matched.receiver_id = payment.receiver_id AND matched.payment_id = payment.id), '[]'::json))::text
FROM payment
JOIN party AS receiver ON receiver.id = payment.receiver_id
CROSS JOIN LATERAL (SELECT CASE WHEN payment.matched_minor = 0 THEN 'unmatched'
    WHEN payment.matched_minor = payment.amount_minor THEN 'matched' ELSE 'over' END AS state) AS standing
WHERE ($1::uuid IS NULL OR payment.receiver_id = $1) AND ($2::text IS NULL OR standing.state = $2)
    AND ($3::uuid IS NULL OR payment.id < $3)
ORDER BY payment.id DESC LIMIT $4;
