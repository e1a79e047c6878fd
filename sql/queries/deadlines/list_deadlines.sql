-- Deadlines by due date: key (due date and id) and JSON per row. $1 party or null for all, $2 rule or null,
-- $3 state or null for those that are open, $4 band or null, $5 due date and $6 id to start after or null, $7 limit,
-- $8 now, $9 the one deadline asked for in whatever state, or null
SELECT deadline.due_on || ' ' || deadline.id, json_build_object(
    'id', deadline.id, 'rule', deadline.rule, 'title_zh', policy.title_zh, 'title_en', policy.title_en,
    'article', policy.article, 'verified', COALESCE(policy.verified, false), 'source', policy.source,
    'subject', json_build_object('kind', deadline.subject_kind, 'id', deadline.subject_id,
        'code', deadline.subject_code),
    'party', party_summary.document, 'began_at', deadline.began_at, 'due_on', deadline.due_on,
    'state', deadline.state, 'band', band.name,
    'working_days_left', CASE WHEN deadline.ended_at IS NULL THEN working_days_between(
        legal_day(COALESCE(deadline.paused_at, $8)), deadline.due_on) END,
    'paused_since', deadline.paused_at, 'paused_days', deadline.paused_days, 'extended_at', deadline.extended_at,
    'extension_basis', deadline.extension_basis, 'ended_at', deadline.ended_at,
    'extension_days', CASE WHEN deadline.extended_at IS NULL AND NOT deadline.is_fixed THEN policy.extension_days END,
    'is_fixed', deadline.is_fixed,
    'pauses', (SELECT COALESCE(json_agg(json_build_object('reason', pause.reason, 'waiting_for', awaited.document,
            -- A duty that ended while its clock stood ended the pause too.
            'paused_at', pause.paused_at, 'resumed_at', COALESCE(pause.resumed_at, deadline.ended_at),
            'days', pause.days) ORDER BY pause.number), '[]')
        FROM deadline_pause AS pause JOIN party_summary AS awaited ON awaited.id = pause.awaited_id
        WHERE pause.deadline_id = deadline.id))::text
FROM deadline
JOIN party_summary ON party_summary.id = deadline.party_id
LEFT JOIN policy ON policy.rule = deadline.rule AND policy.effective @> legal_day(deadline.began_at)
CROSS JOIN LATERAL (SELECT CASE
    WHEN deadline.ended_at IS NOT NULL THEN 'ended'
    WHEN deadline.state = 'paused' THEN 'paused'
    WHEN deadline.due_on < legal_day($8) THEN 'overdue'
    WHEN deadline.due_on = legal_day($8) THEN 'due'
    WHEN deadline.due_on <= (SELECT add_working_days(legal_day($8), near.days) FROM policy AS near
        WHERE near.rule = 'near_due' AND near.effective @> legal_day($8)) THEN 'near'
    ELSE 'later' END AS name) AS band
WHERE ($1::uuid IS NULL OR deadline.party_id = $1) AND ($2::text IS NULL OR deadline.rule = $2)
    AND CASE WHEN $9::uuid IS NOT NULL THEN deadline.id = $9 WHEN $3::text IS NULL THEN deadline.state IN ('running', 'paused') ELSE deadline.state = $3 END
    AND ($4::text IS NULL OR band.name = $4)
    AND ($5::date IS NULL OR (deadline.due_on, deadline.id) > ($5, $6::uuid))
ORDER BY deadline.due_on, deadline.id LIMIT $7;
