-- Every check of what can be recomputed: name, how many were checked, how many are wrong.
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
SELECT 'purchases have the command that made them', count(*),
    count(*) FILTER (WHERE NOT EXISTS (SELECT FROM command_key WHERE command_key.enterprise_id = purchase.enterprise_id
        AND command_key.purchase_id = purchase.id))
FROM purchase
UNION ALL
SELECT 'purchases have an entitlement exactly when an agreement was concluded', count(*),
    count(*) FILTER (WHERE (purchase.accepted_at IS NOT NULL) <> EXISTS (SELECT FROM entitlement
        WHERE entitlement.enterprise_id = purchase.enterprise_id AND entitlement.purchase_id = purchase.id))
FROM purchase
UNION ALL
SELECT 'ended purchases have a right that ended', count(*),
    count(*) FILTER (WHERE COALESCE(entitlement.ended_at, upper(entitlement.valid)) > purchase.ended_at)
FROM purchase JOIN entitlement ON entitlement.enterprise_id = purchase.enterprise_id
    AND entitlement.purchase_id = purchase.id
WHERE purchase.state = 'ended'
UNION ALL
SELECT 'requests wait for as many decisions as are open', count(*), count(*) FILTER (WHERE purchase.awaited <> (
    SELECT count(*) FROM purchase_decision AS decision WHERE decision.enterprise_id = purchase.enterprise_id
        AND decision.purchase_id = purchase.id AND decision.decision IS NULL AND decision.round = (
            SELECT max(round) FROM purchase_decision AS newest WHERE newest.enterprise_id = purchase.enterprise_id
                AND newest.purchase_id = purchase.id)))
FROM purchase WHERE state = 'requested'
UNION ALL
SELECT 'transitions have the event that tells of them', count(*), count(*) FILTER (WHERE told.events <> told.transitions)
FROM (SELECT (SELECT count(*) FROM market_event WHERE market_event.enterprise_id = purchase.enterprise_id
              AND market_event.purchase_id = purchase.id AND market_event.type LIKE 'purchase.%') AS events,
          purchase.transition AS transitions
      FROM purchase WHERE EXISTS (SELECT FROM market_event WHERE market_event.enterprise_id = purchase.enterprise_id
          AND market_event.purchase_id = purchase.id AND market_event.type LIKE 'purchase.%')) AS told
UNION ALL
SELECT 'places taken are those that purchases hold', count(*), count(*) FILTER (WHERE taken <> (
    SELECT count(*) FROM purchase WHERE purchase.offer_id = offer_place.offer_id AND purchase.holds_place))
FROM offer_place
UNION ALL
SELECT 'what was used of grants is what was taken for uses', count(*), count(*) FILTER (WHERE used <> COALESCE((
    SELECT sum(taken.quantity) FROM grant_use AS taken WHERE taken.enterprise_id = held.enterprise_id
        AND taken.entitlement_id = held.entitlement_id AND taken.meter = held.meter AND taken.grant_id = held.id
        AND taken.since = held.since), 0))
FROM entitlement_grant AS held
UNION ALL
SELECT 'issued invoices have the lines that were recorded', count(*),
    count(*) FILTER (WHERE data->>'lines_sha256' <> invoice_digest(enterprise_id, subject_id))
FROM market_event WHERE type = 'invoice.issued' AND data ? 'lines_sha256'
UNION ALL
SELECT 'every link of a listed product that needs a responsible party has one', count(*),
    count(*) FILTER (WHERE EXISTS (SELECT FROM missing_responsibility(product.id, transaction_timestamp())))
FROM product WHERE delisted_at IS NULL
    AND NOT EXISTS (SELECT FROM withdrawn_source AS gone WHERE gone.product_id = product.id)
UNION ALL
SELECT 'parties that were succeeded answer for nothing after it', count(*),
    count(*) FILTER (WHERE EXISTS (SELECT FROM responsibility AS held
        WHERE held.party_id = succession.predecessor_id AND upper_inf(held.recorded)
            AND (upper_inf(held.valid) OR upper(held.valid) > succession.effective_at)))
FROM party_succession AS succession WHERE upper_inf(succession.recorded)
UNION ALL
SELECT 'events stand in the log at the place of their leaf', count(*),
    count(*) FILTER (WHERE leaf.position IS DISTINCT FROM event.position)
FROM market_event AS event
LEFT JOIN log_leaf AS leaf ON leaf.enterprise_id = event.enterprise_id AND leaf.event_id = event.id
UNION ALL
SELECT 'leaves of the log hash to their records', count(*),
    count(*) FILTER (WHERE node.hash IS DISTINCT FROM sha256('\x00' || leaf.document))
FROM log_leaf AS leaf LEFT JOIN log_node AS node ON node.level = 0 AND node.position = leaf.position
UNION ALL
SELECT 'purchases whose conclusion is recorded have an agreement with the hash of its document', count(*),
    count(*) FILTER (WHERE agreement.sha256 IS DISTINCT FROM sha256(agreement.document))
FROM purchase
LEFT JOIN agreement ON agreement.enterprise_id = purchase.enterprise_id AND agreement.purchase_id = purchase.id
WHERE purchase.accepted_at IS NOT NULL AND EXISTS (SELECT FROM market_event AS event
    WHERE event.enterprise_id = purchase.enterprise_id AND event.purchase_id = purchase.id
        AND event.type IN ('purchase.agreed', 'purchase.active') AND event.position IS NOT NULL)
UNION ALL
SELECT 'tables have as many rows as their parts', count(*), count(*) FILTER (WHERE made.rows <> (
    SELECT COALESCE(sum(part.rows), 0) FROM revision_part AS part
    WHERE part.product_id = made.product_id AND part.number = made.number AND part.kind = 'rows'))
FROM revision_table AS made;
