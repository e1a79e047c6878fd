-- The entitlements that an enterprise used on the days around a time. $1 enterprise, $2 time
SELECT DISTINCT total.entitlement_id FROM usage_total AS total
WHERE total.enterprise_id = $1
    AND total.day BETWEEN legal_day($2::timestamptz - interval '1 second') AND legal_day($2::timestamptz + interval '1 second');
