-- Ends the policy of a rule that is in force without end, on the day before another begins; answers it, for what the new
-- one does not say. No row: none is in force that began before. $1 rule, $2 day
UPDATE policy SET effective = daterange(lower(effective), $2)
WHERE rule = $1 AND upper_inf(effective) AND lower(effective) < $2::date
RETURNING title_zh, title_en, unit, extension_days, article;
