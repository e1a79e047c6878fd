-- What each thing that the market knows of changes in the totals of adoption: by how much, and when. A thing is named by what tells
-- of it (source), whose it is, and its id and number: the transition of a purchase, an event of an invoice, or a step of the
-- funnel, whose source is the step's name and whose subject is the product. What its classes follow from is told with it, and what its
-- enterprise has by it or has less (held): a count of purchases, or an amount; null of what is never taken back. What nothing is
-- contracted for has no currency, and what is invoiced or settled over nothing is not told of: behind a value there are those who pay.
CREATE OR REPLACE VIEW told_change AS
SELECT 'purchase' AS source, change.enterprise_id, change.purchase_id AS subject_id, change.number,
    'purchased' AS measure, CASE WHEN change.contracted_minor <> 0 THEN change.currency ELSE '' END AS unit,
    change.standing, change.happened_at, change.recorded_at,
    change.purchases AS times, change.contracted_minor AS amount, change.product_id, change.revision,
    change.accepted_at AS class_at, change.accepted_known_at AS class_known_at, true AS is_purchase,
    change.purchases::bigint AS held
FROM purchase_change AS change
UNION ALL
SELECT bill.type, bill.enterprise_id, bill.subject_id, 0, bill.measure, bill.currency,
    enterprise_base(buyer.kind, buyer.synthetic), bill.happened_at, bill.happened_at, bill.times, bill.amount,
    purchase.product_id, purchase.revision, purchase.accepted_at,
    GREATEST(purchase.recorded_at, purchase.accepted_at), false, bill.amount::bigint
FROM bill_change AS bill
JOIN purchase ON purchase.enterprise_id = bill.enterprise_id AND purchase.id = bill.purchase_id
JOIN party AS buyer ON buyer.id = bill.enterprise_id
WHERE bill.amount <> 0
UNION ALL
SELECT reached.step, reached.enterprise_id, reached.product_id, 0, measured.measure, '',
    enterprise_base(buyer.kind, buyer.synthetic), reached.happened_at, reached.recorded_at, 1,
    CASE WHEN measured.measure = 'waited' THEN reached.waited_seconds ELSE 0 END, reached.product_id, reached.revision,
    reached.happened_at, reached.recorded_at, false, NULL
FROM funnel_step AS reached
JOIN party AS buyer ON buyer.id = reached.enterprise_id
CROSS JOIN LATERAL (VALUES (reached.step, true), ('waited', reached.step = 'used'),
    -- Each by itself, so that they add up.
    ('waited_hour', reached.waited_seconds <= 3600),
    ('waited_day', reached.waited_seconds > 3600 AND reached.waited_seconds <= 86400),
    ('waited_week', reached.waited_seconds > 86400 AND reached.waited_seconds <= 7 * 86400),
    ('waited_month', reached.waited_seconds > 7 * 86400 AND reached.waited_seconds <= 30 * 86400),
    ('waited_longer', reached.waited_seconds > 30 * 86400))
    AS measured (measure, holds)
WHERE measured.holds;
