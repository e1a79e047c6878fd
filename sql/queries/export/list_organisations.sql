-- Parties that answer for entries in force, as CKAN organisations by name, as a JSON array.
-- $1 party code or null for all, $2 offset, $3 limit
SELECT COALESCE(json_agg(json_build_object('id', page.id, 'name', lower(page.code), 'title', page.name,
    'display_name', page.name, 'description', '', 'image_url', '', 'type', 'organization', 'is_organization', true,
    'state', 'active', 'approval_status', 'approved', 'package_count', page.entries,
    'created', to_char(page.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')) ORDER BY page.code),
    '[]'::json)::text
FROM (
    SELECT party.id, party.code, party.name, party.recorded_at, count(*) AS entries
    FROM party
    JOIN entry_organisation AS organisation ON organisation.party_id = party.id
    JOIN entry_in_force ON entry_in_force.entry_id = organisation.entry_id
    WHERE $1::text IS NULL OR party.code = $1
    GROUP BY party.id
    ORDER BY party.code OFFSET $2 LIMIT $3
) AS page;
