-- With which link a correction was from a step on, so that its past stays known when it is passed on.
ALTER TABLE correction_step ADD link text CONSTRAINT correction_step_link_known
    CHECK (link IS NULL OR link IN ('source', 'publication', 'processing', 'delivery') AND step IN ('raise', 'pass_on'));
-- Of those of old only where they are now is known.
UPDATE correction_step AS step SET link = correction.link
FROM correction
WHERE correction.enterprise_id = step.enterprise_id AND correction.id = step.correction_id
    AND step.number = (SELECT max(number) FROM correction_step AS moved WHERE moved.enterprise_id = correction.enterprise_id
        AND moved.correction_id = correction.id AND moved.step IN ('raise', 'pass_on'));
