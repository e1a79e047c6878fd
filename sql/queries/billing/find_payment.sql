-- A payment: its receiver and what is left of it. No row: the receiver has none such. $1 receiver or null, $2 payment
SELECT receiver_id, amount_minor - matched_minor FROM payment WHERE id = $2 AND ($1::uuid IS NULL OR receiver_id = $1);
