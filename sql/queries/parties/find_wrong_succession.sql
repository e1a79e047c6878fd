-- Whether a succession of a party stands, and its digest; no row: it has no such succession. $1 code, $2 succession
SELECT upper_inf(wrong.recorded), wrong.digest
FROM party_succession AS wrong JOIN party ON party.id = wrong.predecessor_id
WHERE party.code = $1 AND wrong.id = $2;
