-- The views that readers with tools of their own see. They hold what is published anyway, and figures as they were kept in
-- snapshots, in which nothing gives an enterprise away. A column is only ever added.
CREATE OR REPLACE VIEW reporting.directory_entry WITH (security_barrier) AS
SELECT entry.code, version.number AS version, version.title, lower(validity.valid) AS in_force_since,
    NULLIF(upper(validity.valid), 'infinity') AS in_force_until, source.code AS catalogue_code, source.title AS catalogue_title,
    provider.code AS provider_code, provider.name AS provider_name, provider.province AS provider_province
FROM public.directory_entry_validity AS validity
JOIN public.directory_entry AS entry ON entry.id = validity.entry_id
JOIN public.directory_entry_version AS version ON version.entry_id = validity.entry_id AND version.number = validity.number
JOIN public.directory_source AS source ON source.id = entry.source_id
LEFT JOIN public.responsibility AS provided ON provided.entry_id = entry.id AND provided.role = 'provider'
    AND provided.valid @> lower(validity.valid) AND upper_inf(provided.recorded)
LEFT JOIN public.party AS provider ON provider.id = provided.party_id
WHERE upper_inf(validity.recorded);
COMMENT ON VIEW reporting.directory_entry IS
    'Each version of each entry of the directory, when it was in force as is known now, and who provided it when it began';

CREATE OR REPLACE VIEW reporting.product WITH (security_barrier) AS
SELECT product.code, product.title_zh, product.title_en, product.kind, product.use_class, product.listed_at,
    product.delisted_at, operator.code AS operator_code, operator.name AS operator_name,
    operator.province AS operator_province, revision.number AS revision, revision.published_at AS revised_at,
    revision.rows
FROM public.product
LEFT JOIN public.responsibility AS operated ON operated.product_id = product.id AND operated.role = 'operator'
    AND upper_inf(operated.valid) AND upper_inf(operated.recorded)
LEFT JOIN public.party AS operator ON operator.id = operated.party_id
LEFT JOIN LATERAL (SELECT made.number, made.published_at, made.rows FROM public.product_revision AS made
    WHERE made.product_id = product.id ORDER BY made.number DESC LIMIT 1) AS revision ON true
WHERE product.listed_at IS NOT NULL;
COMMENT ON VIEW reporting.product IS 'Each product that is or was listed, with its operator and its newest revision';

CREATE OR REPLACE VIEW reporting.product_source WITH (security_barrier) AS
SELECT product.code AS product_code, used.number AS revision, entry.code AS entry_code, used.entry_version, used.basis
FROM public.product_revision_source AS used
JOIN public.product ON product.id = used.product_id AND product.listed_at IS NOT NULL
JOIN public.directory_entry AS entry ON entry.id = used.entry_id;
COMMENT ON VIEW reporting.product_source IS 'The versions of directory entries that each revision of a product was made of';

CREATE OR REPLACE VIEW reporting.offer WITH (security_barrier) AS
SELECT offer.code, product.code AS product_code, offer.title_zh, offer.title_en, offer.kind, offer.use_class,
    offer.price_minor, offer.currency, offer.billing_period, offer.term_days, offer.trial_days, offer.vat_rate,
    offer.offered_at, offer.offered_until, offer.withdrawn_at
FROM public.offer JOIN public.product ON product.id = offer.product_id AND product.listed_at IS NOT NULL
WHERE offer.reserved_for IS NULL;
COMMENT ON VIEW reporting.offer IS 'What everybody may buy, and what could be bought; prices in minor units, net of tax';

CREATE OR REPLACE VIEW reporting.price_ceiling WITH (security_barrier) AS
SELECT product.code AS product_code, ceiling.unit, ceiling.ceiling_minor, ceiling.currency, ceiling.is_trial, ceiling.approval,
    authority.code AS authority_code, authority.name AS authority_name, lower(ceiling.valid) AS valid_from,
    upper(ceiling.valid) AS valid_until
FROM public.price_ceiling AS ceiling
JOIN public.product ON product.id = ceiling.product_id AND product.listed_at IS NOT NULL
JOIN public.party AS authority ON authority.id = ceiling.authority_id;
COMMENT ON VIEW reporting.price_ceiling IS 'What may be asked for at most, by whose approval; the day valid_until is not in it';

CREATE OR REPLACE VIEW reporting.scenario WITH (security_barrier) AS
SELECT code, batch, title_zh, title_en, domain, published_on FROM public.scenario;
COMMENT ON VIEW reporting.scenario IS 'Demonstration scenarios';

CREATE OR REPLACE VIEW reporting.scenario_product WITH (security_barrier) AS
SELECT link.code AS scenario_code, product.code AS product_code, NULLIF(link.since, '-infinity') AS named_since,
    link.until AS named_until
