-- Every name of parties: those of now and before, and of whom they succeeded. $1 ids
WITH RECURSIVE before (party_id, of_id) AS (
    SELECT unnest($1::uuid[]), unnest($1::uuid[])
    UNION
    SELECT succession.predecessor_id, before.of_id
    FROM before JOIN party_successor AS heir ON heir.party_id = before.party_id
    JOIN party_succession AS succession ON succession.id = heir.succession_id AND upper_inf(succession.recorded)
), named AS (
    SELECT before.of_id, unnest(ARRAY[party.name, party.name_zh, party.name_en]) AS name
    FROM before JOIN party ON party.id = before.party_id
    UNION
    SELECT before.of_id, unnest(ARRAY[known.name, known.name_zh, known.name_en])
    FROM before JOIN party_name AS known ON known.party_id = before.party_id AND upper_inf(known.recorded)
)
SELECT party.id, party.code, array_agg(named.name)
FROM named JOIN party ON party.id = named.of_id WHERE named.name IS NOT NULL
GROUP BY party.id;
