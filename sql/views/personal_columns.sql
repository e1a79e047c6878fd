-- The columns of a revision whose values are not shown: those that this or a later revision of the product marks as personal,
-- and all of them when a directory entry it was made of is said to hold personal information, in the version it was made of or
-- in force.
CREATE OR REPLACE FUNCTION personal_columns(product uuid, revision integer) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT COALESCE(array_agg(declared->>'name'), '{}')
    FROM product_revision AS own, jsonb_array_elements(own.columns) AS declared
    WHERE product_id = $1 AND number = $2 AND (EXISTS (
        SELECT FROM product_revision AS later, jsonb_array_elements(later.columns) AS marked
        WHERE later.product_id = $1 AND later.number >= $2 AND marked->>'name' = declared->>'name'
            AND marked->'personal' = 'true'
    ) OR EXISTS (
        SELECT FROM product_revision_source AS used
        LEFT JOIN entry_in_force AS in_force ON in_force.entry_id = used.entry_id
        JOIN directory_entry_version AS version
            ON version.entry_id = used.entry_id AND version.number IN (used.entry_version, in_force.number)
        WHERE used.product_id = $1 AND used.number = $2 AND version.document->'personalInformation' = 'true'))
$$;
