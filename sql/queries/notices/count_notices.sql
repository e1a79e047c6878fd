-- How many notices a party has not acknowledged. $1 party
SELECT count(*) FROM notice WHERE party_id = $1 AND acknowledged_at IS NULL;
