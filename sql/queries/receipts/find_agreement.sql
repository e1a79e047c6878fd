-- The signed agreement of a purchase; no row: none was concluded or recorded yet. $1 enterprise, $2 purchase
SELECT document FROM agreement WHERE enterprise_id = $1 AND purchase_id = $2;
