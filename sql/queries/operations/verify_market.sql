-- Every check of what can be recomputed: name, how many were checked, how many are wrong.
SELECT 'content has the bytes and the SHA-256 it is kept under', count(*), count(*) FILTER (WHERE NOT same)
FROM (SELECT content.sha256 = sha256(COALESCE(string_agg(chunk.bytes, ''::bytea ORDER BY chunk.number), ''::bytea))
             AND content.bytes = COALESCE(sum(octet_length(chunk.bytes)), 0) AS same
      FROM content LEFT JOIN content_chunk AS chunk USING (sha256) GROUP BY content.sha256) AS contents
UNION ALL
SELECT 'entry versions have the digest of their document', count(*),
    count(*) FILTER (WHERE digest <> sha256(convert_to(document::text, 'UTF8')))
FROM directory_entry_version
UNION ALL
SELECT 'entry versions were in force at some time', count(*),
    count(*) FILTER (WHERE NOT EXISTS (SELECT FROM directory_entry_validity AS validity
        WHERE validity.entry_id = version.entry_id AND validity.number = version.number))
FROM directory_entry_version AS version
UNION ALL
SELECT 'product revisions lead back to a directory entry version', count(*),
    count(*) FILTER (WHERE NOT EXISTS (SELECT FROM product_revision_source AS used
        WHERE used.product_id = revision.product_id AND used.number = revision.number))
FROM product_revision AS revision
UNION ALL
SELECT 'listed products have an operator and a seller', count(*),
    count(*) FILTER (WHERE (SELECT count(*) FROM responsibility WHERE subject_id = product.id
        AND role IN ('operator', 'seller') AND upper_inf(valid) AND upper_inf(recorded)) <> 2)
FROM product WHERE listed_at IS NOT NULL AND delisted_at IS NULL
UNION ALL
SELECT 'purchases have an entitlement and the command that made them', count(*),
    count(*) FILTER (WHERE NOT EXISTS (SELECT FROM entitlement WHERE entitlement.enterprise_id = purchase.enterprise_id
            AND entitlement.purchase_id = purchase.id)
        OR NOT EXISTS (SELECT FROM command_key WHERE command_key.enterprise_id = purchase.enterprise_id
            AND command_key.purchase_id = purchase.id))
FROM purchase
UNION ALL
SELECT 'usage was counted while its entitlement was in force', count(*),
    count(*) FILTER (WHERE NOT entitlement.valid @> usage_event.occurred_at)
FROM usage_event
JOIN entitlement ON entitlement.enterprise_id = usage_event.enterprise_id
    AND entitlement.id = usage_event.entitlement_id
UNION ALL
SELECT 'every link of a listed product that needs a responsible party has one', count(*),
    count(*) FILTER (WHERE EXISTS (SELECT FROM missing_responsibility(product.id, transaction_timestamp())))
FROM product WHERE delisted_at IS NULL
UNION ALL
SELECT 'parties that were succeeded answer for nothing after it', count(*),
    count(*) FILTER (WHERE EXISTS (SELECT FROM responsibility AS held
        WHERE held.party_id = succession.predecessor_id AND upper_inf(held.recorded)
            AND (upper_inf(held.valid) OR upper(held.valid) > succession.effective_at)))
FROM party_succession AS succession WHERE upper_inf(succession.recorded)
UNION ALL
SELECT 'events stand in the log, each at the place of its leaf', count(*),
    count(*) FILTER (WHERE leaf.position IS DISTINCT FROM event.position OR event.position IS NULL)
FROM market_event AS event
LEFT JOIN log_leaf AS leaf ON leaf.enterprise_id = event.enterprise_id AND leaf.event_id = event.id
UNION ALL
SELECT 'leaves of the log hash to their records', count(*),
    count(*) FILTER (WHERE node.hash IS DISTINCT FROM sha256('\x00' || leaf.document))
FROM log_leaf AS leaf LEFT JOIN log_node AS node ON node.level = 0 AND node.position = leaf.position
UNION ALL
SELECT 'purchases that were agreed have an agreement with the hash of its document', count(*),
    count(*) FILTER (WHERE agreement.sha256 IS DISTINCT FROM sha256(agreement.document))
FROM purchase
LEFT JOIN agreement ON agreement.enterprise_id = purchase.enterprise_id AND agreement.purchase_id = purchase.id
WHERE purchase.accepted_at IS NOT NULL AND EXISTS (SELECT FROM market_event AS event
    WHERE event.enterprise_id = purchase.enterprise_id AND event.purchase_id = purchase.id);
