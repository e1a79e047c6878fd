-- The classes of a step of an enterprise, one of each dimension.
CREATE OR REPLACE FUNCTION step_class(of_enterprise uuid, cohort text)
RETURNS TABLE (dimension text, class text) LANGUAGE sql STABLE AS $$
SELECT dimension, class FROM buyer_class(of_enterprise) UNION ALL SELECT 'cohort', cohort
$$;
