-- Issues drafts of enterprises: each gets its issuer's next number, both parties as they are now and the day it is due; it
-- is posted, told in the market's events and to both parties. One row: how many were issued. An invoice of nothing is paid
-- at once. The caller holds the enterprises' billing locks.
-- $1 enterprise_ids, $2 now, $3 one invoice, or null for those drafted at this moment: older ones were left to be looked at
WITH chosen AS MATERIALIZED (
    SELECT enterprise_id, id, issuer_id, purchase_id,
        row_number() OVER (PARTITION BY issuer_id ORDER BY enterprise_id, purchase_id, period) AS place
    FROM invoice WHERE enterprise_id = ANY($1::uuid[]) AND state = 'draft'
        AND (id = $3::uuid OR $3 IS NULL AND drafted_at = $2)
), counter AS (
    INSERT INTO issuer_number AS counter (issuer_id, series, last)
    SELECT issuer_id, 'invoice', count(*) FROM chosen GROUP BY issuer_id ORDER BY issuer_id
    ON CONFLICT (issuer_id, series) DO UPDATE SET last = counter.last + excluded.last
    RETURNING issuer_id, last
), issued AS (
    UPDATE invoice SET state = CASE WHEN gross_minor = 0 THEN 'paid' ELSE 'issued' END, issued_at = $2,
        settled_at = CASE WHEN gross_minor = 0 THEN $2 END, due_on = due.day, buyer = billing_party(buyer.*),
        seller = billing_party(seller.*),
        number = counter.last - (SELECT count(*) FROM chosen AS same WHERE same.issuer_id = chosen.issuer_id) + chosen.place
    FROM chosen
    JOIN counter USING (issuer_id)
    JOIN party AS buyer ON buyer.id = chosen.enterprise_id
    JOIN party AS seller ON seller.id = chosen.issuer_id
    CROSS JOIN (SELECT due_on('payment_term', $2) AS day) AS due
    WHERE invoice.enterprise_id = chosen.enterprise_id AND invoice.id = chosen.id
    RETURNING invoice.enterprise_id, invoice.id, invoice.purchase_id, invoice.issuer_id, invoice.number, invoice.currency,
        invoice.net_minor, invoice.vat_minor, invoice.gross_minor, invoice.due_on, invoice.period
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
    SELECT enterprise_id, uuid_of_time($2), 'invoice.issued', purchase_id, id, jsonb_build_object('number', billing_code('invoice', number),
        'period', period, 'net_minor', net_minor, 'vat_minor', vat_minor, 'gross_minor', gross_minor, 'currency', currency, 'due_on', due_on,
        'lines_sha256', invoice_digest(enterprise_id, id)), $2
    FROM issued
), noticed AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT uuid_of_time($2), party_id, 'invoice.issued', address, message_zh, message_en, $2 FROM (
        SELECT enterprise_id AS party_id, '/bills/' || id AS address, '新账单 ' || billing_code('invoice', number) || '，应付日 ' || due_on AS message_zh,
            'New invoice ' || billing_code('invoice', number) || ', due on ' || due_on AS message_en FROM issued
        UNION ALL
        SELECT issuer_id, '/income', '开出账单 ' || count(*) || ' 张：' || billing_code('invoice', min(number)) || ' – '
                || billing_code('invoice', max(number)),
            'Invoices issued: ' || count(*) || ', ' || billing_code('invoice', min(number)) || ' – '
                || billing_code('invoice', max(number))
        FROM issued GROUP BY issuer_id) AS said
)
SELECT count(*) / 2, post_entries(array_agg(ROW(entry.enterprise_id, 'receivable', entry.account, NULL, entry.amount,
    entry.currency, 'invoice', entry.id)::posting_entry ORDER BY entry.id, entry.account), $2)
FROM (SELECT enterprise_id, id, currency, 'income' AS account, net_minor AS amount FROM issued
      UNION ALL SELECT enterprise_id, id, currency, 'vat', vat_minor FROM issued) AS entry;
