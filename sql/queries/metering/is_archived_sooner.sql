-- Whether a meter that takes events so late would take some of months that are archived, or are to be. Months are counted as 28
-- days.
-- $1 hours in which late events are taken, $2 now
SELECT EXISTS (SELECT FROM policy WHERE rule = 'usage_retention'
    AND COALESCE(upper(effective) > legal_day($2), true) AND value * interval '28 days' < make_interval(hours => $1::integer))
    OR EXISTS (SELECT FROM usage_archive WHERE until > $2 - make_interval(hours => $1::integer));
