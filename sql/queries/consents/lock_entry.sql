-- Holds the entry of a consent until the transaction ends, so that its consents change one after the other. $1 consent
SELECT entry.id FROM directory_entry AS entry JOIN consent ON consent.entry_id = entry.id
WHERE consent.id = $1
FOR NO KEY UPDATE OF entry;
