-- Whether an entry was ever released, and since when it is withdrawn; no row: no such entry. $1 code
SELECT (SELECT max(upper(valid)) FROM directory_entry_validity
        WHERE entry_id = entry.id AND upper_inf(recorded)
            AND NOT EXISTS (SELECT FROM entry_in_force WHERE entry_in_force.entry_id = entry.id)) AS withdrawn_at
FROM directory_entry AS entry WHERE code = $1;
