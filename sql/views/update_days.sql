-- After how many days data of an update frequency is due again; null: nothing that has a rhythm. Catalogues state intervals
-- of ISO 8601, alone or in brackets, names of the EU's vocabulary, or words. A month counts as 31 days and a year as 366,
-- the longest there are; what is updated within a day is due after one, since a revision is published as a whole.
CREATE OR REPLACE FUNCTION update_days(frequency text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH named (word, stated) AS (VALUES
        ('continuous', 'P1D'), ('hourly', 'P1D'), ('daily', 'P1D'), ('weekly', 'P1W'), ('biweekly', 'P2W'),
        ('fortnightly', 'P2W'), ('monthly', 'P1M'), ('bimonthly', 'P2M'), ('quarterly', 'P3M'), ('semiannual', 'P6M'),
        ('annual', 'P1Y'), ('annually', 'P1Y'), ('yearly', 'P1Y'), ('biennial', 'P2Y'), ('triennial', 'P3Y'),
        ('weekly_2', 'P4D'), ('weekly_3', 'P3D'), ('monthly_2', 'P16D'), ('monthly_3', 'P11D'), ('annual_2', 'P6M'),
        ('annual_3', 'P4M'), ('cont', 'P1D'), ('update_cont', 'P1D'), ('daily_2', 'P1D'), ('即时', 'P1D'), ('即時', 'P1D'),
        ('实时', 'P1D'), ('每小时', 'P1D'), ('每小時', 'P1D'), ('每日', 'P1D'), ('每天', 'P1D'), ('每周', 'P1W'), ('每週', 'P1W'), ('每月', 'P1M'),
        ('每季', 'P3M'), ('每季度', 'P3M'), ('每半年', 'P6M'), ('每年', 'P1Y')
    ), interval (stated) AS (
        SELECT COALESCE(
            (SELECT named.stated FROM named
             WHERE named.word = lower(regexp_replace(btrim($1), '^(http\S+/frequency/|approximately )', '', 'i'))),
            substring($1 FROM '\mR\d*/(P(?:\d{1,4}(?:\.\d{1,4})?[YMWD])+)'),
            CASE WHEN $1 ~ '\mR\d*/PT\d' THEN 'P1D' END)
    )
    SELECT GREATEST(1, ceil(
        COALESCE(substring(stated FROM '([\d.]+)Y')::numeric, 0) * 366
        + COALESCE(substring(stated FROM '([\d.]+)M')::numeric, 0) * 31
        + COALESCE(substring(stated FROM '([\d.]+)W')::numeric, 0) * 7
        + COALESCE(substring(stated FROM '([\d.]+)D')::numeric, 0)))::integer
    FROM interval WHERE stated IS NOT NULL
$$;
