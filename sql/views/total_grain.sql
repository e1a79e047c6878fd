-- The rows of totals that something adds to: that of its days, that of their months, and that of their years.
CREATE OR REPLACE FUNCTION total_grain(happened_on date, recorded_on date)
RETURNS TABLE (grain text, happened_in date, recorded_in date) LANGUAGE sql IMMUTABLE AS $$
VALUES ('day', happened_on, recorded_on),
    ('month', date_trunc('month', happened_on::timestamp)::date, date_trunc('month', recorded_on::timestamp)::date),
    ('year', date_trunc('year', happened_on::timestamp)::date, date_trunc('year', recorded_on::timestamp)::date)
$$;
