-- Gives up the drafts of the purchase that an invoice belongs to. $1 enterprise_id, $2 invoice, $3 reason, $4 now
UPDATE invoice SET state = 'void', voided_at = $4, void_reason = $3
WHERE enterprise_id = $1 AND state = 'draft'
    AND purchase_id = (SELECT refunded.purchase_id FROM invoice AS refunded WHERE refunded.enterprise_id = $1 AND refunded.id = $2);
