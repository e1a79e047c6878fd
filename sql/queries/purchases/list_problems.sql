-- All that is missing or wrong in a request to buy, by member; no row: nothing.
-- $1 enterprise, $2 offer code, $3 purpose, $4 scope, $5 place, $6 from, $7 until, $8 retention in days, $9 qualifications,
-- $10 now
SELECT problem.field, problem.reason
FROM offer, request_problem(offer.id, $1, $3, $4, $5, $6, $7, $8, $9, $10) AS problem
WHERE offer.code = $2 ORDER BY problem.field, problem.reason;
