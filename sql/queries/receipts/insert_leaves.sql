-- Keeps what leaves stand for and tells their events where they stand; the first of them stands at a position.
-- $1 enterprises, $2 events, $3 documents, $4 first position
WITH kept AS (
    INSERT INTO log_leaf (enterprise_id, event_id, position, hash, document)
    SELECT leaf.enterprise_id, leaf.event_id, $4::bigint + leaf.place - 1,
        sha256('\x00' || convert_to(leaf.document, 'UTF8')), convert_to(leaf.document, 'UTF8')
    FROM unnest($1::uuid[], $2::uuid[], $3::text[]) WITH ORDINALITY AS leaf (enterprise_id, event_id, document, place)
    RETURNING enterprise_id, event_id, position
)
UPDATE market_event AS event SET position = kept.position
FROM kept WHERE event.enterprise_id = kept.enterprise_id AND event.id = kept.event_id;
