-- Suspends the listings that a withdrawn consent carried and that no other consent carries, and tells their operator and
-- seller and the department. $1 consent, $2 now
WITH bare AS MATERIALIZED (
    SELECT DISTINCT product.id, product.code, product.title_zh, product.title_en, consent.party_id, consent.entry_id,
        '目录条目 ' || entry.code || ' 的提供部门撤回了同意：' || consent.withdrawal_reason AS reason_zh,
        'the provider of the directory entry ' || entry.code || ' withdrew its consent: ' || consent.withdrawal_reason
            AS reason_en
    FROM consent
    JOIN party AS provider ON provider.id = consent.party_id
    JOIN directory_entry AS entry ON entry.id = consent.entry_id
    JOIN newest_source AS used ON used.entry_id = consent.entry_id
    JOIN product ON product.id = used.product_id AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL
    CROSS JOIN LATERAL obtained_source(product.id, $2) AS source
    WHERE consent.id = $1 AND source.entry_id = consent.entry_id AND source.until IS NULL
        AND provider.id IN (SELECT sharing.id FROM party AS sharing WHERE sharing.code = source.provider_code
            UNION ALL SELECT heir.party_id FROM party AS sharing,
                successor_now(sharing.id, 'provider', consent.entry_id, 'infinity') AS heir
            WHERE sharing.code = source.provider_code)
), suspended AS (
    INSERT INTO product_suspension (id, product_id, cause, reason_zh, reason_en, entry_id, suspended_at)
    SELECT gen_random_uuid(), id, 'consent', reason_zh, reason_en, entry_id, $2 FROM bare
    ON CONFLICT DO NOTHING
    RETURNING product_id
)
INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
SELECT gen_random_uuid(), concerned.party_id, 'product.suspended', '/products/' || bare.code,
    bare.title_zh || ' 暂停挂牌：' || bare.reason_zh, bare.title_en || ' cannot be bought: ' || bare.reason_en, $2
FROM suspended JOIN bare ON bare.id = suspended.product_id, LATERAL (
    SELECT bare.party_id
    UNION SELECT held.party_id FROM responsibility AS held
    WHERE held.subject_id = bare.id AND held.role IN ('operator', 'seller')
        AND upper_inf(held.valid) AND upper_inf(held.recorded)) AS concerned;
