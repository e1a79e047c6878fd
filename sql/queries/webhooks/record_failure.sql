-- Records that an attempt failed: the delivery waits, or is dead when it was the last. A webhook that answered 410 is gone,
-- one that has failed for long is paused, and its party is told. No row when another attempt was begun since.
-- $1 enterprise, $2 webhook, $3 event, $4 attempt, $5 status or null, $6 answer or null, $7 failure, $8 when to try again,
-- null: never, $9 now, $10 since when a webhook must have failed to be paused, $11 notice id
WITH failed AS (
    UPDATE webhook_delivery SET state = CASE WHEN $8::timestamptz IS NULL THEN 'dead' ELSE 'pending' END, status = $5,
        answer = $6, failure = $7, due_at = COALESCE($8, due_at)
    WHERE enterprise_id = $1 AND webhook_id = $2 AND event_id = $3 AND attempts = $4 AND state = 'pending'
    RETURNING webhook_id
), stopped AS (
    UPDATE webhook SET state = CASE WHEN $5 = 410 THEN 'gone' ELSE 'paused' END
    FROM failed
    WHERE webhook.id = failed.webhook_id AND webhook.state = 'active' AND ($5 = 410 OR failing_since <= $10)
    RETURNING webhook.party_id, webhook.id, webhook.url, webhook.state
), failing AS (
    UPDATE webhook SET failing_since = $9
    FROM failed
    WHERE webhook.id = failed.webhook_id AND failing_since IS NULL AND $5 IS DISTINCT FROM 410
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT $11, party_id, 'webhook.' || state, '/webhooks/' || id,
        format(CASE state WHEN 'gone' THEN '推送地址 %s 答复 410，不再推送。' ELSE '推送地址 %s 长时间未能送达，已暂停。' END, url),
        format(CASE state WHEN 'gone' THEN 'The webhook %s answered 410 and is told no more.'
            ELSE 'The webhook %s has failed for long and is paused.' END, url), $9
    FROM stopped
)
SELECT true FROM failed;
