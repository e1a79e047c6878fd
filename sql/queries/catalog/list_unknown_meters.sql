-- Which of the codes are no meters that use can be priced and limited by: only what is summed or counted adds up over a period,
-- whoever divides it. $1 codes
SELECT code FROM unnest($1::text[]) AS code WHERE NOT EXISTS (SELECT FROM meter WHERE meter.code = code.code
    AND meter.aggregation IN ('sum', 'count')) ORDER BY code;
