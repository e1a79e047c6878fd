-- The party that answers for an entry's data now: its provider or, where nobody is named as that, its publisher.
CREATE OR REPLACE VIEW entry_organisation AS
SELECT DISTINCT ON (subject_id) subject_id AS entry_id, party_id
FROM responsibility
WHERE entry_id IS NOT NULL AND role IN ('provider', 'publisher') AND upper_inf(valid) AND upper_inf(recorded)
ORDER BY subject_id, role;
