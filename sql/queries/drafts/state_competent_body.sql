-- Makes a party the competent body of a source from now on, and the source if it is new; the body before ends.
-- $1 source if new, $2 source code, $3 title, $4 party, $5 basis, $6 now
WITH source AS (
    INSERT INTO directory_source (id, code, title, recorded_at) VALUES ($1, $2, $3, $6)
    ON CONFLICT (code) DO UPDATE SET title = COALESCE(NULLIF(excluded.title, ''), directory_source.title)
    RETURNING id
), ended AS (
    UPDATE competent_body SET valid = tstzrange(lower(valid), $6)
    FROM source WHERE source_id = source.id AND upper_inf(valid) AND party_id <> $4 RETURNING source_id
)
INSERT INTO competent_body (source_id, party_id, valid, basis)
SELECT source.id, $4, tstzrange($6, NULL), $5 FROM source LEFT JOIN ended ON ended.source_id = source.id
WHERE NOT EXISTS (SELECT FROM competent_body AS held WHERE held.source_id = source.id AND upper_inf(held.valid)
                  AND held.party_id = $4);
