-- An invoice as JSON with its lines, the usage behind each, the totals by rate of tax, credit notes and payments.
-- $1 enterprise_id, $2 invoice
SELECT (invoice_document(invoice.*) || jsonb_build_object(
    'vat_totals', COALESCE((SELECT jsonb_agg(jsonb_build_object('vat_rate', vat_rate, 'net_minor', net, 'vat_minor', vat)
            ORDER BY vat_rate)
        FROM (SELECT vat_rate, sum(net_minor) AS net, sum(vat_minor) AS vat FROM invoice_line AS line
              WHERE line.enterprise_id = invoice.enterprise_id AND line.invoice_id = invoice.id GROUP BY vat_rate) AS rates),
        '[]'),
    'lines', COALESCE((SELECT jsonb_agg(jsonb_build_object('number', line.number, 'kind', line.kind, 'period', line.period,
            'meter', line.meter, 'unit', meter.unit, 'title_zh', line.title_zh, 'title_en', line.title_en,
            'quantity', line.quantity, 'unit_price_minor', line.unit_price, 'net_minor', line.net_minor,
            'vat_rate', line.vat_rate, 'vat_minor', line.vat_minor, 'gross_minor', line.gross_minor,
            'rating_version', line.rating_version, 'usage', COALESCE((
                SELECT jsonb_agg(jsonb_build_object('meter', usage.meter, 'period', usage.period, 'events', usage.events,
                    'quantity', usage.quantity,
                    'first', jsonb_build_object('occurred_at', usage.first_at, 'id', usage.first_id),
                    'last', jsonb_build_object('occurred_at', usage.last_at, 'id', usage.last_id),
                    'recorded_since', lower(usage.recorded), 'recorded_before', upper(usage.recorded),
                    'sha256', encode(usage.digest, 'hex')) ORDER BY usage.meter)
                FROM invoice_usage AS usage
                WHERE usage.enterprise_id = line.enterprise_id AND usage.invoice_id = line.invoice_id
                    AND usage.period = line.period AND (usage.meter = line.meter OR line.kind = 'late')), '[]'))
            ORDER BY line.number)
        FROM invoice_line AS line LEFT JOIN meter ON meter.code = line.meter
        WHERE line.enterprise_id = invoice.enterprise_id AND line.invoice_id = invoice.id), '[]'),
    'credit_notes', COALESCE((SELECT jsonb_agg(jsonb_build_object('id', note.id,
            'number', billing_code('credit_note', note.number), 'line', note.line, 'net_minor', note.net_minor,
            'vat_minor', note.vat_minor, 'gross_minor', note.gross_minor, 'refund_minor', note.refund_minor,
            'refunded_minor', note.refunded_minor, 'reason', note.reason, 'issued_at', note.issued_at) ORDER BY note.number)
        FROM credit_note AS note WHERE note.enterprise_id = invoice.enterprise_id AND note.invoice_id = invoice.id), '[]'),
    'payments', COALESCE((SELECT jsonb_agg(jsonb_build_object('booked_on', payment.booked_on,
            'amount_minor', CASE WHEN matched.credit_note_id IS NULL THEN matched.amount_minor ELSE -matched.amount_minor END,
            'payer', payment.payer, 'reference', payment.reference, 'matched_at', matched.matched_at) ORDER BY matched.id)
        FROM payment_match AS matched
        JOIN payment ON payment.receiver_id = matched.receiver_id AND payment.id = matched.payment_id
        WHERE matched.enterprise_id = invoice.enterprise_id AND matched.invoice_id = invoice.id), '[]')))::text
FROM invoice WHERE invoice.enterprise_id = $1 AND invoice.id = $2;
