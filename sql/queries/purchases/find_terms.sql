-- What was accepted with a purchase, as JSON; no row: no agreement was concluded. $1 enterprise, $2 purchase
SELECT terms::text FROM purchase_terms($1, $2) AS terms WHERE terms IS NOT NULL;
