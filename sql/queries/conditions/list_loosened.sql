-- The conditions of the directory that a new offer loosens: a sentence each. $1 offer code
SELECT format('The offer loosens the condition %s (%s) of version %s of the directory entry %s.', compared.kind,
    compared.directory_value, compared.entry_version, entry.code)
FROM offered_condition_by_entry AS compared
JOIN offer ON offer.id = compared.offer_id
JOIN directory_entry AS entry ON entry.id = compared.entry_id
WHERE offer.code = $1 AND compared.loosened
ORDER BY compared.kind, entry.code;
