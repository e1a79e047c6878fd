-- Which enterprises used what in archived months, in the order of their ids, each with about how many events. A declared
-- statement across enterprises. No row: nothing is archived.
SELECT total.enterprise_id, sum(total.events)::bigint FROM usage_total AS total
WHERE EXISTS (SELECT FROM usage_archive AS archive WHERE total.day BETWEEN legal_day(archive.since)
    AND legal_day(archive.until - interval '1 microsecond'))
GROUP BY total.enterprise_id ORDER BY total.enterprise_id;
