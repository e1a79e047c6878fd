-- Tells the operator of a product of a ceiling, and answers the ceiling as JSON with the standing offers that lie above it
-- when it begins (or now, if it has begun). $1 ceiling, $2 now
WITH recorded AS (
    SELECT price_ceiling.id, product.id AS product_id, product.code, price_ceiling.unit, price_ceiling.ceiling_minor,
        price_ceiling.currency, price_ceiling.approval, authority.code AS authority, price_ceiling.valid, price_ceiling.is_trial,
        (SELECT array_agg(DISTINCT offer.code ORDER BY offer.code)
         FROM offer, above_ceiling(offer.id, GREATEST($2, lower(price_ceiling.valid)::timestamp AT TIME ZONE 'Asia/Shanghai'))
         WHERE offer.product_id = product.id AND offer.withdrawn_at IS NULL) AS above
    FROM price_ceiling JOIN product ON product.id = price_ceiling.product_id
    JOIN party AS authority ON authority.id = price_ceiling.authority_id
    WHERE price_ceiling.id = $1
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), operator.party_id, 'price.ceiling', '/operator',
        format('产品 %s 的最高限价（%s）自 %s 起为 %s 分（%s）。', recorded.code, recorded.unit, lower(recorded.valid),
            trim_scale(recorded.ceiling_minor), recorded.approval)
            || COALESCE('高于限价、不能再被接受的挂牌：' || array_to_string(recorded.above, '、') || '。', ''),
        format('The ceiling of product %s (%s) is %s minor units from %s on (%s).', recorded.code, recorded.unit,
            trim_scale(recorded.ceiling_minor), lower(recorded.valid), recorded.approval)
            || COALESCE(' These offers lie above it and cannot be accepted any more: ' || array_to_string(recorded.above, ', ')
                || '.', ''), $2
    FROM recorded JOIN responsibility AS operator ON operator.subject_id = recorded.product_id AND operator.role = 'operator'
        AND upper_inf(operator.valid) AND upper_inf(operator.recorded)
)
SELECT json_build_object('id', id, 'product', code, 'unit', unit, 'ceiling_minor', trim_scale(ceiling_minor),
    'currency', currency, 'approval', approval, 'authority', authority, 'since', lower(valid), 'until', upper(valid) - 1,
    'is_trial', is_trial, 'offers_above', COALESCE(above, '{}'))::text
FROM recorded;
