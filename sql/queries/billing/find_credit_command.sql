-- The digest of the command that made a credit note with this key. No row: none did. $1 enterprise_id, $2 invoice, $3 key
SELECT command_digest FROM credit_note WHERE enterprise_id = $1 AND invoice_id = $2 AND key = $3;
