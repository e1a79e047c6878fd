-- What is missing or wrong in a request to buy, held against the offer's conditions: one row each, by member; no row: nothing.
-- Offers that are accepted without approval take what is not stated as accepted; the others need all of it stated.
-- plpgsql, so that a session plans it once: as a part of the statement that buys, it was planned anew whenever that statement's
-- tables had grown and their statistics were taken. Step by step, so that a purchase prepares only the questions that it raises.
CREATE OR REPLACE FUNCTION request_problem(offer uuid, enterprise uuid, purpose text, scope text, place text,
    since timestamptz, until timestamptz, retention integer, qualifications text[], moment timestamptz)
RETURNS TABLE (field text, reason text) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT problem.field, problem.reason
    FROM offer AS wanted CROSS JOIN LATERAL (VALUES
        ('purpose', CASE WHEN purpose <> ALL (wanted.purposes) THEN format(
            'The purpose ''%s'' is not among those of this offer: %s.', purpose, array_to_string(wanted.purposes, ', ')) END),
        ('scope', CASE WHEN wanted.approval <> 'automatic' AND scope IS NULL
            THEN 'Say what the data is used for, in words.' END),
        ('from', CASE
            WHEN since IS NULL THEN CASE WHEN wanted.approval <> 'automatic' THEN 'Say when the use begins.' END
            WHEN legal_day(since) < legal_day(moment) THEN 'The use begins in the past.'
            WHEN since > moment + interval '1 year' THEN 'The use begins more than a year from now.' END),
        ('until', CASE
            WHEN until IS NULL THEN CASE WHEN wanted.approval <> 'automatic' THEN 'Say when the use ends.' END
            WHEN until <= GREATEST(since, moment) THEN 'The use ends before it begins.'
            WHEN until > GREATEST(since, moment) + make_interval(days => wanted.term_days)
            THEN format('The offer is for %s days at most.', wanted.term_days) END)) AS problem (field, reason)
    WHERE wanted.id = offer AND problem.reason IS NOT NULL;
    IF EXISTS (SELECT FROM offer_condition AS stated WHERE stated.offer_id = offer) THEN
        RETURN QUERY
        SELECT problem.field, problem.reason
        FROM offer_condition AS stated
        JOIN offer AS wanted ON wanted.id = stated.offer_id
        CROSS JOIN LATERAL (SELECT
            CASE stated.kind WHEN 'region' THEN 'place' WHEN 'sector' THEN 'enterprise' WHEN 'retention' THEN 'retention_days'
                WHEN 'qualification' THEN 'qualifications' END AS field,
            CASE stated.kind
            WHEN 'region' THEN CASE
                WHEN place IS NULL THEN CASE WHEN wanted.approval <> 'automatic'
                    THEN 'Say where the data is used (a code of GB/T 2260), within ' || condition_codes(stated.value) || '.' END
                WHEN NOT condition_within('region', to_jsonb(ARRAY[place]), stated.value)
                THEN format('The place %s is not within the region of this offer: %s.', place,
                    condition_codes(stated.value)) END
            WHEN 'sector' THEN (SELECT format('The offer is for the sectors %s, and your enterprise is of %s.',
                condition_codes(stated.value), COALESCE(buyer.industry_section, 'none that is known'))
                FROM party AS buyer WHERE buyer.id = enterprise
                AND NOT COALESCE(stated.value ? buyer.industry_section, false))
            WHEN 'retention' THEN CASE
                WHEN retention IS NULL THEN CASE WHEN wanted.approval <> 'automatic'
                    THEN format('Say for how many days the data is kept, %s at most.', stated.value) END
                WHEN retention > stated.value::numeric THEN format('The data is kept for %s days at most.', stated.value) END
            WHEN 'qualification' THEN CASE WHEN qualifications IS NOT NULL OR wanted.approval <> 'automatic' THEN (
                SELECT 'These qualifications are demanded and not stated: ' || string_agg(demanded, ', ' ORDER BY demanded) || '.'
                FROM jsonb_array_elements_text(stated.value) AS demanded
                WHERE demanded <> ALL (COALESCE(qualifications, '{}'))) END
            END AS reason) AS problem
        WHERE stated.offer_id = offer AND problem.reason IS NOT NULL;
    END IF;
END
$$;
