-- Successions of the successors of a succession: what was just handed over goes on to theirs. $1 succession
SELECT DISTINCT following.id
FROM party_successor AS successor
JOIN party_succession AS following ON following.predecessor_id = successor.party_id AND upper_inf(following.recorded)
WHERE successor.succession_id = $1;
