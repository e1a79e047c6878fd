-- Codes of entries in force that hold every pattern in their title, belong to an organisation and have every tag, a page
-- of them in order, with the number of all: JSON with count and codes. $1 patterns, $2 organisation's party code or null,
-- $3 tags, $4 order: name or modified, $5 whether descending, $6 offset, $7 limit
WITH found AS MATERIALIZED (
    SELECT entry.code, version.recorded_at
    FROM directory_entry AS entry
    JOIN entry_in_force ON entry_in_force.entry_id = entry.id
    JOIN directory_entry_version AS version
        ON version.entry_id = entry.id AND version.number = entry_in_force.number
    WHERE version.title ILIKE ALL ($1::text[])
        AND (cardinality($3::text[]) = 0 OR version.document->'keywords' ?& $3::text[])
        AND ($2::text IS NULL OR entry.id IN (
            SELECT organisation.entry_id FROM entry_organisation AS organisation
            JOIN party ON party.id = organisation.party_id WHERE party.code = $2))
), page AS (
    SELECT code, row_number() OVER (ORDER BY
        CASE WHEN $4 = 'modified' AND $5 THEN recorded_at END DESC, CASE WHEN $4 = 'modified' THEN recorded_at END,
        CASE WHEN $4 = 'name' AND $5 THEN code END DESC, code) AS place
    FROM found ORDER BY place OFFSET $6 LIMIT $7
)
SELECT json_build_object('count', (SELECT count(*) FROM found),
    'codes', COALESCE((SELECT json_agg(code ORDER BY place) FROM page), '[]'::json))::text;
