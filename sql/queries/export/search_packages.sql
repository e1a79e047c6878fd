-- Codes of entries in force that hold every pattern in their title, belong to an organisation and have every tag, a page
-- of them in order, with the number of all: JSON with count and codes. $1 patterns, $2 codes of organisations or null,
-- $3 codes of organisations that are left out, $4 tags, $5 order: name, id or modified, $6 whether descending, $7 offset,
-- $8 limit, $9 changed since or null, $10 changed until or null
WITH found AS MATERIALIZED (
    SELECT entry.code, entry.id, version.recorded_at
    FROM directory_entry AS entry
    JOIN entry_in_force ON entry_in_force.entry_id = entry.id
    JOIN directory_entry_version AS version
        ON version.entry_id = entry.id AND version.number = entry_in_force.number
    WHERE version.title ILIKE ALL ($1::text[])
        AND ($9::timestamptz IS NULL OR version.recorded_at >= $9)
        AND ($10::timestamptz IS NULL OR version.recorded_at <= $10)
        AND (cardinality($4::text[]) = 0 OR version.document->'keywords' ?& $4::text[])
        AND ($2::text[] IS NULL OR entry.id IN (
            SELECT organisation.entry_id FROM entry_organisation AS organisation
            JOIN party ON party.id = organisation.party_id WHERE party.code = ANY($2)))
        AND (cardinality($3::text[]) = 0 OR entry.id NOT IN (
            SELECT organisation.entry_id FROM entry_organisation AS organisation
            JOIN party ON party.id = organisation.party_id WHERE party.code = ANY($3)))
), page AS (
    SELECT code, row_number() OVER (ORDER BY
        CASE WHEN $5 = 'modified' AND $6 THEN recorded_at END DESC, CASE WHEN $5 = 'modified' THEN recorded_at END,
        CASE WHEN $5 = 'id' AND $6 THEN id END DESC, CASE WHEN $5 = 'id' THEN id END,
        CASE WHEN $5 = 'name' AND $6 THEN code END DESC, code) AS place
    FROM found ORDER BY place OFFSET $7 LIMIT $8
)
SELECT json_build_object('count', (SELECT count(*) FROM found),
    'codes', COALESCE((SELECT json_agg(code ORDER BY place) FROM page), '[]'::json))::text;
