-- Clocks of duties: how long they stood still, how working days are counted, and who corrected a policy.
ALTER TABLE deadline ADD COLUMN paused_days integer NOT NULL DEFAULT 0
    CONSTRAINT deadline_paused_days_not_negative CHECK (paused_days >= 0);
-- Lists are in the order of the due date, whatever the state.
CREATE INDEX deadline_by_due_date ON deadline (due_on, id);
ALTER TABLE policy ADD COLUMN recorded_by uuid REFERENCES party;
ALTER TABLE policy ADD COLUMN recorded_at timestamptz;
CREATE INDEX notice_unacknowledged ON notice (party_id) WHERE acknowledged_at IS NULL;

INSERT INTO policy (rule, effective, title_zh, title_en, days, unit, extension_days, article, source, verified) VALUES
('near_due', '[2025-01-01,)', '即将到期提醒', 'How many working days before its due date a duty counts as near', 3,
    'working_day', NULL, NULL, 'The market''s own rule', true);

-- Mondays to Fridays from 3 January 2000, which was a Monday, up to and with a day.
CREATE FUNCTION weekdays_until(day date) RETURNS integer LANGUAGE sql IMMUTABLE
RETURN 5 * floor((day - date '2000-01-03') / 7.0)::integer
    + least(1 + (day - date '2000-01-03') - 7 * floor((day - date '2000-01-03') / 7.0)::integer, 5);

-- Working days after one day up to and with another: Mondays to Fridays, corrected by the days that differ from that.
-- Negative when the second day is before the first.
CREATE FUNCTION working_days_between(first date, last date) RETURNS integer LANGUAGE sql STABLE
RETURN sign(last - first)::integer * (SELECT
    weekdays_until(greatest(first, last)) - weekdays_until(least(first, last))
    + COALESCE(sum(is_working::integer - (extract(isodow FROM day) < 6)::integer), 0)::integer
    FROM calendar_day WHERE day > least(first, last) AND day <= greatest(first, last));

-- A day moved by a number of days of a policy's unit.
CREATE FUNCTION move_by(day date, days integer, unit text) RETURNS date LANGUAGE sql STABLE
RETURN CASE unit WHEN 'day' THEN day + days ELSE add_working_days(day, days) END;
