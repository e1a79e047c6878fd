-- What is counted of each version of an entry for a time in which it was in force, as far as it was known for a time, in the class
-- of each dimension; '' is the whole, and the class of those of which none is known.
-- Province: of who provided the entry or, where nobody did, published it, when that time began.
CREATE OR REPLACE VIEW version_fact AS
SELECT fact.source_id, of.dimension, COALESCE(of.class, '') AS class, fact.required, fact.optional, fact.updated_on,
    fact.update_days, fact.since_on, fact.until_on, fact.known_on, fact.known_until_on, fact.follows, fact.is_followed
FROM (
SELECT entry.source_id, answering.province, document ->> 'sharingClass' AS sharing_class, document -> 'themes' ->> 0 AS theme,
    -- GB/T 21063.3: a name, an identifier and that of its metadata each entry has.
    (3 + (COALESCE(document -> 'descriptions', '[]') <> '[]')::integer + (document ? 'publisher')::integer
        + (document ? 'classification' OR COALESCE(document -> 'themes', '[]') <> '[]')::integer)::smallint AS required,
    ((document ? 'issued')::integer + (COALESCE(document -> 'keywords', '[]') <> '[]')::integer + (document ? 'spatial')::integer
        + (document ?| '{conditions,licence,accessLevel}')::integer
        + (document ? 'landingPage' OR COALESCE(document -> 'distributions', '[]') <> '[]')::integer
        + (document ? 'modified')::integer)::smallint AS optional,
    -- A day that its month has not is the month's last.
    COALESCE(CASE WHEN said.modified ~ '^[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])' THEN LEAST(
        (left(said.modified, 8) || '01')::date + substr(said.modified, 9, 2)::integer - 1,
        ((left(said.modified, 8) || '01')::date + interval '1 month')::date - 1) END, legal_day(lower(validity.valid))) AS updated_on,
    rhythm.days AS update_days,
    legal_day(lower(validity.valid)) AS since_on, legal_day(upper(validity.valid)) AS until_on,
    legal_day(lower(validity.recorded)) AS known_on, legal_day(upper(validity.recorded)) AS known_until_on,
    EXISTS (SELECT FROM directory_entry_validity AS other WHERE other.entry_id = validity.entry_id
        AND upper(other.valid) = lower(validity.valid) AND other.recorded @> lower(validity.recorded)) AS follows,
    EXISTS (SELECT FROM directory_entry_validity AS other WHERE other.entry_id = validity.entry_id
        AND lower(other.valid) = upper(validity.valid) AND other.recorded @> lower(validity.recorded)) AS is_followed
FROM directory_entry AS entry
JOIN directory_entry_validity AS validity ON validity.entry_id = entry.id
JOIN directory_entry_version AS version ON version.entry_id = validity.entry_id AND version.number = validity.number
CROSS JOIN LATERAL (SELECT document ->> 'modified' AS modified, document ->> 'updateFrequency' AS frequency OFFSET 0) AS said
CROSS JOIN LATERAL (SELECT update_days(said.frequency) AS days OFFSET 0) AS rhythm
LEFT JOIN LATERAL (SELECT party.province FROM responsibility JOIN party ON party.id = responsibility.party_id
    WHERE responsibility.subject_id = entry.id AND responsibility.role IN ('provider', 'publisher')
        AND responsibility.valid @> lower(validity.valid) AND responsibility.recorded @> lower(validity.recorded)
    ORDER BY responsibility.role LIMIT 1) AS answering ON true
OFFSET 0) AS fact
CROSS JOIN LATERAL (VALUES ('', NULL), ('province', province), ('sharing_class', sharing_class), ('theme', theme))
    AS of (dimension, class);
