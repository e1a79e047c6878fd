-- Steps of enterprises by the month in which each first bought, as known then, so that they can be added up by it.
ALTER TABLE enterprise_step ADD cohort text NOT NULL DEFAULT '';
ALTER TABLE enterprise_step ALTER cohort DROP DEFAULT;
ALTER TABLE enterprise_step DROP CONSTRAINT enterprise_step_pkey;
ALTER TABLE enterprise_step ADD PRIMARY KEY (enterprise_id, measure, standing, happened_at, recorded_at, cohort);
DROP FUNCTION IF EXISTS standing_history(uuid);
-- They and their totals are made anew by the next turn; what the totals hold of use stays.
UPDATE adoption_progress SET position = -1, is_made = false;
