-- How many days a clock stood from one moment to another, in the unit of its policy; none by a clock that ran backwards.
CREATE OR REPLACE FUNCTION days_stood(stopped_at timestamptz, started_at timestamptz, unit text) RETURNS integer
LANGUAGE sql STABLE RETURN GREATEST(0, CASE unit WHEN 'day' THEN legal_day(started_at) - legal_day(stopped_at)
    ELSE working_days_between(legal_day(stopped_at), legal_day(started_at)) END);
