-- Notes that the totals hold all that the log does, of every enterprise (enterprise_id).
UPDATE adoption_progress SET position = COALESCE((SELECT max(position) FROM log_leaf), -1), is_made = true;
