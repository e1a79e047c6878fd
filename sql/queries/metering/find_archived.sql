-- What of archived usage a reading of single events goes over, newest month first: month, enterprise, sha256, how many events
-- are about there, whether they are recalled, whether that is so new that the reading may have missed it, and whether the use
-- of it should be noted. No row: nothing, as always while nothing is archived.
-- $1 enterprise_ids, $2 their entitlements, $3 from and $4 until of what is read, $5 the oldest time that a full page reached,
-- $6 when the reading began (clocks may differ by a minute)
WITH archive AS MATERIALIZED (
    SELECT archive.month, archive.sha256, legal_day(archive.since) AS first_day,
        legal_day(archive.until - interval '1 microsecond') AS last_day
    FROM usage_archive AS archive
    WHERE archive.until > COALESCE($5::timestamptz, '-infinity') AND EXISTS (
        SELECT FROM unnest($3::timestamptz[], $4::timestamptz[]) AS range (since, until)
        WHERE range.since < archive.until AND range.until > archive.since)
), used AS (
    SELECT archive.month, archive.sha256, asked.enterprise_id, sum(counted.events)::bigint AS events
    FROM archive
    CROSS JOIN unnest($1::uuid[], $2::uuid[]) AS asked (enterprise_id, entitlement_id)
    CROSS JOIN LATERAL (
        SELECT sum(total.events) AS events FROM usage_total AS total
        WHERE total.enterprise_id = asked.enterprise_id AND total.entitlement_id = asked.entitlement_id
            AND total.day BETWEEN archive.first_day AND archive.last_day) AS counted
    WHERE counted.events > 0
    GROUP BY archive.month, archive.sha256, asked.enterprise_id
)
SELECT used.month::text, used.enterprise_id, used.sha256, used.events, recall.month IS NOT NULL,
    COALESCE(recall.recalled_at > $6::timestamptz - interval '1 minute', false),
    COALESCE(recall.used_at < transaction_timestamp() - interval '1 hour', false)
FROM used LEFT JOIN usage_recall AS recall ON recall.enterprise_id = used.enterprise_id AND recall.month = used.month
ORDER BY used.month DESC, used.enterprise_id;
