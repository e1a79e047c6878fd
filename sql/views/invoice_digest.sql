-- SHA-256 over what an invoice says of its lines and of the usage behind them, as hexadecimal: a line each of
-- number,kind,period,meter,quantity,unit_price,net_minor,vat_minor in their order, then one each of
-- period,meter,events,quantity,sha256 by period and meter; what is absent is empty, and each ends with a line feed.
CREATE OR REPLACE FUNCTION invoice_digest(enterprise uuid, invoice uuid) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to(COALESCE((
        SELECT string_agg(concat_ws(',', number, kind, period, COALESCE(meter, ''), COALESCE(trim_scale(quantity)::text, ''),
            COALESCE(trim_scale(unit_price)::text, ''), net_minor, vat_minor) || E'\n', '' ORDER BY number)
        FROM invoice_line WHERE invoice_line.enterprise_id = enterprise AND invoice_line.invoice_id = invoice), '')
        || COALESCE((
        SELECT string_agg(concat_ws(',', period, meter, events, trim_scale(quantity), encode(digest, 'hex')) || E'\n', ''
            ORDER BY period, meter COLLATE "C")
        FROM invoice_usage WHERE invoice_usage.enterprise_id = enterprise AND invoice_usage.invoice_id = invoice), ''),
        'UTF8')), 'hex')
$$;
