-- The digest of an earlier command on a purchase with a key; no row: none. $1 enterprise, $2 purchase, $3 party, $4 key
SELECT digest FROM purchase_command WHERE enterprise_id = $1 AND purchase_id = $2 AND party_id = $3 AND key = $4;
