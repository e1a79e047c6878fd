-- A purchase of an enterprise, as JSON; no row: not its own. The same shape as accept_offers answers.
-- $1 enterprise, $2 purchase
SELECT document::text FROM purchase_document WHERE enterprise_id = $1 AND id = $2;
