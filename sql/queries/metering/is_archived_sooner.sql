-- Whether a meter that takes events so late would take some of months that are archived. Months are counted as 28 days.
-- $1 hours in which late events are taken, $2 now
SELECT EXISTS (SELECT FROM policy WHERE rule = 'usage_retention'
    AND COALESCE(upper(effective) > legal_day($2), true) AND value * interval '28 days' < make_interval(hours => $1::integer));
