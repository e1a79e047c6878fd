-- Records that law or duties changed on a day, which gives the provider of the entry the policy's days to update it; a
-- duty that runs already stands. The same report again changes nothing. One row: the change as JSON.
-- $1 id, $2 entry, $3 happened on, $4 reason, $5 party, $6 now, $7 deadline, $8 notice
WITH reported AS (
    INSERT INTO directory_change (id, entry_id, happened_on, reason, reported_by, reported_at)
    VALUES ($1, $2, $3::date, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING entry_id
), duty AS (
    SELECT held.party_id, entry.id, entry.code,
        due_on('directory_update', $3::date::timestamp AT TIME ZONE 'Asia/Shanghai') AS due_on
    FROM reported JOIN directory_entry AS entry ON entry.id = reported.entry_id
    JOIN responsibility AS held ON held.subject_id = entry.id AND held.role = 'provider'
        AND upper_inf(held.valid) AND upper_inf(held.recorded)
), opened AS (
    INSERT INTO deadline (id, rule, party_id, subject_kind, subject_id, subject_code, began_at, due_on, state)
    SELECT $7, 'directory_update', party_id, 'directory_entry', id, code,
        $3::date::timestamp AT TIME ZONE 'Asia/Shanghai', due_on, 'running'
    FROM duty WHERE due_on IS NOT NULL
    ON CONFLICT (subject_kind, subject_id, rule) WHERE state IN ('running', 'paused') DO NOTHING
    RETURNING due_on
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT $8, party_id, 'directory.update_due', '/directory/' || code, '目录条目 ' || code || ' 须于 ' || due_on || ' 前更新。',
        'The directory entry ' || code || ' is to be updated by ' || due_on || '.', $6
    FROM duty WHERE due_on IS NOT NULL
)
SELECT EXISTS (SELECT FROM reported) AS is_new, json_build_object(
    'entry', entry.code, 'happened_on', $3::date, 'reason', $4::text,
    'due_on', COALESCE((SELECT due_on FROM opened), (SELECT deadline.due_on FROM deadline
        WHERE subject_kind = 'directory_entry' AND subject_id = entry.id AND rule = 'directory_update'
            AND deadline.state IN ('running', 'paused'))))::text
FROM directory_entry AS entry WHERE entry.id = $2;
