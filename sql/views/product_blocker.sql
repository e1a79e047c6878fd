-- Everything that keeps a product from being listed at a moment, one row each: what kind, about what, and a sentence.
-- A rule on an entry holds for the version the product was made of and for the version in force.
CREATE OR REPLACE FUNCTION product_blocker(product uuid, moment timestamptz)
RETURNS TABLE (kind text, subject text, message_zh text, message_en text) LANGUAGE sql STABLE AS $$
    WITH made AS MATERIALIZED (
        SELECT source.entry_id, source.entry_version, entry.code, in_force.number AS version_in_force
        FROM newest_source AS source
        JOIN directory_entry AS entry ON entry.id = source.entry_id
        LEFT JOIN entry_in_force AS in_force ON in_force.entry_id = source.entry_id
        WHERE source.product_id = product
    ), examined AS MATERIALIZED (
        SELECT DISTINCT made.code, made.entry_id, version.number, version.document
        FROM made JOIN directory_entry_version AS version
            ON version.entry_id = made.entry_id AND version.number IN (made.entry_version, made.version_in_force)
    ), standing AS MATERIALIZED (
        SELECT offer.id, offer.code FROM offer WHERE offer.product_id = product AND offer.withdrawn_at IS NULL
    )
    SELECT 'no_directory_entry', NULL, '产品没有说明由哪些目录条目制成。', 'The product names no directory entry it is made of.'
    WHERE NOT EXISTS (SELECT FROM made)
    UNION ALL
    SELECT 'no_offer', NULL, '产品没有有效挂牌。', 'No offer of the product stands.' WHERE NOT EXISTS (SELECT FROM standing)
    UNION ALL
    SELECT 'entry_withdrawn', code, format('目录条目 %s 已撤回。', code), format('The directory entry %s is withdrawn.', code)
    FROM made WHERE version_in_force IS NULL
    UNION ALL
    SELECT 'not_shared', code || '/' || number, format('目录条目 %s 第 %s 版不予共享：%s', code, number, document->>'sharingBasis'),
        format('Version %s of the directory entry %s is not shared: %s', number, code,
            COALESCE(document->>'sharingBasis', 'no basis is stated'))
    FROM examined WHERE document->>'sharingClass' = 'not_shared'
    UNION ALL
    SELECT 'core_data', code || '/' || number, format('目录条目 %s 第 %s 版为核心数据。', code, number),
        format('Version %s of the directory entry %s is core data.', number, code)
    FROM examined WHERE document->>'grade' = 'core'
    UNION ALL
    SELECT 'assessment_missing', code || '/' || number,
        format('目录条目 %s 第 %s 版含个人信息，产品缺少影响评估编号。', code, number),
        format('Version %s of the directory entry %s holds personal information; the product has no reference of an '
            'impact assessment.', number, code)
    FROM examined WHERE document->'personalInformation' = 'true'
        AND EXISTS (SELECT FROM product AS own WHERE own.id = product_blocker.product AND own.assessment IS NULL)
    UNION ALL
    SELECT 'consent_missing', code || '/' || number,
        format('目录条目 %s 第 %s 版的数据由 %s 共享而来，缺少其有效同意。', code, number, document->>'receivedFrom'),
        format('The data of version %s of the directory entry %s was received by sharing from %s, whose consent is not '
            'in force.', number, code, document->>'receivedFrom')
    FROM obtained_source(product_blocker.product, moment) AS source JOIN examined USING (entry_id, number)
    WHERE source.until IS NULL
    UNION ALL
    SELECT 'condition_malformed', code || '/' || number,
        format('目录条目 %s 第 %s 版的使用条件无法识别：%s', code, number, stated.condition),
        format('A condition of version %s of the directory entry %s cannot be understood: %s', number, code,
            stated.condition)
    FROM examined, jsonb_path_query(document, '$.conditions[*]') AS stated(condition)
    WHERE NOT is_condition(stated.condition->>'kind', stated.condition->'value')
    UNION ALL
    SELECT 'link_without_party', missing.subject_code || ' ' || missing.link, missing.message_zh, missing.message_en
    FROM missing_responsibility(product, moment) AS missing
    UNION ALL
    SELECT 'credential_missing', need.kind, format('缺少有效的%s。', need.title_zh),
        format('The credential ''%s'' is not in force.', need.title_en)
    FROM credential_kind AS need
    WHERE EXISTS (SELECT FROM offer_need JOIN standing ON standing.id = offer_need.offer_id
                  WHERE offer_need.kind = need.kind)
        AND NOT EXISTS (SELECT FROM credential WHERE credential.product_id = product AND credential.kind = need.kind
            AND credential.state = 'in_force' AND credential.valid @> legal_day(moment))
    UNION ALL
    SELECT 'condition_added', standing.code || ' ' || compared.kind,
        format('挂牌 %s 的使用条件 %s 超出目录：%s。', standing.code, compared.kind,
            CASE flag.decision WHEN 'refused' THEN '依据未被接受（' || flag.reason || '）' ELSE '依据待审核' END),
        format('The condition %s of the offer %s is added beyond the directory: %s.', compared.kind, standing.code,
            CASE flag.decision WHEN 'refused' THEN 'its basis was refused (' || flag.reason || ')'
                ELSE 'no officer has accepted its basis' END)
    FROM offered_condition_together AS compared JOIN standing ON standing.id = compared.offer_id
    LEFT JOIN condition_flag AS flag ON flag.offer_id = compared.offer_id AND flag.kind = compared.kind
        AND flag.directory_value = COALESCE(compared.directory_value, 'null')
    WHERE compared.product_id = product AND compared.added AND flag.decision IS DISTINCT FROM 'accepted'
    UNION ALL
    SELECT 'condition_loosened', standing.code || ' ' || compared.kind || ' ' || made.code || '/' || made.entry_version,
        format('挂牌 %s 放宽了目录条目 %s 第 %s 版的使用条件 %s（%s）。', standing.code, made.code, made.entry_version,
            compared.kind, compared.directory_value),
        format('The offer %s loosens the condition %s (%s) of version %s of the directory entry %s.', standing.code,
            compared.kind, compared.directory_value, made.entry_version, made.code)
    FROM offered_condition_by_entry AS compared JOIN standing ON standing.id = compared.offer_id
    JOIN made ON made.entry_id = compared.entry_id
    WHERE compared.product_id = product AND compared.loosened
    UNION ALL
    SELECT 'price_above_ceiling', standing.code || ' ' || excess.member, format('挂牌 %s：%s。', standing.code, excess.message_zh),
        format('The offer %s: %s.', standing.code, excess.message_en)
    FROM standing, above_ceiling(standing.id, moment) AS excess
$$;
