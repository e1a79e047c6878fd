-- The names of entries in force as CKAN packages, in order, as a JSON array. $1 offset, $2 limit
SELECT COALESCE(json_agg(lower(code) ORDER BY code), '[]'::json)::text
FROM (SELECT entry.code
      FROM directory_entry AS entry JOIN entry_in_force ON entry_in_force.entry_id = entry.id
      ORDER BY entry.code OFFSET $1 LIMIT $2) AS page;
