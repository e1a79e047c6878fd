-- Extends a running duty, once, by the days its policy allows; nothing when it may not be extended (again).
-- $1 subject kind, $2 subject id, $3 rule, $4 basis, $5 now
UPDATE deadline SET extended_at = $5, extension_basis = $4,
    due_on = move_by(deadline.due_on, policy.extension_days, policy.unit)
FROM policy
WHERE deadline.subject_kind = $1 AND deadline.subject_id = $2 AND deadline.rule = $3 AND deadline.state = 'running'
    AND deadline.extended_at IS NULL AND policy.rule = deadline.rule
    AND policy.effective @> legal_day(deadline.began_at) AND policy.extension_days IS NOT NULL;
