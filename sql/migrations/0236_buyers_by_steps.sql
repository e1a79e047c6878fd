-- Whether an enterprise had bought by a time, as known by another.
CREATE INDEX enterprise_step_bought ON enterprise_step (enterprise_id) INCLUDE (happened_at, recorded_at)
WHERE measure = 'bought' AND change > 0;
-- Steps are added up by class in the totals; what an enterprise is stands with the party.
ALTER TABLE enterprise_step DROP COLUMN industry_section, DROP COLUMN province, DROP COLUMN enterprise_kind;
