-- The same of many uses at once, in their order: JSON, or null where the entitlement is not the enterprise's. $1 enterprise,
-- $2 entitlements, $3 meters, $4 quantities, $5 purposes, each of the same length, $6 now
SELECT would.document
FROM unnest($2::uuid[], $3::text[], $4::numeric[], $5::text[]) WITH ORDINALITY AS asked (entitlement, meter, quantity, purpose, place)
LEFT JOIN LATERAL would_allow($1, asked.entitlement, asked.meter, asked.quantity, asked.purpose, $6) AS would ON true
ORDER BY asked.place;
