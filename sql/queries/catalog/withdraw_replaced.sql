-- Withdraws the offer that a new one replaces; no row: the new one replaces none that stands. $1 new offer, $2 now
UPDATE offer SET withdrawn_at = $2
FROM offer AS new WHERE new.id = $1 AND offer.id = new.replaces AND offer.withdrawn_at IS NULL;
