-- What an issuer invoiced, gave back, received, and is still owed, by currency, as JSON. A declared statement across
-- enterprises (each row has its enterprise_id). $1 issuer, $2 today
SELECT json_build_object('currencies', COALESCE(json_agg(json_build_object('currency', currency, 'invoices', invoices,
    'net_minor', net, 'vat_minor', vat, 'credited_minor', credited, 'paid_minor', paid, 'open_minor', open,
    'overdue_minor', overdue) ORDER BY currency), '[]'::json))::text
FROM (SELECT currency, count(*) AS invoices, sum(net_minor) AS net, sum(vat_minor) AS vat, sum(credited_minor) AS credited,
        sum(paid_minor) AS paid, sum(gross_minor - credited_minor - paid_minor) AS open,
        COALESCE(sum(gross_minor - credited_minor - paid_minor) FILTER (WHERE due_on < $2::date), 0) AS overdue
      FROM invoice WHERE issuer_id = $1 AND number IS NOT NULL GROUP BY currency) AS sums;
