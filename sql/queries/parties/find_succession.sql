-- The succession of a party that is known now; no row: it was not succeeded. $1 party code
SELECT succession.id, succession.digest
FROM party_succession AS succession JOIN party ON party.id = succession.predecessor_id
WHERE party.code = $1 AND upper_inf(succession.recorded);
