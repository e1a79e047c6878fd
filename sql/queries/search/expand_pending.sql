-- Notes what sources and parties stand for; a party also for those that took its place, since its names are found with
-- theirs. $1 sources, $2 parties
WITH RECURSIVE heir (party_id) AS (
    SELECT unnest($2::uuid[])
    UNION
    SELECT successor.party_id FROM heir
    JOIN party_succession AS succession ON succession.predecessor_id = heir.party_id AND upper_inf(succession.recorded)
    JOIN party_successor AS successor ON successor.succession_id = succession.id
)
INSERT INTO search_pending (kind, subject_id)
SELECT 'subject', entry.id
FROM directory_entry AS entry
LEFT JOIN entry_in_force ON entry_in_force.entry_id = entry.id
LEFT JOIN search_document AS document ON document.subject_id = entry.id
WHERE entry.source_id = ANY($1::uuid[]) AND document.version IS DISTINCT FROM entry_in_force.number
UNION ALL
SELECT 'subject', responsibility.subject_id
FROM heir JOIN responsibility ON responsibility.party_id = heir.party_id
WHERE responsibility.role IN ('provider', 'publisher', 'seller') AND upper_inf(responsibility.recorded)
GROUP BY responsibility.subject_id;
