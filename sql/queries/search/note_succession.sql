-- Notes everyone that was part of a succession. $1 id
INSERT INTO search_pending (kind, subject_id)
SELECT 'party', predecessor_id FROM party_succession WHERE id = $1
UNION SELECT 'party', party_id FROM party_successor WHERE succession_id = $1;
