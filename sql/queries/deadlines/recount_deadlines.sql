-- Counts the due dates of open duties anew, after a policy or the calendar of a year was corrected: the days of the
-- policy, those of an extension, and those the clock stood. Duties counted in plain days keep their date.
UPDATE deadline SET due_on = counted.due_on
FROM (SELECT open.id, add_working_days(legal_day(open.began_at), policy.days + open.paused_days
          + CASE WHEN open.extended_at IS NULL THEN 0 ELSE COALESCE(open.extended_days, policy.extension_days, 0) END) AS due_on
      FROM deadline AS open
      JOIN policy ON policy.rule = open.rule AND policy.effective @> legal_day(open.began_at)
      WHERE open.state IN ('running', 'paused') AND policy.unit = 'working_day') AS counted
WHERE deadline.id = counted.id AND deadline.due_on <> counted.due_on;
