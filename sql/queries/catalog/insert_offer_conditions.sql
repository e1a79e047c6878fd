-- The conditions of a new offer. $1 offer code, $2 conditions as JSON [{kind, value, basis}]
INSERT INTO offer_condition (offer_id, kind, value, basis, position)
SELECT offer.id, stated.condition->>'kind', NULLIF(stated.condition->'value', 'null'), stated.condition->>'basis',
    stated.position
FROM offer, jsonb_array_elements($2::jsonb) WITH ORDINALITY AS stated(condition, position)
WHERE offer.code = $1;
