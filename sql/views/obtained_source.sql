-- The directory entry versions behind a product whose data was received by sharing: the version that the newest revision
-- was made of and the version in force. With each until which day its provider, or who came in its place, consents at a
-- moment, by consents for the product or for everything of its operator; null: no consent is in force.
CREATE OR REPLACE FUNCTION obtained_source(product uuid, moment timestamptz)
RETURNS TABLE (entry_id uuid, number integer, provider_code text, until date) LANGUAGE sql STABLE AS $$
    SELECT version.entry_id, version.number, version.received_from, (
        SELECT max(upper(consent.valid) - 1)
        FROM party
        LEFT JOIN LATERAL successor_now(party.id, 'provider', version.entry_id, 'infinity') AS heir ON true
        JOIN consent ON consent.entry_id = version.entry_id AND consent.party_id IN (party.id, heir.party_id)
        WHERE party.code = version.received_from
            AND consent.state IN ('given', 'withdrawn') AND consent.valid @> legal_day(moment)
            AND (consent.withdrawn_at IS NULL OR consent.withdrawn_at > moment)
            AND (consent.product_id = obtained_source.product OR consent.product_id IS NULL AND EXISTS (
                SELECT FROM responsibility WHERE responsibility.subject_id = obtained_source.product
                    AND responsibility.role = 'operator' AND responsibility.party_id = consent.operator_id
                    AND range_contains_elem(responsibility.valid, moment) AND upper_inf(responsibility.recorded))))
    FROM newest_source AS source
    -- One look-up of two keys: with OR the planner reads a whole index for each number.
    JOIN directory_entry_version AS version ON version.entry_id = source.entry_id
        AND version.number = ANY(ARRAY[source.entry_version, (
            SELECT entry_in_force.number FROM entry_in_force WHERE entry_in_force.entry_id = source.entry_id)])
    WHERE source.product_id = obtained_source.product AND version.received_from IS NOT NULL
$$;
