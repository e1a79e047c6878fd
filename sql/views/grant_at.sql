-- How a grant stands at a moment in `valid`: the period it lies in, what was carried into it, what was used and what is left.
-- A period before the one of the last use does not come again, also when clocks differ.
-- Each OFFSET 0 keeps a level by itself: drawn into one another, their expressions multiply, and a session spent more on making
-- them ready than on all the rest of a check.
CREATE OR REPLACE FUNCTION grant_at(quantity numeric, period text, carry_over numeric, valid tstzrange, since timestamptz,
    carried numeric, used numeric, moment timestamptz)
RETURNS TABLE (since timestamptz, until timestamptz, carried numeric, used numeric, room numeric)
LANGUAGE sql IMMUTABLE AS $$
    SELECT standing.since, standing.until, standing.carried, standing.used,
        GREATEST(0, grant_at.quantity + standing.carried - standing.used)
    FROM (SELECT period_number(lower(grant_at.valid), grant_at.period, GREATEST(moment, grant_at.since)) AS number
        OFFSET 0) AS this
    CROSS JOIN LATERAL (SELECT period_start(lower(grant_at.valid), grant_at.period, this.number) AS since
        OFFSET 0) AS begun
    CROSS JOIN LATERAL (SELECT begun.since, LEAST(upper(grant_at.valid), CASE WHEN grant_at.period IS NOT NULL
            THEN period_start(lower(grant_at.valid), grant_at.period, this.number + 1) END) AS until,
        CASE WHEN grant_at.since >= begun.since THEN grant_at.carried
            -- What was carried in is used before the period's own quantity and carried no further.
            WHEN grant_at.since >= period_start(lower(grant_at.valid), grant_at.period, this.number - 1)
            THEN LEAST(grant_at.carry_over, grant_at.quantity,
                GREATEST(0, grant_at.quantity + grant_at.carried - grant_at.used))
            ELSE LEAST(grant_at.carry_over, grant_at.quantity) END AS carried,
        CASE WHEN grant_at.since >= begun.since THEN grant_at.used ELSE 0 END AS used OFFSET 0) AS standing
$$;
