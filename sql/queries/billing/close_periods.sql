-- Closes every due period of the purchases of enterprises, and makes a draft of an invoice of each that costs something or
-- counts usage. One row: how many periods were closed, how many drafts made, how many usage events counted.
-- A period is due when its last day has passed before $4 (of the last one, the day of the end too; a price paid once is due
-- when it begins). It counts what was recorded before $3; usage of closed days that was recorded since goes to the first
-- period closed now, or, once all are closed, to a correction, as the difference that it makes to its own period's price,
-- never below zero. The caller holds the enterprises' billing locks.
-- $1 enterprise_ids, $2 now, $3 counted before, $4 the first day that has not passed
WITH bought AS MATERIALIZED (
    SELECT purchase.enterprise_id, purchase.id AS purchase_id, entitlement.id AS entitlement_id, purchase.offer_id,
        purchase.product_id, purchase.currency, offer.billing_period, offer.trial_days, offer.vat_rate,
        legal_day(lower(entitlement.valid)) AS first_day,
        LEAST(legal_day(upper(entitlement.valid)), legal_day(purchase.ended_at) + 1) AS until,
        newest.number AS last_number, newest.counted_before, upper(newest.days) AS closed_until,
        COALESCE(newest.is_last, false) AS finished
    FROM purchase
    JOIN offer ON offer.id = purchase.offer_id AND offer.kind <> 'free'
    JOIN entitlement ON entitlement.enterprise_id = purchase.enterprise_id AND entitlement.purchase_id = purchase.id
    LEFT JOIN LATERAL (
        SELECT period.number, period.days, period.is_last, period.counted_before FROM billing_period AS period
        WHERE period.enterprise_id = purchase.enterprise_id AND period.purchase_id = purchase.id
        ORDER BY period.number DESC LIMIT 1) AS newest ON true
    WHERE purchase.enterprise_id = ANY($1::uuid[]) AND purchase.accepted_at IS NOT NULL
        AND purchase.ended_as IS DISTINCT FROM 'refunded'
        AND (purchase.ended_at IS NULL OR purchase.ended_at > lower(entitlement.valid))
), due AS MATERIALIZED (
    SELECT bought.*, period.number, period.trial, period.days, period.share, period.is_last,
        lower(period.days)::timestamp AT TIME ZONE 'Asia/Shanghai' AS begins,
        CASE WHEN NOT period.is_last THEN upper(period.days)::timestamp AT TIME ZONE 'Asia/Shanghai' END AS ends
    FROM bought
    CROSS JOIN LATERAL billing_periods(first_day, until, trial_days, billing_period) AS period
    WHERE NOT bought.finished AND period.number > COALESCE(bought.last_number, -1)
        AND CASE WHEN bought.billing_period IS NULL AND NOT period.trial THEN lower(period.days)
            ELSE upper(period.days) + period.is_last::integer END <= $4::date
), counted AS MATERIALIZED (
    SELECT due.enterprise_id, due.purchase_id, due.number, event.meter, count(*) AS events, sum(event.quantity) AS quantity,
        min(line COLLATE "C") AS first_line, max(line COLLATE "C") AS last_line,
        sha256(convert_to(string_agg(line || E'\n', '' ORDER BY line COLLATE "C"), 'UTF8')) AS digest
    FROM due
    JOIN usage_event AS event ON event.enterprise_id = due.enterprise_id AND event.entitlement_id = due.entitlement_id
        AND event.occurred_at >= due.begins AND (due.ends IS NULL OR event.occurred_at < due.ends)
        AND event.recorded_at < $3
    JOIN offer_usage_price AS price ON price.offer_id = due.offer_id AND price.meter = event.meter
    CROSS JOIN LATERAL usage_line(event.occurred_at, event.id, due.number, event.meter, event.quantity) AS line
    WHERE due.billing_period IS NOT NULL
    GROUP BY due.enterprise_id, due.purchase_id, due.number, event.meter
), late AS MATERIALIZED (
    SELECT suspect.enterprise_id, suspect.purchase_id, period.number, event.meter, count(*) AS events,
        sum(event.quantity) AS quantity, min(line COLLATE "C") AS first_line, max(line COLLATE "C") AS last_line,
        sha256(convert_to(string_agg(line || E'\n', '' ORDER BY line COLLATE "C"), 'UTF8')) AS digest
    FROM (SELECT bought.* FROM bought
          WHERE bought.last_number IS NOT NULL AND bought.billing_period IS NOT NULL
              AND (EXISTS (SELECT FROM due WHERE due.enterprise_id = bought.enterprise_id
                      AND due.purchase_id = bought.purchase_id)
                  OR (bought.finished AND due_on('late_usage', bought.until::timestamp AT TIME ZONE 'Asia/Shanghai') >= legal_day($3)))
              AND (SELECT sum(total.events) FROM usage_total AS total
                   JOIN offer_usage_price AS price ON price.offer_id = bought.offer_id AND price.meter = total.meter
                   WHERE total.enterprise_id = bought.enterprise_id AND total.entitlement_id = bought.entitlement_id
                       AND (bought.finished OR total.day < bought.closed_until))
                  > COALESCE((SELECT sum(usage.events) FROM invoice_usage AS usage
                      WHERE usage.enterprise_id = bought.enterprise_id
                          AND usage.entitlement_id = bought.entitlement_id), 0)) AS suspect
    JOIN billing_period AS period ON period.enterprise_id = suspect.enterprise_id
        AND period.purchase_id = suspect.purchase_id AND period.kind <> 'correction'
    JOIN usage_event AS event ON event.enterprise_id = suspect.enterprise_id
        AND event.entitlement_id = suspect.entitlement_id
        AND event.occurred_at >= lower(period.days)::timestamp AT TIME ZONE 'Asia/Shanghai'
        AND (period.is_last OR event.occurred_at < upper(period.days)::timestamp AT TIME ZONE 'Asia/Shanghai')
        AND event.recorded_at >= suspect.counted_before AND event.recorded_at < $3
    JOIN offer_usage_price AS price ON price.offer_id = suspect.offer_id AND price.meter = event.meter
    CROSS JOIN LATERAL usage_line(event.occurred_at, event.id, period.number, event.meter, event.quantity) AS line
    GROUP BY suspect.enterprise_id, suspect.purchase_id, period.number, event.meter
), closing AS MATERIALIZED (
    SELECT due.*, CASE WHEN due.trial THEN 'trial' ELSE 'regular' END AS kind,
        due.number = min(due.number) OVER (PARTITION BY due.enterprise_id, due.purchase_id) AS takes_late
    FROM due
    UNION ALL
    SELECT bought.*, bought.last_number + 1, false, newest.days, newest.share, true, NULL, NULL, 'correction', true
    FROM bought
    JOIN billing_period AS newest ON newest.enterprise_id = bought.enterprise_id
        AND newest.purchase_id = bought.purchase_id AND newest.number = bought.last_number
    WHERE bought.finished AND EXISTS (SELECT FROM late WHERE late.enterprise_id = bought.enterprise_id
        AND late.purchase_id = bought.purchase_id)
), closed AS (
    INSERT INTO billing_period (enterprise_id, purchase_id, number, kind, days, share, is_last, counted_before, closed_at)
    SELECT enterprise_id, purchase_id, number, kind, days, share, is_last, $3, $2 FROM closing
    RETURNING number
), late_price AS (
    SELECT closing.enterprise_id, closing.purchase_id, closing.number, closing.vat_rate, stated.period,
        GREATEST(0, (SELECT sum(rated.net_minor) FROM rate_period(closing.offer_id, period.kind = 'trial', period.share,
            stated.usage) AS rated) - billed.net)::bigint AS net
    FROM closing
    CROSS JOIN LATERAL (
        SELECT together.number AS period, jsonb_object_agg(together.meter, together.quantity) AS usage FROM (
            SELECT number, meter, sum(quantity) AS quantity FROM (
                SELECT late.number, late.meter, late.quantity FROM late
                WHERE late.enterprise_id = closing.enterprise_id AND late.purchase_id = closing.purchase_id
                UNION ALL
                SELECT usage.period, usage.meter, usage.quantity FROM invoice_usage AS usage
                WHERE usage.enterprise_id = closing.enterprise_id AND usage.entitlement_id = closing.entitlement_id
                    AND usage.period IN (SELECT late.number FROM late WHERE late.enterprise_id = closing.enterprise_id
                        AND late.purchase_id = closing.purchase_id)) AS parts
            GROUP BY number, meter) AS together
        GROUP BY together.number) AS stated
    JOIN billing_period AS period ON period.enterprise_id = closing.enterprise_id
        AND period.purchase_id = closing.purchase_id AND period.number = stated.period
    CROSS JOIN LATERAL (
        SELECT COALESCE(sum(line.net_minor), 0) AS net FROM invoice
        JOIN invoice_line AS line ON line.enterprise_id = invoice.enterprise_id AND line.invoice_id = invoice.id
        WHERE invoice.enterprise_id = closing.enterprise_id AND invoice.purchase_id = closing.purchase_id
            AND line.period = stated.period) AS billed
    WHERE closing.takes_late AND EXISTS (SELECT FROM late WHERE late.enterprise_id = closing.enterprise_id
        AND late.purchase_id = closing.purchase_id)
), rated AS MATERIALIZED (
    SELECT closing.enterprise_id, closing.purchase_id, closing.number, closing.vat_rate, closing.number AS period,
        0 AS place, rating.line, rating.kind, rating.meter, rating.quantity, rating.unit_price, rating.net_minor,
        rating.vat_minor, rating.title_zh, rating.title_en
    FROM closing
    LEFT JOIN (SELECT enterprise_id, purchase_id, number, jsonb_object_agg(meter, quantity) AS usage FROM counted
               GROUP BY enterprise_id, purchase_id, number) AS used USING (enterprise_id, purchase_id, number)
    CROSS JOIN LATERAL rate_period(closing.offer_id, closing.trial, closing.share, COALESCE(used.usage, '{}')) AS rating
    WHERE closing.kind <> 'correction'
    UNION ALL
    SELECT enterprise_id, purchase_id, number, vat_rate, period, 1, period, 'late', NULL, NULL, NULL, net,
        round(net * vat_rate)::bigint, format('第 %s 期的迟到用量', period), format('Late usage of period %s', period)
    FROM late_price
), used AS MATERIALIZED (
    SELECT enterprise_id, purchase_id, number, number AS period, meter, events, quantity, first_line, last_line, digest,
        'infinity'::timestamptz AS since
    FROM counted
    UNION ALL
    SELECT late.enterprise_id, late.purchase_id, closing.number, late.number, late.meter, late.events, late.quantity,
        late.first_line, late.last_line, late.digest, closing.counted_before
    FROM late JOIN closing ON closing.enterprise_id = late.enterprise_id AND closing.purchase_id = late.purchase_id
        AND closing.takes_late
), drafted AS MATERIALIZED (
    SELECT closing.enterprise_id, closing.purchase_id, closing.number, closing.entitlement_id, closing.currency,
        closing.product_id, uuid_of_time($2) AS invoice_id, sums.net, sums.vat
    FROM closing
    JOIN (SELECT enterprise_id, purchase_id, number, sum(net_minor)::bigint AS net, sum(vat_minor)::bigint AS vat
          FROM rated GROUP BY enterprise_id, purchase_id, number) AS sums USING (enterprise_id, purchase_id, number)
    LEFT JOIN (SELECT DISTINCT enterprise_id, purchase_id, number FROM used) AS counting
        USING (enterprise_id, purchase_id, number)
    WHERE sums.net > 0 OR counting.number IS NOT NULL
), made AS (
    INSERT INTO invoice (enterprise_id, id, purchase_id, period, issuer_id, state, currency, net_minor, vat_minor, drafted_at)
    SELECT drafted.enterprise_id, drafted.invoice_id, drafted.purchase_id, drafted.number, issuer.party_id, 'draft',
        drafted.currency, drafted.net, drafted.vat, $2
    FROM drafted
    LEFT JOIN LATERAL (
        SELECT held.party_id FROM responsibility AS held
        WHERE held.subject_id = drafted.product_id AND held.role IN ('seller', 'operator')
            AND held.valid @> $2::timestamptz AND upper_inf(held.recorded)
        ORDER BY held.role DESC LIMIT 1) AS issuer ON true
    RETURNING id
), lined AS (
    INSERT INTO invoice_line (enterprise_id, invoice_id, number, kind, period, meter, rating_version, quantity, unit_price,
        net_minor, vat_rate, vat_minor, title_zh, title_en)
    SELECT rated.enterprise_id, drafted.invoice_id, row_number() OVER (
            PARTITION BY drafted.invoice_id ORDER BY rated.place, rated.line), rated.kind, rated.period, rated.meter,
        rating_version(), rated.quantity, rated.unit_price, rated.net_minor, rated.vat_rate, rated.vat_minor,
        rated.title_zh, rated.title_en
    FROM rated JOIN drafted USING (enterprise_id, purchase_id, number)
), kept AS (
    INSERT INTO invoice_usage (enterprise_id, invoice_id, period, meter, entitlement_id, recorded, events, quantity,
        first_at, first_id, last_at, last_id, digest)
    SELECT used.enterprise_id, drafted.invoice_id, used.period, used.meter, drafted.entitlement_id,
        tstzrange(NULLIF(used.since, 'infinity'), $3), used.events, used.quantity,
        split_part(used.first_line, ',', 1)::timestamptz, split_part(used.first_line, ',', 2)::uuid,
        split_part(used.last_line, ',', 1)::timestamptz, split_part(used.last_line, ',', 2)::uuid, used.digest
    FROM used JOIN drafted USING (enterprise_id, purchase_id, number)
)
SELECT (SELECT count(*) FROM closed), (SELECT count(*) FROM made), COALESCE((SELECT sum(events) FROM used), 0)::bigint;
