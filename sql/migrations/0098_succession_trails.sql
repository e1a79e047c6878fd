-- The trails of responsibilities that were recorded before there were trails: those whose period was changed since, those
-- that an import gave to a successor at once, and those that came through more than one succession.

-- A succession's basis, with what was added when the period changed.
UPDATE responsibility SET succession_ids = ARRAY[succession.id]
FROM party_succession AS succession
JOIN party_successor AS successor ON successor.succession_id = succession.id
WHERE responsibility.succession_ids = '{}' AND responsibility.party_id = successor.party_id
    AND starts_with(responsibility.basis || ';', succession.kind || ': ' || succession.basis || ';')
    AND responsibility.basis_sha256 = succession.basis_sha256
    AND lower(responsibility.recorded) >= lower(succession.recorded);

-- A catalogue named a body that had been succeeded.
UPDATE responsibility AS held SET succession_ids = succession_trail(named.id, held.role, held.entry_id, lower(held.recorded))
FROM directory_entry AS entry
JOIN directory_source AS source ON source.id = entry.source_id
JOIN directory_entry_version AS version ON version.entry_id = entry.id
JOIN party AS named ON named.scheme = 'catalogue'
WHERE held.entry_id = entry.id AND held.succession_ids = '{}' AND held.role IN ('provider', 'contact')
    AND starts_with(held.basis, 'catalogue ') AND held.basis_sha256 = version.digest
    AND named.identifier = source.code || ':' || COALESCE(
        CASE held.role WHEN 'provider' THEN version.document->'publisher' ELSE version.document->'contact' END->>'identifier',
        CASE held.role WHEN 'provider' THEN version.document->'publisher' ELSE version.document->'contact' END->>'name')
    AND held.party_id = (SELECT heir.party_id
        FROM successor_now(named.id, held.role, held.entry_id, lower(held.recorded)) AS heir);

-- What the predecessor in the first known step held by succession itself: that trail comes before. Each round takes one
-- step more.
DO $$ BEGIN
    FOR step IN 1..16 LOOP
        UPDATE responsibility AS held SET succession_ids = earlier.succession_ids || held.succession_ids
        FROM party_succession AS succession
        JOIN responsibility AS earlier ON earlier.party_id = succession.predecessor_id AND earlier.succession_ids <> '{}'
        WHERE succession.id = held.succession_ids[1] AND earlier.subject_id = held.subject_id AND earlier.role = held.role
            AND NOT earlier.succession_ids && held.succession_ids AND upper(earlier.recorded) = lower(held.recorded)
            AND (earlier.valid && held.valid OR earlier.valid -|- held.valid);
        EXIT WHEN NOT FOUND;
    END LOOP;
END $$;
DROP VIEW IF EXISTS upstream_obstacle;
