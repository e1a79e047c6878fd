-- The whole chain of a purchase as JSON: for each link, the party that answered for it at a time, as far as it was known
-- at another, and its successor now. No row: not the enterprise's purchase.
-- $1 enterprise_id, $2 purchase, $3 as of (null: when it was accepted), $4 recorded by
SELECT document::text FROM purchase_chain($1, $2, $3, $4);
