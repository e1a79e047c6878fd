-- Ends purchases whose time has come, across enterprises: rights whose period is over, cancellations to a day that has come,
-- and requests without an agreement when the period they were for is over. One row each: enterprise_id, purchase and the
-- number of its transition. $1 now, $2 limit
WITH due AS MATERIALIZED (
    SELECT found.enterprise_id, found.purchase_id, found.ended_as, found.reason
    FROM (
        (SELECT entitlement.enterprise_id, entitlement.purchase_id, 'expired' AS ended_as,
            'The period of use has ended.' AS reason
         FROM entitlement WHERE entitlement.ended_at IS NULL AND upper(entitlement.valid) <= $1
         ORDER BY upper(entitlement.valid) LIMIT $2)
        UNION ALL
        (SELECT purchase.enterprise_id, purchase.id, 'cancelled', purchase.cancellation_reason
         FROM purchase JOIN entitlement ON entitlement.enterprise_id = purchase.enterprise_id
             AND entitlement.purchase_id = purchase.id
         WHERE purchase.state = 'active' AND purchase.cancelled_at IS NOT NULL AND entitlement.ended_at <= $1 LIMIT $2)
        UNION ALL
        (SELECT purchase.enterprise_id, purchase.id, 'expired',
            'No agreement was concluded before the period of use ended.'
         FROM purchase
         WHERE purchase.state IN ('requested', 'returned', 'approved') AND upper(purchase.wanted) <= $1 LIMIT $2)) AS found
), locked AS MATERIALIZED (
    SELECT purchase.enterprise_id, purchase.id, purchase.state, purchase.transition, purchase.offer_id,
        purchase.holds_place AND purchase.state <> 'active' AS gives_back, due.ended_as, due.reason
    FROM due JOIN purchase ON purchase.enterprise_id = due.enterprise_id AND purchase.id = due.purchase_id
    WHERE purchase.state NOT IN ('ended', 'rejected', 'agreed')
    FOR NO KEY UPDATE OF purchase SKIP LOCKED
), moved AS (
    INSERT INTO purchase_transition (enterprise_id, purchase_id, number, from_state, to_state, reason, moved_at)
    SELECT enterprise_id, id, transition + 1, state, 'ended', reason, $1 FROM locked
), released AS (
    UPDATE offer_place SET taken = taken - returned.places
    FROM (SELECT offer_id, count(*) AS places FROM locked WHERE gives_back GROUP BY offer_id) AS returned
    WHERE offer_place.offer_id = returned.offer_id
), closed AS (
    UPDATE entitlement SET ended_at = LEAST(COALESCE(ended_at, upper(valid)), upper(valid)) FROM locked
    WHERE entitlement.enterprise_id = locked.enterprise_id AND entitlement.purchase_id = locked.id
), ended AS (
    UPDATE deadline SET state = 'void', ended_at = $1, paused_at = NULL
    FROM locked JOIN purchase_decision AS decision ON decision.enterprise_id = locked.enterprise_id
        AND decision.purchase_id = locked.id
    WHERE deadline.subject_kind = 'purchase_decision' AND deadline.subject_id = decision.id
        AND deadline.state IN ('running', 'paused')
)
UPDATE purchase SET state = 'ended', transition = locked.transition + 1, ended_at = $1, ended_as = locked.ended_as,
    awaited = 0, holds_place = purchase.holds_place AND NOT locked.gives_back
FROM locked WHERE purchase.enterprise_id = locked.enterprise_id AND purchase.id = locked.id
RETURNING purchase.enterprise_id, purchase.id, purchase.transition;
