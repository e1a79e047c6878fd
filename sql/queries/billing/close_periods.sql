-- Closes every due period of the purchases of enterprises, and makes a draft of an invoice of each that costs something or
-- counts usage. One row: how many periods were closed, how many drafts made, how many usage events counted.
-- A period is due when its last day has passed before $4 (of the last one, the day of the end too; a price paid once is due
-- when it begins). It counts what was recorded before $3; usage of closed days that was recorded since goes to the first
-- period closed now, or, once all are closed, to a correction, as the difference that it makes to its own period's price,
-- never below zero. Rows carry what they need from step to step, so the time grows with their number and no faster.
-- The caller holds the enterprises' billing locks.
-- $1 enterprise_ids, $2 now, $3 counted before, $4 the first day that has not passed
WITH bought AS MATERIALIZED (
    SELECT purchase.enterprise_id, purchase.id AS purchase_id, entitlement.id AS entitlement_id, purchase.offer_id,
        purchase.product_id, purchase.currency, offer.billing_period, offer.trial_days, offer.vat_rate,
        legal_day(lower(entitlement.valid)) AS first_day,
        LEAST(legal_day(upper(entitlement.valid)), legal_day(purchase.ended_at) + 1) AS until,
        newest.number AS last_number, newest.days AS last_days, newest.share AS last_share, newest.counted_before,
        COALESCE(newest.is_last, false) AS finished
    FROM purchase
    JOIN offer ON offer.id = purchase.offer_id AND offer.kind <> 'free'
    JOIN entitlement ON entitlement.enterprise_id = purchase.enterprise_id AND entitlement.purchase_id = purchase.id
    LEFT JOIN LATERAL (
        SELECT period.number, period.days, period.share, period.is_last, period.counted_before FROM billing_period AS period
        WHERE period.enterprise_id = purchase.enterprise_id AND period.purchase_id = purchase.id
        ORDER BY period.number DESC LIMIT 1) AS newest ON true
    WHERE purchase.enterprise_id = ANY($1::uuid[]) AND purchase.accepted_at IS NOT NULL
        AND purchase.ended_as IS DISTINCT FROM 'refunded'
        AND (purchase.ended_at IS NULL OR purchase.ended_at > lower(entitlement.valid))
), owing AS MATERIALIZED (
    SELECT bought.*, due.first_number FROM bought
    LEFT JOIN LATERAL (
        SELECT min(period.number) AS first_number
        FROM billing_periods(first_day, until, trial_days, billing_period) AS period
        WHERE NOT bought.finished AND period.number > COALESCE(bought.last_number, -1)
            AND CASE WHEN bought.billing_period IS NULL AND NOT period.trial THEN lower(period.days)
                ELSE upper(period.days) + period.is_last::integer END <= $4::date) AS due ON true
    WHERE due.first_number IS NOT NULL OR (bought.finished AND bought.billing_period IS NOT NULL
        AND due_on('late_usage', bought.until::timestamp AT TIME ZONE 'Asia/Shanghai') >= legal_day($3))
), overtaken AS MATERIALIZED (
    SELECT owing.*, late.facts AS late_facts FROM owing
    LEFT JOIN LATERAL (
        SELECT jsonb_agg(fact) AS facts
        FROM billing_period AS period
        CROSS JOIN LATERAL usage_facts(owing.enterprise_id, owing.entitlement_id, owing.offer_id, period.number,
            lower(period.days)::timestamp AT TIME ZONE 'Asia/Shanghai',
            CASE WHEN NOT period.is_last THEN upper(period.days)::timestamp AT TIME ZONE 'Asia/Shanghai' END,
            owing.counted_before, $3) AS facts
        CROSS JOIN LATERAL jsonb_array_elements(facts) AS fact
        WHERE period.enterprise_id = owing.enterprise_id AND period.purchase_id = owing.purchase_id
            AND period.kind <> 'correction') AS late
        -- Only when more was used on the closed days than was billed is it looked for, event by event.
        ON owing.last_number IS NOT NULL AND owing.billing_period IS NOT NULL
            AND (SELECT sum(total.events) FROM usage_total AS total
                 WHERE total.enterprise_id = owing.enterprise_id AND total.entitlement_id = owing.entitlement_id
                     AND total.meter IN (SELECT price.meter FROM offer_usage_price AS price
                         WHERE price.offer_id = owing.offer_id)
                     AND (owing.finished OR total.day < upper(owing.last_days)))
                > COALESCE((SELECT sum(usage.events) FROM invoice_usage AS usage
                    WHERE usage.enterprise_id = owing.enterprise_id AND usage.entitlement_id = owing.entitlement_id), 0)
), closing AS MATERIALIZED (
    SELECT overtaken.*, uuid_of_time($2) AS invoice_id, period.number, period.kind, period.days, period.share, period.is_last,
        period.kind = 'correction' OR period.number = overtaken.first_number AS takes_late,
        CASE WHEN period.kind <> 'correction' AND overtaken.billing_period IS NOT NULL THEN usage_facts(
            overtaken.enterprise_id, overtaken.entitlement_id, overtaken.offer_id, period.number,
            lower(period.days)::timestamp AT TIME ZONE 'Asia/Shanghai',
            CASE WHEN NOT period.is_last THEN upper(period.days)::timestamp AT TIME ZONE 'Asia/Shanghai' END, NULL, $3)
        END AS facts
    FROM overtaken
    CROSS JOIN LATERAL (
        SELECT due.number, CASE WHEN due.trial THEN 'trial' ELSE 'regular' END AS kind, due.days, due.share, due.is_last
        FROM billing_periods(first_day, until, trial_days, billing_period) AS due
        WHERE due.number >= overtaken.first_number
            AND CASE WHEN overtaken.billing_period IS NULL AND NOT due.trial THEN lower(due.days)
                ELSE upper(due.days) + due.is_last::integer END <= $4::date
        UNION ALL
        SELECT overtaken.last_number + 1, 'correction', overtaken.last_days, overtaken.last_share, true
        WHERE overtaken.finished AND overtaken.late_facts IS NOT NULL) AS period
), closed AS (
    INSERT INTO billing_period (enterprise_id, purchase_id, number, kind, days, share, is_last, counted_before, closed_at)
    SELECT enterprise_id, purchase_id, number, kind, days, share, is_last, $3, $2 FROM closing
    RETURNING number
), rated AS MATERIALIZED (
    SELECT closing.enterprise_id, closing.invoice_id, closing.purchase_id, closing.number, closing.product_id,
        closing.currency, closing.vat_rate, rating.*, sum(rating.net_minor) OVER invoiced > 0 OR closing.facts IS NOT NULL
            OR (closing.takes_late AND closing.late_facts IS NOT NULL) AS is_invoiced,
        row_number() OVER (invoiced ORDER BY rating.place, rating.line) AS line_number
    FROM closing
    CROSS JOIN LATERAL (
        SELECT 0 AS place, closing.number AS period, price.line, price.kind, price.meter, price.quantity, price.unit_price,
            price.net_minor, price.vat_minor, price.title_zh, price.title_en
        FROM rate_period(closing.offer_id, closing.kind = 'trial', closing.share, COALESCE((
            SELECT jsonb_object_agg(fact ->> 'meter', fact -> 'quantity') FROM jsonb_array_elements(closing.facts) AS fact),
            '{}')) AS price
        WHERE closing.kind <> 'correction'
        UNION ALL
        SELECT 1, late.period, late.period, 'late', NULL, NULL, NULL, late.net, round(late.net * closing.vat_rate)::bigint,
            format('第 %s 期的迟到用量', late.period), format('Late usage of period %s', late.period)
        FROM rated_late_usage(closing.enterprise_id, closing.purchase_id, closing.entitlement_id, closing.offer_id,
            closing.late_facts) AS late
        WHERE closing.takes_late AND closing.late_facts IS NOT NULL) AS rating
    WINDOW invoiced AS (PARTITION BY closing.invoice_id)
), made AS (
    INSERT INTO invoice (enterprise_id, id, purchase_id, period, issuer_id, state, currency, net_minor, vat_minor, drafted_at)
    SELECT rated.enterprise_id, rated.invoice_id, rated.purchase_id, rated.number, (
            SELECT held.party_id FROM responsibility AS held
            WHERE held.subject_id = rated.product_id AND held.role IN ('seller', 'operator')
                AND held.valid @> $2::timestamptz AND upper_inf(held.recorded)
            ORDER BY held.role DESC LIMIT 1), 'draft', rated.currency, sum(rated.net_minor), sum(rated.vat_minor), $2
    FROM rated WHERE rated.is_invoiced
    GROUP BY rated.enterprise_id, rated.invoice_id, rated.purchase_id, rated.number, rated.product_id, rated.currency
    RETURNING id
), lined AS (
    INSERT INTO invoice_line (enterprise_id, invoice_id, number, kind, period, meter, rating_version, quantity, unit_price,
        net_minor, vat_rate, vat_minor, title_zh, title_en)
    SELECT enterprise_id, invoice_id, line_number, kind, period, meter, rating_version(), quantity, unit_price, net_minor,
        vat_rate, vat_minor, title_zh, title_en
    FROM rated WHERE is_invoiced
), kept AS (
    INSERT INTO invoice_usage (enterprise_id, invoice_id, period, meter, entitlement_id, recorded, events, quantity,
        first_at, first_id, last_at, last_id, digest)
    SELECT closing.enterprise_id, closing.invoice_id, fact.period, fact.meter, closing.entitlement_id,
        tstzrange(fact.recorded_since, $3), fact.events, fact.quantity, split_part(fact.first, ',', 1)::timestamptz,
        split_part(fact.first, ',', 2)::uuid, split_part(fact.last, ',', 1)::timestamptz,
        split_part(fact.last, ',', 2)::uuid, decode(fact.sha256, 'hex')
    FROM closing
    CROSS JOIN LATERAL jsonb_to_recordset(COALESCE(closing.facts, '[]')
        || CASE WHEN closing.takes_late THEN COALESCE(closing.late_facts, '[]') ELSE '[]' END)
        AS fact(period integer, meter text, events bigint, quantity numeric, first text, last text, sha256 text,
            recorded_since timestamptz)
    RETURNING events
)
SELECT (SELECT count(*) FROM closed), (SELECT count(*) FROM made), COALESCE((SELECT sum(events) FROM kept), 0)::bigint;