FROM public.scenario_link AS link JOIN public.product ON product.id = link.product_id AND product.listed_at IS NOT NULL;
COMMENT ON VIEW reporting.scenario_product IS 'The products that each scenario names, and named';

CREATE OR REPLACE VIEW reporting.responsibility WITH (security_barrier) AS
SELECT COALESCE(entry.code, product.code) AS subject_code, CASE WHEN entry.id IS NULL THEN 'product' ELSE 'directory_entry' END
        AS subject_kind, held.role, party.code AS party_code, party.name AS party_name, lower(held.valid) AS valid_from,
    upper(held.valid) AS valid_until, lower(held.recorded) AS recorded_from, upper(held.recorded) AS recorded_until, held.basis
FROM public.responsibility AS held
JOIN public.party ON party.id = held.party_id
LEFT JOIN public.directory_entry AS entry ON entry.id = held.entry_id
LEFT JOIN public.product ON product.id = held.product_id
WHERE entry.id IS NOT NULL OR product.listed_at IS NOT NULL;
COMMENT ON VIEW reporting.responsibility IS
    'Who answers for what, when it held (valid) and when that was believed (recorded); no end where it goes on';

CREATE OR REPLACE VIEW reporting.snapshot WITH (security_barrier) AS
SELECT snapshot.id, snapshot.made_at, maker.code AS made_by, encode(snapshot.sha256, 'hex') AS sha256
FROM public.adoption_snapshot AS snapshot JOIN public.party AS maker ON maker.id = snapshot.made_by;
COMMENT ON VIEW reporting.snapshot IS 'Figures that were kept, with the SHA-256 of the document that was signed';

CREATE OR REPLACE VIEW reporting.figure WITH (security_barrier) AS
SELECT snapshot.id AS snapshot_id, snapshot.made_at, stated.number AS table_number, stated.document ->> 'metric' AS metric,
    (stated.document ->> 'version')::integer AS version, stated.document ->> 'definition' AS definition_sha256,
    parameters.stated ->> 'panel' AS panel, COALESCE(parameters.stated ->> 'standing', stated.document -> 'result' ->> 'holds')
        AS holds, parameters.stated ->> 'from' AS from_time, parameters.stated ->> 'to' AS to_time,
    (parameters.stated ->> 'as_of')::timestamptz AS as_of, (parameters.stated ->> 'recorded_by')::timestamptz AS recorded_by,
    CASE WHEN cell.class IS NOT NULL THEN parameters.stated ->> 'by' END AS by, cell.class, cell.name, cell.unit, cell.value,
    cell.value IS NULL AS is_suppressed
FROM (SELECT id, made_at, convert_from(document, 'UTF8')::jsonb AS document FROM public.adoption_snapshot) AS snapshot
CROSS JOIN LATERAL jsonb_array_elements(COALESCE(snapshot.document -> 'tables', jsonb_build_array(snapshot.document)))
    WITH ORDINALITY AS stated (document, number)
CROSS JOIN LATERAL (SELECT COALESCE(snapshot.document -> 'parameters', '{}') || COALESCE(stated.document -> 'parameters', '{}')
    AS stated) AS parameters
CROSS JOIN LATERAL (
    SELECT part.class, value ->> 'name' AS name, value ->> 'unit' AS unit, (value ->> 'value')::numeric AS value
    FROM (SELECT NULL AS class, stated.document -> 'result' -> 'whole' AS values
          UNION ALL SELECT member ->> 'class', member -> 'values'
          FROM jsonb_array_elements(stated.document -> 'result' -> 'breakdown') AS member WHERE member ? 'values') AS part
    CROSS JOIN LATERAL jsonb_array_elements(part.values) AS value
    WHERE jsonb_typeof(part.values) = 'array'
    UNION ALL
    -- A rate over a panel: what it is a rate of, each by itself.
    SELECT part.class, named.name, CASE named.name WHEN 'rate' THEN 'ratio' ELSE 'count' END,
        (part.document ->> named.name)::numeric
    FROM (SELECT NULL AS class, stated.document -> 'result' AS document
          UNION ALL SELECT COALESCE(member ->> 'class', ''), member
          FROM jsonb_array_elements(stated.document -> 'result' -> 'breakdown') AS member) AS part
    CROSS JOIN (VALUES ('numerator'), ('denominator'), ('rate')) AS named (name)
    WHERE part.document ? 'denominator'
) AS cell;
COMMENT ON VIEW reporting.figure IS
    'The values of figures that were kept, a row for each; class is null in the whole, value where it would tell of an enterprise';
