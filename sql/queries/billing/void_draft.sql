-- Gives up a draft; it never had a number. No row: it is no draft. $1 enterprise_id, $2 invoice, $3 reason, $4 now
UPDATE invoice SET state = 'void', voided_at = $4, void_reason = $3
WHERE enterprise_id = $1 AND id = $2 AND state = 'draft'
RETURNING id;
