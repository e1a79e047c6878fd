-- What a transition of a purchase changes in the count of purchases: one more in a standing, or one less, at the time at which
-- that is so, and when it became known. Of an accepted purchase the changes of one standing add up to one, of the others to none;
-- so do those of its acceptance, and those of a transition that takes something back add up to none.
-- Standings: synthetic and administration stay what they are, whatever becomes of the purchase; trial until the trial is over, and
-- for ever when the purchase ends before; refunded from the refund on; otherwise market.
CREATE OR REPLACE VIEW purchase_change AS
SELECT moved.enterprise_id, moved.purchase_id, moved.number, change.standing, change.happened_at,
    GREATEST(purchase.recorded_at, purchase.accepted_at, CASE WHEN moved.to_state = 'ended' THEN moved.moved_at END)
        AS recorded_at,
    change.step AS purchases, change.step * purchase.price_minor * CASE WHEN offer.billing_period IS NULL THEN 1
        ELSE 1 + GREATEST(0, period_number(begun.at, offer.billing_period, COALESCE(upper(purchase.wanted),
            begun.at + make_interval(days => offer.term_days)) - interval '1 microsecond')) END AS contracted_minor,
    purchase.currency, purchase.product_id, purchase.revision, purchase.accepted_at,
    GREATEST(purchase.recorded_at, purchase.accepted_at) AS accepted_known_at
FROM purchase_transition AS moved
JOIN purchase ON purchase.enterprise_id = moved.enterprise_id AND purchase.id = moved.purchase_id
JOIN offer ON offer.id = purchase.offer_id
JOIN party AS buyer ON buyer.id = purchase.enterprise_id
CROSS JOIN LATERAL (SELECT GREATEST(lower(purchase.wanted), purchase.accepted_at) AS at) AS begun
CROSS JOIN LATERAL (
    SELECT CASE WHEN buyer.synthetic THEN 'synthetic' WHEN buyer.kind <> 'enterprise' THEN 'administration' END AS always,
        CASE WHEN offer.trial_days > 0 THEN begun.at + make_interval(days => offer.trial_days) END AS trial_until,
        moved.to_state IN ('agreed', 'active') AND moved.from_state IS DISTINCT FROM 'agreed' AS accepts,
        moved.to_state = 'ended' AND purchase.ended_as = 'refunded' AS refunds,
        moved.to_state = 'ended' AS ends
) AS rule
CROSS JOIN LATERAL (
    SELECT COALESCE(always, CASE WHEN trial_until IS NULL THEN 'market' ELSE 'trial' END) AS standing,
        purchase.accepted_at AS happened_at, 1 AS step WHERE accepts
    UNION ALL
    SELECT becomes.standing, trial_until, becomes.step FROM (VALUES ('trial', -1), ('market', 1)) AS becomes (standing, step)
    WHERE accepts AND always IS NULL AND trial_until IS NOT NULL
    UNION ALL
    -- It ended before the trial was over: what was expected of that day does not come.
    SELECT stays.standing, trial_until, stays.step FROM (VALUES ('trial', 1), ('market', -1)) AS stays (standing, step)
    WHERE ends AND always IS NULL AND moved.moved_at < trial_until
    UNION ALL
    SELECT CASE WHEN moved.moved_at < trial_until THEN 'trial' ELSE 'market' END, moved.moved_at, -1
    WHERE refunds AND always IS NULL
    UNION ALL
    SELECT 'refunded', moved.moved_at, 1 WHERE refunds AND always IS NULL
) AS change
WHERE purchase.accepted_at IS NOT NULL AND (accepts OR ends);
