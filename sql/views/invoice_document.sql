-- An invoice as JSON, without its lines: what every list and page shows. Parties of a draft are as they are now.
CREATE OR REPLACE FUNCTION invoice_document(invoice invoice) RETURNS jsonb LANGUAGE sql STABLE
RETURN jsonb_build_object('id', invoice.id, 'number', billing_code('invoice', invoice.number), 'state', invoice.state,
    'purchase', invoice.purchase_id, 'period', invoice.period,
    'product', (SELECT jsonb_build_object('code', product.code, 'title_zh', product.title_zh, 'title_en', product.title_en)
        FROM purchase JOIN product ON product.id = purchase.product_id
        WHERE purchase.enterprise_id = invoice.enterprise_id AND purchase.id = invoice.purchase_id),
    'days', (SELECT jsonb_build_object('since', lower(period.days), 'before', upper(period.days), 'kind', period.kind,
            'closed_at', period.closed_at)
        FROM billing_period AS period WHERE period.enterprise_id = invoice.enterprise_id
            AND period.purchase_id = invoice.purchase_id AND period.number = invoice.period),
    'buyer', COALESCE(invoice.buyer, (SELECT billing_party(party.*) FROM party WHERE party.id = invoice.enterprise_id)),
    'seller', COALESCE(invoice.seller, (SELECT billing_party(party.*) FROM party WHERE party.id = invoice.issuer_id)),
    'currency', invoice.currency, 'net_minor', invoice.net_minor, 'vat_minor', invoice.vat_minor,
    'gross_minor', invoice.gross_minor, 'credited_minor', invoice.credited_minor, 'paid_minor', invoice.paid_minor,
    'open_minor', CASE WHEN invoice.state IN ('issued', 'paid')
        THEN invoice.gross_minor - invoice.credited_minor - invoice.paid_minor ELSE 0 END,
    'drafted_at', invoice.drafted_at, 'issued_at', invoice.issued_at, 'due_on', invoice.due_on,
    'settled_at', invoice.settled_at, 'voided_at', invoice.voided_at, 'void_reason', invoice.void_reason);
