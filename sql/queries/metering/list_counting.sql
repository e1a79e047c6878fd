-- The meters that count reported events of some types: code, event type, product or null, aggregation, value, what counts when
-- none is stated, digits behind the point, dimensions, for how many seconds after a use its event is counted. $1 event types
SELECT code, event_type, product_id, aggregation, value, least::text, scale::integer, dimensions,
    extract(epoch FROM accepted_for)::float8
FROM meter WHERE event_type = ANY($1::text[]) ORDER BY code;
