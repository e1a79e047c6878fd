-- What each thing that the market knows of changes in the totals of adoption, in the class of each dimension, on which days.
CREATE OR REPLACE VIEW total_change AS
SELECT told.source, told.enterprise_id, told.subject_id, told.number, told.measure, told.unit, of.dimension, of.class,
    told.standing, legal_day(told.happened_at) AS happened_on, legal_day(told.recorded_at) AS recorded_on, told.times,
    told.amount, 1::bigint << (uuid_hash_extended(told.enterprise_id, 0) & 63)::integer AS mark,
    1 + (uuid_hash_extended(told.enterprise_id, 0) >> 6 & 3) AS part, told.held
FROM told_change AS told
CROSS JOIN LATERAL (
    SELECT dimension, class FROM buyer_class(told.enterprise_id)
    UNION ALL
    SELECT dimension, class FROM product_class(told.product_id, told.revision, told.class_at, told.class_known_at)
    UNION ALL
    SELECT dimension, class FROM purchase_class(told.enterprise_id, told.subject_id) WHERE told.is_purchase
) AS of
UNION ALL
-- The step by which an enterprise came to a scenario, or to a domain: it counts once in each.
SELECT reached.step, reached.enterprise_id, reached.product_id, 0, 'enterprises_' || reached.step, '', reached.dimension,
    reached.class, enterprise_base(buyer.kind, buyer.synthetic), legal_day(reached.happened_at), legal_day(reached.recorded_at),
    1, 0, 1::bigint << (uuid_hash_extended(reached.enterprise_id, 0) & 63)::integer, 1, NULL
FROM scenario_step AS reached JOIN party AS buyer ON buyer.id = reached.enterprise_id
UNION ALL
-- The step of an enterprise itself. Of each there is one or none, so that the sum is how many are behind it.
SELECT 'step', step.enterprise_id, step.enterprise_id, 0, 'first_' || step.measure, '', of.dimension, of.class, step.standing,
    legal_day(step.happened_at), legal_day(step.recorded_at), step.change, 0, 0, 1, NULL
FROM enterprise_step AS step CROSS JOIN LATERAL step_class(step.enterprise_id, step.cohort) AS of;
