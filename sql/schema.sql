CREATE SCHEMA reporting;

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

CREATE EXTENSION IF NOT EXISTS fuzzystrmatch WITH SCHEMA public;

COMMENT ON EXTENSION fuzzystrmatch IS 'determine similarities and distance between strings';

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE TYPE public.posting_entry AS (
	enterprise_id uuid,
	debit text,
	credit text,
	party_id uuid,
	amount_minor bigint,
	currency text,
	cause text,
	cause_id uuid
);

CREATE FUNCTION public.above_ceiling(offer uuid, moment timestamp with time zone) RETURNS TABLE(member text, unit text, price numeric, ceiling numeric, message_zh text, message_en text)
    LANGUAGE sql STABLE
    AS $$
    SELECT part.member, part.unit, part.price, highest.ceiling_minor,
        format('%s：%s 分（%s），', words.zh, trim_scale(round(part.price, 6)), plan.currency)
            || COALESCE('高于最高限价 ' || trim_scale(highest.ceiling_minor) || ' 分（' || highest.approval || '）', '没有有效的最高限价'),
        format('%s: %s minor units of %s, ', words.en, trim_scale(round(part.price, 6)), plan.currency)
            || COALESCE('above the ceiling of ' || trim_scale(highest.ceiling_minor) || ' (' || highest.approval || ')',
                'and no ceiling is in force')
    FROM offer AS plan
    CROSS JOIN LATERAL (
        SELECT limits.member, COALESCE(plan.billing_period, 'product') AS unit, limits.price::numeric AS price
        FROM (VALUES ('price_minor', plan.price_minor), ('minimum_minor', plan.minimum_minor)) AS limits (member, price)
        UNION ALL
        SELECT format('usage: %s above %s', tier.meter, trim_scale(tier.above)), tier.meter,
            tier.unit_price / COALESCE(usage_price.package_size, 1) + CASE WHEN tier.flat_minor = 0 THEN 0
                WHEN tier.above = 0 THEN 'Infinity' ELSE tier.flat_minor / tier.above END
        FROM offer_usage_price AS usage_price
        JOIN offer_usage_tier AS tier ON tier.offer_id = usage_price.offer_id AND tier.meter = usage_price.meter
        WHERE usage_price.offer_id = plan.id) AS part
    LEFT JOIN offer_condition AS fee ON fee.offer_id = plan.id AND fee.kind = 'fee'
    LEFT JOIN price_ceiling AS highest ON highest.product_id = plan.product_id AND highest.unit = part.unit
        AND highest.currency = plan.currency AND highest.valid @> legal_day(above_ceiling.moment)
    LEFT JOIN meter ON meter.code = part.unit
    CROSS JOIN LATERAL (SELECT
        CASE part.unit WHEN 'product' THEN '一次采购' WHEN 'month' THEN '每月' WHEN 'quarter' THEN '每季度' WHEN 'year' THEN '每年'
            ELSE meter.title_zh END AS zh,
        CASE part.unit WHEN 'product' THEN 'A purchase' WHEN 'month' THEN 'A month' WHEN 'quarter' THEN 'A quarter'
            WHEN 'year' THEN 'A year' ELSE meter.title_en END AS en) AS words
    WHERE plan.id = above_ceiling.offer AND part.price > 0
        AND (part.price > highest.ceiling_minor OR highest.ceiling_minor IS NULL AND fee.value = '"guided"')
$$;

CREATE TABLE public.calendar_day (
    day date NOT NULL,
    is_working boolean NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    source text NOT NULL,
    verified boolean NOT NULL
);

CREATE FUNCTION public.is_working_day(day date) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN COALESCE((SELECT calendar_day.is_working FROM public.calendar_day WHERE (calendar_day.day = is_working_day.day)), (EXTRACT(isodow FROM day) < (6)::numeric));

CREATE FUNCTION public.add_working_days(first date, n integer) RETURNS date
    LANGUAGE sql STABLE
    RETURN CASE WHEN (n <= 0) THEN first ELSE (SELECT counted.day FROM (SELECT (day.day)::date AS day, row_number() OVER (ORDER BY day.day) AS place FROM generate_series(((add_working_days.first + 1))::timestamp with time zone, (((add_working_days.first + (2 * add_working_days.n)) + 31))::timestamp with time zone, '1 day'::interval) day(day) WHERE public.is_working_day((day.day)::date)) counted WHERE (counted.place = add_working_days.n)) END;

CREATE FUNCTION public.billing_code(series text, number bigint) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (CASE series WHEN 'invoice'::text THEN 'INV-'::text ELSE 'CN-'::text END || lpad((number)::text, GREATEST(6, length((number)::text)), '0'::text));

CREATE FUNCTION public.credit_code_is_valid(code text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((code ~ '^[0-9ABCDEFGHJKLMNPQRTUWXY]{18}$'::text) AND ((SELECT ((31 - (sum(((strpos('0123456789ABCDEFGHJKLMNPQRTUWXY'::text, substr(credit_code_is_valid.code, (weight."position")::integer, 1)) - 1) * weight.value)) % (31)::bigint)) % (31)::bigint) FROM unnest(ARRAY[1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]) WITH ORDINALITY weight(value, "position")) = (strpos('0123456789ABCDEFGHJKLMNPQRTUWXY'::text, substr(code, 18, 1)) - 1)));

CREATE TABLE public.party (
    id uuid NOT NULL,
    code text NOT NULL,
    scheme text NOT NULL,
    identifier text NOT NULL,
    name text NOT NULL,
    name_zh text,
    name_en text,
    kind text NOT NULL,
    enterprise_kind text,
    industry_section text,
    province text,
    synthetic boolean NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT party_credit_code_valid CHECK (((scheme <> 'uscc'::text) OR public.credit_code_is_valid(identifier))),
    CONSTRAINT party_enterprise_is_described CHECK (((kind <> 'enterprise'::text) OR ((enterprise_kind IS NOT NULL) AND (industry_section IS NOT NULL)))),
    CONSTRAINT party_enterprise_kind_known CHECK ((enterprise_kind = ANY (ARRAY['central_soe'::text, 'local_soe'::text, 'private'::text, 'foreign'::text, 'other'::text]))),
    CONSTRAINT party_has_name CHECK ((btrim(name) <> ''::text)),
    CONSTRAINT party_industry_section_is_gbt4754 CHECK ((industry_section ~ '^[A-T]$'::text)),
    CONSTRAINT party_kind_known CHECK ((kind = ANY (ARRAY['department'::text, 'public_institution'::text, 'operator'::text, 'enterprise'::text, 'unclassified'::text]))),
    CONSTRAINT party_province_is_gbt2260 CHECK ((province ~ '^[0-9]{6}$'::text)),
    CONSTRAINT party_scheme_known CHECK ((scheme = ANY (ARRAY['uscc'::text, 'catalogue'::text])))
);

CREATE FUNCTION public.billing_party(party public.party) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN jsonb_build_object('code', (party).code, 'scheme', (party).scheme, 'identifier', (party).identifier, 'name', (party).name, 'name_zh', (party).name_zh, 'name_en', (party).name_en, 'province', (party).province, 'synthetic', (party).synthetic);

CREATE FUNCTION public.billing_periods(first date, until date, trial_days integer, billing_period text) RETURNS TABLE(number integer, trial boolean, days daterange, share numeric, is_last boolean)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    WITH term AS (
        SELECT first + COALESCE(trial_days, 0) AS paid_from, GREATEST(until, first + 1) AS ends_on,
            CASE billing_period WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 WHEN 'year' THEN 12 END AS months
    )
    SELECT 0, true, daterange(first, LEAST(paid_from, ends_on)), 1::numeric, ends_on <= paid_from
    FROM term WHERE trial_days > 0
    UNION ALL
    SELECT 1, false, daterange(paid_from, ends_on), 1::numeric, true FROM term WHERE months IS NULL AND paid_from < ends_on
    UNION ALL
    SELECT place + 1, false, daterange(begins, LEAST(whole_end, ends_on)),
        (LEAST(whole_end, ends_on) - begins)::numeric / (whole_end - begins), whole_end >= ends_on
    FROM term, generate_series(0, (ends_on - paid_from) / (28 * months)) AS place,
        LATERAL (SELECT (paid_from + make_interval(months => place * months))::date AS begins,
            (paid_from + make_interval(months => (place + 1) * months))::date AS whole_end) AS whole
    WHERE months IS NOT NULL AND begins < ends_on
$$;

CREATE FUNCTION public.buyer_class(of_enterprise uuid) RETURNS TABLE(dimension text, class text)
    LANGUAGE sql STABLE
    AS $$
SELECT of.dimension, COALESCE(of.class, '')
FROM party AS buyer
CROSS JOIN LATERAL (VALUES ('', NULL), ('section', buyer.industry_section), ('province', buyer.province),
    ('enterprise_kind', buyer.enterprise_kind)) AS of (dimension, class)
WHERE buyer.id = of_enterprise
$$;

CREATE FUNCTION public.catalogue_party(source text, body jsonb) RETURNS uuid
    LANGUAGE sql STABLE
    RETURN COALESCE((SELECT party.id FROM public.party WHERE ((length((catalogue_party.body ->> 'identifier'::text)) = 18) AND (party.scheme = 'uscc'::text) AND (party.identifier = (catalogue_party.body ->> 'identifier'::text)))), (SELECT party.id FROM public.party WHERE ((party.scheme = 'catalogue'::text) AND (party.identifier = ((catalogue_party.source || ':'::text) || COALESCE((catalogue_party.body ->> 'identifier'::text), (catalogue_party.body ->> 'name'::text)))))));

CREATE FUNCTION public.condition_codes(value jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT string_agg(code, ', ') FROM jsonb_array_elements_text(condition_codes.value) AS code
$$;

CREATE FUNCTION public.condition_covers(kind text, wide text, narrow text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    RETURN ((wide = narrow) OR ((kind = 'region'::text) AND ((wide = '100000'::text) OR starts_with(narrow, regexp_replace(wide, '(00){1,2}$'::text, ''::text)))));

CREATE FUNCTION public.condition_level(kind text, value jsonb) RETURNS integer
    LANGUAGE sql IMMUTABLE
    RETURN array_position(CASE kind WHEN 'redistribution'::text THEN ARRAY['forbidden'::text, 'with_consent'::text, 'free'::text] WHEN 'fee'::text THEN ARRAY['market'::text, 'guided'::text, 'free'::text] ELSE NULL::text[] END, (value #>> '{}'::text[]));

CREATE FUNCTION public.condition_within(kind text, narrow jsonb, wide jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN (kind = 'fee'::text) THEN (public.condition_level('fee'::text, COALESCE(wide, '"free"'::jsonb)) >= public.condition_level('fee'::text, COALESCE(narrow, '"free"'::jsonb))) WHEN (wide IS NULL) THEN true WHEN (narrow IS NULL) THEN false WHEN (kind = 'qualification'::text) THEN (narrow @> wide) WHEN (kind = 'retention'::text) THEN ((narrow)::numeric <= (wide)::numeric) WHEN (kind = 'redistribution'::text) THEN (public.condition_level(kind, narrow) <= public.condition_level(kind, wide)) ELSE (NOT (EXISTS (SELECT FROM jsonb_array_elements_text(condition_within.narrow) inner_one(code) WHERE (NOT (EXISTS (SELECT FROM jsonb_array_elements_text(condition_within.wide) outer_one(code) WHERE public.condition_covers(condition_within.kind, outer_one.code, inner_one.code))))))) END;

CREATE FUNCTION public.condition_meet(one jsonb, kind text, other jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN (one IS NULL) THEN other WHEN (other IS NULL) THEN one WHEN (kind = 'fee'::text) THEN CASE WHEN (public.condition_level(kind, one) >= public.condition_level(kind, other)) THEN one ELSE other END WHEN (kind = 'qualification'::text) THEN (SELECT jsonb_agg(DISTINCT text.value ORDER BY text.value) AS jsonb_agg FROM jsonb_array_elements_text((condition_meet.one || condition_meet.other)) text(value)) WHEN (kind = ANY (ARRAY['retention'::text, 'redistribution'::text])) THEN CASE WHEN public.condition_within(kind, one, other) THEN one ELSE other END ELSE COALESCE((SELECT jsonb_agg(DISTINCT common.code ORDER BY common.code) AS jsonb_agg FROM (SELECT a.code FROM jsonb_array_elements_text(condition_meet.one) a(code), jsonb_array_elements_text(condition_meet.other) b(code) WHERE public.condition_covers(condition_meet.kind, b.code, a.code) UNION SELECT b.code FROM jsonb_array_elements_text(condition_meet.one) a(code), jsonb_array_elements_text(condition_meet.other) b(code) WHERE public.condition_covers(condition_meet.kind, a.code, b.code)) common), '[]'::jsonb) END;

CREATE FUNCTION public.credit_code_of(first17 text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (first17 || substr('0123456789ABCDEFGHJKLMNPQRTUWXY'::text, (1 + ((SELECT ((31 - (sum(((strpos('0123456789ABCDEFGHJKLMNPQRTUWXY'::text, substr(credit_code_of.first17, (weight."position")::integer, 1)) - 1) * weight.value)) % (31)::bigint)) % (31)::bigint) FROM unnest(ARRAY[1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]) WITH ORDINALITY weight(value, "position")))::integer), 1));

CREATE FUNCTION public.legal_day(moment timestamp with time zone) RETURNS date
    LANGUAGE sql IMMUTABLE
    RETURN ((moment AT TIME ZONE 'Asia/Shanghai'::text))::date;

CREATE FUNCTION public.weekdays_until(day date) RETURNS integer
    LANGUAGE sql IMMUTABLE
    RETURN ((5 * (floor((((day - '2000-01-03'::date))::numeric / 7.0)))::integer) + LEAST(((1 + (day - '2000-01-03'::date)) - (7 * (floor((((day - '2000-01-03'::date))::numeric / 7.0)))::integer)), 5));

CREATE FUNCTION public.working_days_between(first date, last date) RETURNS integer
    LANGUAGE sql STABLE
    RETURN ((sign(((last - first))::double precision))::integer * (SELECT ((public.weekdays_until(GREATEST(working_days_between.first, working_days_between.last)) - public.weekdays_until(LEAST(working_days_between.first, working_days_between.last))) + (COALESCE(sum(((calendar_day.is_working)::integer - ((EXTRACT(isodow FROM calendar_day.day) < (6)::numeric))::integer)), (0)::bigint))::integer) FROM public.calendar_day WHERE ((calendar_day.day > LEAST(working_days_between.first, working_days_between.last)) AND (calendar_day.day <= GREATEST(working_days_between.first, working_days_between.last)))));

CREATE FUNCTION public.days_stood(stopped_at timestamp with time zone, started_at timestamp with time zone, unit text) RETURNS integer
    LANGUAGE sql STABLE
    RETURN GREATEST(0, CASE unit WHEN 'day'::text THEN (public.legal_day(started_at) - public.legal_day(stopped_at)) ELSE public.working_days_between(public.legal_day(stopped_at), public.legal_day(started_at)) END);

CREATE TABLE public.chain_link (
    name text NOT NULL,
    "position" integer NOT NULL,
    subject_kind text NOT NULL,
    roles text[] NOT NULL,
    required_for text,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    source text NOT NULL,
    CONSTRAINT chain_link_has_role CHECK ((cardinality(roles) > 0)),
    CONSTRAINT chain_link_requirement_known CHECK ((required_for = ANY (ARRAY['release'::text, 'listing'::text, 'purchase'::text]))),
    CONSTRAINT chain_link_subject_known CHECK ((subject_kind = ANY (ARRAY['entry'::text, 'product'::text, 'purchase'::text])))
);

CREATE TABLE public.directory_entry (
    id uuid NOT NULL,
    code text NOT NULL,
    source_id uuid NOT NULL,
    identifier text NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

CREATE TABLE public.directory_entry_version (
    entry_id uuid NOT NULL,
    number integer NOT NULL,
    title text NOT NULL,
    document jsonb NOT NULL,
    digest bytea NOT NULL,
    import_id uuid,
    recorded_at timestamp with time zone NOT NULL,
    draft_id uuid,
    received_from text GENERATED ALWAYS AS ((document ->> 'receivedFrom'::text)) STORED,
    CONSTRAINT directory_entry_version_counts_from_one CHECK ((number >= 1)),
    CONSTRAINT directory_entry_version_has_one_origin CHECK ((num_nonnulls(import_id, draft_id) = 1)),
    CONSTRAINT directory_entry_version_has_title CHECK ((btrim(title) <> ''::text))
);
ALTER TABLE ONLY public.directory_entry_version ALTER COLUMN document SET COMPRESSION lz4;

CREATE TABLE public.product (
    id uuid NOT NULL,
    code text NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    description_zh text NOT NULL,
    description_en text NOT NULL,
    kind text NOT NULL,
    use_class text NOT NULL,
    listed_at timestamp with time zone,
    delisted_at timestamp with time zone,
    assessment text,
    watermark text DEFAULT 'none'::text NOT NULL,
    CONSTRAINT product_assessment_not_blank CHECK ((btrim(assessment) <> ''::text)),
    CONSTRAINT product_code_form CHECK ((code ~ '^[A-Z0-9][A-Z0-9-]{1,39}$'::text)),
    CONSTRAINT product_delisted_after_listed CHECK ((delisted_at >= listed_at)),
    CONSTRAINT product_delisted_was_listed CHECK (((delisted_at IS NULL) OR (listed_at IS NOT NULL))),
    CONSTRAINT product_kind_known CHECK ((kind = ANY (ARRAY['data_set'::text, 'report'::text, 'visual_product'::text, 'index'::text, 'api'::text, 'encrypted_data'::text]))),
    CONSTRAINT product_use_class_known CHECK ((use_class = ANY (ARRAY['public_benefit'::text, 'industry'::text]))),
    CONSTRAINT product_watermark_known CHECK ((watermark = ANY (ARRAY['none'::text, 'name'::text, 'order'::text])))
);

CREATE TABLE public.product_revision_source (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    entry_id uuid NOT NULL,
    entry_version integer NOT NULL,
    basis text NOT NULL
);

CREATE FUNCTION public.demanded_links(product uuid, revision integer) RETURNS TABLE(place integer, link text, roles text[], required_for text, subject_id uuid, subject jsonb)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT link."position",
     link.name,
     link.roles,
     link.required_for,
     used.entry_id,
     jsonb_build_object('directory_entry', entry.code, 'version', used.entry_version, 'title', version.title) AS jsonb_build_object
    FROM (((public.product_revision_source used
      JOIN public.directory_entry entry ON ((entry.id = used.entry_id)))
      JOIN public.directory_entry_version version ON (((version.entry_id = used.entry_id) AND (version.number = used.entry_version))))
      JOIN public.chain_link link ON ((link.subject_kind = 'entry'::text)))
   WHERE ((used.product_id = demanded_links.product) AND (used.number = demanded_links.revision))
 UNION ALL
  SELECT link."position",
     link.name,
     link.roles,
     link.required_for,
     made.id,
     jsonb_build_object('product', made.code, 'revision', demanded_links.revision) AS jsonb_build_object
    FROM (public.product made
      JOIN public.chain_link link ON ((link.subject_kind = 'product'::text)))
   WHERE (made.id = demanded_links.product);
END;

CREATE FUNCTION public.document_digest(document jsonb) RETURNS bytea
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN sha256(convert_to((document)::text, 'UTF8'::name));

CREATE FUNCTION public.document_places(document jsonb) RETURNS TABLE(place text, value jsonb)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
    WITH RECURSIVE node(place, value) AS (
        SELECT '', document
        UNION ALL
        SELECT child.place, child.value
        FROM node CROSS JOIN LATERAL (
            SELECT CASE node.place WHEN '' THEN field.key ELSE node.place || '.' || field.key END AS place, field.value
            FROM jsonb_each(CASE jsonb_typeof(node.value) WHEN 'object' THEN node.value ELSE '{}' END) AS field
            UNION ALL
            SELECT node.place || '[' || named.name || CASE named.occurrence WHEN 1 THEN '' ELSE '#' || named.occurrence END
                || ']', named.value
            FROM (
                SELECT element.value, element.name,
                    row_number() OVER (PARTITION BY element.name ORDER BY element.ordinality) AS occurrence
                FROM (
                    SELECT listed.value, listed.ordinality, COALESCE('name=' || (listed.value->>'name'),
                        listed.value->>'kind', listed.value->>'language', 'title=' || (listed.value->>'title'),
                        listed.ordinality::text) AS name
                    FROM jsonb_array_elements(CASE jsonb_typeof(node.value->0) WHEN 'object' THEN node.value
                        ELSE '[]' END) WITH ORDINALITY AS listed(value, ordinality)) AS element) AS named
        ) AS child
    )
    SELECT node.place, node.value FROM node
    WHERE node.place <> '' AND jsonb_typeof(node.value) <> 'object'
        AND NOT (jsonb_typeof(node.value) = 'array' AND jsonb_typeof(node.value->0) IS NOT DISTINCT FROM 'object')
$$;

CREATE FUNCTION public.drop_usage_month(month date, archived bigint) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
DECLARE
    since timestamptz := month::timestamp AT TIME ZONE 'UTC';
    until timestamptz := (month + interval '1 month') AT TIME ZONE 'UTC';
    own text := format('usage_event_%s', to_char(month, 'YYYY_MM'));
    has_own boolean := to_regclass(own) IS NOT NULL;
    held bigint;
BEGIN
    -- From here on nothing is written to it; who reads is held up only while it goes.
    EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', CASE WHEN has_own THEN own ELSE 'usage_event_default' END);
    SELECT count(*) INTO held FROM usage_event WHERE occurred_at >= since AND occurred_at < until;
    IF held <> archived THEN
        RETURN false;
    END IF;
    IF has_own THEN
        -- Dropped as it is: detached first it would get foreign keys of its own, whose tables would have to be locked too.
        EXECUTE format('DROP TABLE %I', own);
    ELSE
        DELETE FROM usage_event_default WHERE occurred_at >= since AND occurred_at < until;
    END IF;
    RETURN true;
END $$;

CREATE TABLE public.policy (
    rule text NOT NULL,
    effective daterange NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    days integer,
    unit text NOT NULL,
    extension_days integer,
    article text,
    source text NOT NULL,
    verified boolean NOT NULL,
    recorded_by uuid,
    recorded_at timestamp with time zone,
    value numeric,
    CONSTRAINT policy_days_positive CHECK ((days > 0)),
    CONSTRAINT policy_effective_not_empty CHECK ((NOT isempty(effective))),
    CONSTRAINT policy_extension_positive CHECK ((extension_days > 0)),
    CONSTRAINT policy_number_suits_unit CHECK (((num_nonnulls(days, value) = 1) AND ((days IS NOT NULL) = (unit = ANY (ARRAY['working_day'::text, 'day'::text]))))),
    CONSTRAINT policy_rule_form CHECK ((rule ~ '^[a-z][a-z_]*$'::text)),
    CONSTRAINT policy_unit_known CHECK ((unit = ANY (ARRAY['working_day'::text, 'day'::text, 'month'::text, 'rate'::text]))),
    CONSTRAINT policy_usage_retention_is_whole_months CHECK (((rule <> 'usage_retention'::text) OR ((unit = 'month'::text) AND (value >= (1)::numeric) AND (value = trunc(value))))),
    CONSTRAINT policy_value_not_negative CHECK ((value >= (0)::numeric))
);

CREATE FUNCTION public.due_on(rule text, began_at timestamp with time zone) RETURNS date
    LANGUAGE sql STABLE
    RETURN (SELECT CASE policy.unit WHEN 'day'::text THEN (public.legal_day(due_on.began_at) + policy.days) ELSE public.add_working_days(public.legal_day(due_on.began_at), policy.days) END AS add_working_days FROM public.policy WHERE ((policy.rule = due_on.rule) AND (policy.effective @> public.legal_day(due_on.began_at))));

CREATE FUNCTION public.enterprise_base(kind text, synthetic boolean) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
SELECT CASE WHEN synthetic THEN 'synthetic' WHEN kind <> 'enterprise' THEN 'administration' ELSE 'market' END
$$;

CREATE FUNCTION public.entry_fields(document jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT jsonb_object_agg(lower(regexp_replace(field.key, '([A-Z])'::text, '_\1'::text, 'g'::text)), field.value) AS jsonb_object_agg FROM jsonb_each(entry_fields.document) field(key, value));

CREATE FUNCTION public.grant_at(quantity numeric, period text, carry_over numeric, valid tstzrange, since timestamp with time zone, carried numeric, used numeric, moment timestamp with time zone) RETURNS TABLE(since timestamp with time zone, until timestamp with time zone, carried numeric, used numeric, room numeric)
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT standing.since, standing.until, standing.carried, standing.used,
        GREATEST(0, grant_at.quantity + standing.carried - standing.used)
    FROM (SELECT period_number(lower(grant_at.valid), grant_at.period, GREATEST(moment, grant_at.since)) AS number
        OFFSET 0) AS this
    CROSS JOIN LATERAL (SELECT period_start(lower(grant_at.valid), grant_at.period, this.number) AS since
        OFFSET 0) AS begun
    CROSS JOIN LATERAL (SELECT begun.since, LEAST(upper(grant_at.valid), CASE WHEN grant_at.period IS NOT NULL
            THEN period_start(lower(grant_at.valid), grant_at.period, this.number + 1) END) AS until,
        CASE WHEN grant_at.since >= begun.since THEN grant_at.carried
            -- What was carried in is used before the period's own quantity and carried no further.
            WHEN grant_at.since >= period_start(lower(grant_at.valid), grant_at.period, this.number - 1)
            THEN LEAST(grant_at.carry_over, grant_at.quantity,
                GREATEST(0, grant_at.quantity + grant_at.carried - grant_at.used))
            ELSE LEAST(grant_at.carry_over, grant_at.quantity) END AS carried,
        CASE WHEN grant_at.since >= begun.since THEN grant_at.used ELSE 0 END AS used OFFSET 0) AS standing
$$;

CREATE FUNCTION public.invoice_digest(enterprise uuid, invoice uuid) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT encode(sha256(convert_to(COALESCE((
        SELECT string_agg(concat_ws(',', number, kind, period, COALESCE(meter, ''), COALESCE(trim_scale(quantity)::text, ''),
            COALESCE(trim_scale(unit_price)::text, ''), net_minor, vat_minor) || E'\n', '' ORDER BY number)
        FROM invoice_line WHERE invoice_line.enterprise_id = enterprise AND invoice_line.invoice_id = invoice), '')
        || COALESCE((
        SELECT string_agg(concat_ws(',', period, meter, events, trim_scale(quantity), encode(digest, 'hex')) || E'\n', ''
            ORDER BY period, meter COLLATE "C")
        FROM invoice_usage WHERE invoice_usage.enterprise_id = enterprise AND invoice_usage.invoice_id = invoice), ''),
        'UTF8')), 'hex')
$$;

CREATE TABLE public.billing_period (
    enterprise_id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    number integer NOT NULL,
    kind text NOT NULL,
    days daterange NOT NULL,
    share numeric NOT NULL,
    is_last boolean NOT NULL,
    counted_before timestamp with time zone NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    CONSTRAINT billing_period_closed_after_it_ended CHECK (((kind = 'correction'::text) OR (counted_before <= closed_at))),
    CONSTRAINT billing_period_counts_from_trial CHECK ((number >= 0)),
    CONSTRAINT billing_period_days_not_empty CHECK ((NOT isempty(days))),
    CONSTRAINT billing_period_kind_known CHECK ((kind = ANY (ARRAY['trial'::text, 'regular'::text, 'correction'::text]))),
    CONSTRAINT billing_period_share_in_range CHECK (((share > (0)::numeric) AND (share <= (1)::numeric))),
    CONSTRAINT billing_period_trial_is_first CHECK (((number = 0) = (kind = 'trial'::text)))
);

CREATE TABLE public.invoice (
    enterprise_id uuid NOT NULL,
    id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    period integer NOT NULL,
    issuer_id uuid NOT NULL,
    state text NOT NULL,
    number bigint,
    currency text NOT NULL,
    net_minor bigint NOT NULL,
    vat_minor bigint NOT NULL,
    gross_minor bigint GENERATED ALWAYS AS ((net_minor + vat_minor)) STORED NOT NULL,
    credited_minor bigint DEFAULT 0 NOT NULL,
    paid_minor bigint DEFAULT 0 NOT NULL,
    buyer jsonb,
    seller jsonb,
    drafted_at timestamp with time zone NOT NULL,
    issued_at timestamp with time zone,
    due_on date,
    settled_at timestamp with time zone,
    voided_at timestamp with time zone,
    void_reason text,
    CONSTRAINT invoice_credited_not_negative CHECK ((credited_minor >= 0)),
    CONSTRAINT invoice_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT invoice_net_not_negative CHECK ((net_minor >= 0)),
    CONSTRAINT invoice_number_comes_with_issue CHECK ((num_nonnulls(number, issued_at, due_on, buyer, seller) = ANY (ARRAY[0, 5]))),
    CONSTRAINT invoice_number_positive CHECK ((number > 0)),
    CONSTRAINT invoice_number_suits_state CHECK (
CASE state
    WHEN 'draft'::text THEN (number IS NULL)
    WHEN 'void'::text THEN true
    ELSE (number IS NOT NULL)
END),
    CONSTRAINT invoice_paid_not_negative CHECK ((paid_minor >= 0)),
    CONSTRAINT invoice_settled_not_above_total CHECK (((credited_minor + paid_minor) <= (net_minor + vat_minor))),
    CONSTRAINT invoice_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'issued'::text, 'paid'::text, 'void'::text]))),
    CONSTRAINT invoice_state_suits_amounts CHECK (
CASE state
    WHEN 'issued'::text THEN ((credited_minor + paid_minor) < (net_minor + vat_minor))
    WHEN 'paid'::text THEN (((credited_minor + paid_minor) = (net_minor + vat_minor)) AND (settled_at IS NOT NULL))
    WHEN 'void'::text THEN ((paid_minor = 0) AND ((number IS NULL) OR (credited_minor = (net_minor + vat_minor))))
    ELSE ((credited_minor + paid_minor) = 0)
END),
    CONSTRAINT invoice_vat_not_negative CHECK ((vat_minor >= 0)),
    CONSTRAINT invoice_void_has_reason CHECK ((((state = 'void'::text) = (voided_at IS NOT NULL)) AND ((state = 'void'::text) = (void_reason IS NOT NULL)))),
    CONSTRAINT invoice_void_reason_not_blank CHECK ((btrim(void_reason) <> ''::text))
);

CREATE TABLE public.purchase (
    enterprise_id uuid NOT NULL,
    id uuid NOT NULL,
    offer_id uuid NOT NULL,
    product_id uuid NOT NULL,
    revision integer NOT NULL,
    purpose text NOT NULL,
    price_minor bigint NOT NULL,
    currency text NOT NULL,
    state text NOT NULL,
    accepted_at timestamp with time zone,
    recorded_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    requested_at timestamp with time zone NOT NULL,
    scope text,
    place text,
    wanted tstzrange,
    ended_as text,
    transition integer DEFAULT 1 NOT NULL,
    retention_days integer,
    qualifications text[],
    awaited integer DEFAULT 0 NOT NULL,
    holds_place boolean DEFAULT false NOT NULL,
    cancelled_at timestamp with time zone,
    cancellation_reason text,
    CONSTRAINT purchase_agreed_after_request CHECK ((accepted_at >= requested_at)),
    CONSTRAINT purchase_agreed_has_time CHECK (
CASE
    WHEN (state = ANY (ARRAY['agreed'::text, 'active'::text])) THEN (accepted_at IS NOT NULL)
    WHEN (state <> 'ended'::text) THEN (accepted_at IS NULL)
    ELSE true
END),
    CONSTRAINT purchase_awaited_not_negative CHECK ((awaited >= 0)),
    CONSTRAINT purchase_cancellation_is_whole CHECK (((cancelled_at IS NULL) = (cancellation_reason IS NULL))),
    CONSTRAINT purchase_cancellation_reason_not_blank CHECK ((btrim(cancellation_reason) <> ''::text)),
    CONSTRAINT purchase_end_known CHECK ((ended_as = ANY (ARRAY['expired'::text, 'cancelled'::text, 'terminated'::text, 'refunded'::text]))),
    CONSTRAINT purchase_ended_has_kind CHECK (((state = 'ended'::text) = (ended_as IS NOT NULL))),
    CONSTRAINT purchase_ended_has_time CHECK (((state = 'ended'::text) = (ended_at IS NOT NULL))),
    CONSTRAINT purchase_has_purpose CHECK ((btrim(purpose) <> ''::text)),
    CONSTRAINT purchase_place_form CHECK ((place ~ '^[0-9]{6}$'::text)),
    CONSTRAINT purchase_price_not_negative CHECK ((price_minor >= 0)),
    CONSTRAINT purchase_qualifications_not_empty CHECK ((cardinality(qualifications) > 0)),
    CONSTRAINT purchase_refused_holds_no_place CHECK (((state <> 'rejected'::text) OR (NOT holds_place))),
    CONSTRAINT purchase_requested_awaits CHECK (((state = 'requested'::text) = (awaited > 0))),
    CONSTRAINT purchase_retention_positive CHECK ((retention_days > 0)),
    CONSTRAINT purchase_scope_not_blank CHECK ((btrim(scope) <> ''::text)),
    CONSTRAINT purchase_state_known CHECK ((state = ANY (ARRAY['requested'::text, 'returned'::text, 'approved'::text, 'rejected'::text, 'agreed'::text, 'active'::text, 'ended'::text]))),
    CONSTRAINT purchase_wanted_not_empty CHECK ((NOT isempty(wanted)))
);

CREATE FUNCTION public.invoice_document(invoice public.invoice) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN jsonb_build_object('id', (invoice).id, 'number', public.billing_code('invoice'::text, (invoice).number), 'state', (invoice).state, 'purchase', (invoice).purchase_id, 'period', (invoice).period, 'product', (SELECT jsonb_build_object('code', product.code, 'title_zh', product.title_zh, 'title_en', product.title_en) AS jsonb_build_object FROM (public.purchase JOIN public.product ON ((product.id = purchase.product_id))) WHERE ((purchase.enterprise_id = (invoice_document.invoice).enterprise_id) AND (purchase.id = (invoice_document.invoice).purchase_id))), 'days', (SELECT jsonb_build_object('since', lower(period.days), 'before', upper(period.days), 'kind', period.kind, 'closed_at', period.closed_at) AS jsonb_build_object FROM public.billing_period period WHERE ((period.enterprise_id = (invoice_document.invoice).enterprise_id) AND (period.purchase_id = (invoice_document.invoice).purchase_id) AND (period.number = (invoice_document.invoice).period))), 'buyer', COALESCE((invoice).buyer, (SELECT public.billing_party(party.*) AS billing_party FROM public.party WHERE (party.id = (invoice_document.invoice).enterprise_id))), 'seller', COALESCE((invoice).seller, (SELECT public.billing_party(party.*) AS billing_party FROM public.party WHERE (party.id = (invoice_document.invoice).issuer_id))), 'currency', (invoice).currency, 'net_minor', (invoice).net_minor, 'vat_minor', (invoice).vat_minor, 'gross_minor', (invoice).gross_minor, 'credited_minor', (invoice).credited_minor, 'paid_minor', (invoice).paid_minor, 'open_minor', CASE WHEN ((invoice).state = ANY (ARRAY['issued'::text, 'paid'::text])) THEN (((invoice).gross_minor - (invoice).credited_minor) - (invoice).paid_minor) ELSE (0)::bigint END, 'drafted_at', (invoice).drafted_at, 'issued_at', (invoice).issued_at, 'due_on', (invoice).due_on, 'settled_at', (invoice).settled_at, 'voided_at', (invoice).voided_at, 'void_reason', (invoice).void_reason);

CREATE FUNCTION public.is_condition(kind text, value jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    RETURN COALESCE((value @@ (CASE kind WHEN 'purpose'::text THEN '$.type() == "array" && $.size() > 0
        && !exists($[*] ? (@.type() != "string" || !(@ like_regex "^[a-z][a-z0-9_]{0,39}$")))'::text WHEN 'region'::text THEN '$.type() == "array" && $.size() > 0
        && !exists($[*] ? (@.type() != "string" || !(@ like_regex "^[0-9]{6}$")))'::text WHEN 'sector'::text THEN '$.type() == "array" && $.size() > 0
        && !exists($[*] ? (@.type() != "string" || !(@ like_regex "^[A-T]$")))'::text WHEN 'qualification'::text THEN '$.type() == "array" && $.size() > 0
        && !exists($[*] ? (@.type() != "string" || @ == ""))'::text WHEN 'redistribution'::text THEN '$.type() == "string" && ($ == "forbidden" || $ == "with_consent" || $ == "free")'::text WHEN 'fee'::text THEN '$.type() == "string" && ($ == "free" || $ == "guided" || $ == "market")'::text WHEN 'retention'::text THEN '$.type() == "number" && $ >= 1 && $ <= 36500 && $ == $.floor()'::text ELSE NULL::text END)::jsonpath), false);

CREATE TABLE public.party_name (
    party_id uuid NOT NULL,
    name text NOT NULL,
    name_zh text,
    name_en text,
    valid tstzrange NOT NULL,
    recorded tstzrange NOT NULL,
    basis text NOT NULL,
    basis_sha256 bytea,
    CONSTRAINT party_name_basis_sha256_length CHECK ((octet_length(basis_sha256) = 32)),
    CONSTRAINT party_name_has_basis CHECK ((btrim(basis) <> ''::text)),
    CONSTRAINT party_name_not_blank CHECK ((btrim(name) <> ''::text)),
    CONSTRAINT party_name_recorded_not_empty CHECK ((NOT isempty(recorded))),
    CONSTRAINT party_name_valid_not_empty CHECK ((NOT isempty(valid)))
);

CREATE FUNCTION public.party_then(holder uuid, as_of timestamp with time zone, recorded_by timestamp with time zone) RETURNS TABLE(document json)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT json_strip_nulls(json_build_object('code', party.code, 'name', COALESCE(known.name, party.name), 'name_zh',
         CASE
             WHEN (known.party_id IS NULL) THEN party.name_zh
             ELSE known.name_zh
         END, 'name_en',
         CASE
             WHEN (known.party_id IS NULL) THEN party.name_en
             ELSE known.name_en
         END, 'kind', party.kind, 'synthetic', party.synthetic)) AS json_strip_nulls
    FROM (public.party
      LEFT JOIN public.party_name known ON (((known.party_id = party.id) AND (known.valid @> party_then.as_of) AND (known.recorded @> party_then.recorded_by))))
   WHERE (party.id = party_then.holder);
END;

CREATE TABLE public.party_successor (
    succession_id uuid NOT NULL,
    "position" integer NOT NULL,
    party_id uuid NOT NULL,
    roles text[],
    names_subjects boolean NOT NULL,
    CONSTRAINT party_successor_roles_not_empty CHECK ((cardinality(roles) > 0))
);

CREATE TABLE public.party_successor_subject (
    succession_id uuid NOT NULL,
    "position" integer NOT NULL,
    subject_id uuid GENERATED ALWAYS AS (COALESCE(entry_id, product_id)) STORED NOT NULL,
    entry_id uuid,
    product_id uuid,
    CONSTRAINT party_successor_subject_is_one CHECK ((num_nonnulls(entry_id, product_id) = 1))
);

CREATE FUNCTION public.succession_heir(succession uuid, held_role text, subject uuid) RETURNS TABLE(party_id uuid)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT successor.party_id
    FROM public.party_successor successor
   WHERE ((successor.succession_id = succession_heir.succession) AND ((successor.roles IS NULL) OR (succession_heir.held_role = ANY (successor.roles))) AND ((NOT successor.names_subjects) OR (EXISTS ( SELECT
            FROM public.party_successor_subject named
           WHERE ((named.succession_id = successor.succession_id) AND (named."position" = successor."position") AND (named.subject_id = succession_heir.subject))))))
   ORDER BY successor.names_subjects DESC, (successor.roles IS NULL), successor."position"
  LIMIT 1;
END;

CREATE TABLE public.party_succession (
    id uuid NOT NULL,
    predecessor_id uuid NOT NULL,
    kind text NOT NULL,
    effective_at timestamp with time zone NOT NULL,
    recorded tstzrange NOT NULL,
    recorded_by uuid NOT NULL,
    basis text NOT NULL,
    basis_sha256 bytea NOT NULL,
    digest bytea NOT NULL,
    corrected_by uuid,
    correction_reason text,
    corrects_id uuid,
    CONSTRAINT party_succession_basis_sha256_length CHECK ((octet_length(basis_sha256) = 32)),
    CONSTRAINT party_succession_correction_is_whole CHECK ((((corrected_by IS NULL) = (correction_reason IS NULL)) AND (upper_inf(recorded) = (corrected_by IS NULL)))),
    CONSTRAINT party_succession_correction_reason_not_blank CHECK ((btrim(correction_reason) <> ''::text)),
    CONSTRAINT party_succession_has_basis CHECK ((btrim(basis) <> ''::text)),
    CONSTRAINT party_succession_kind_known CHECK ((kind = ANY (ARRAY['renamed'::text, 'merged'::text, 'split'::text]))),
    CONSTRAINT party_succession_not_in_future CHECK ((effective_at <= lower(recorded))),
    CONSTRAINT party_succession_recorded_not_empty CHECK ((NOT isempty(recorded)))
);

CREATE FUNCTION public.successor_now(holder uuid, held_role text, subject uuid, moment timestamp with time zone) RETURNS TABLE(party_id uuid, kind text, effective_at timestamp with time zone, basis text, basis_sha256 bytea)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 WITH RECURSIVE walk(party_id, kind, effective_at, basis, basis_sha256, steps) AS (
          SELECT successor_now.holder AS holder,
             NULL::text AS text,
             NULL::timestamp with time zone AS timestamptz,
             NULL::text AS text,
             NULL::bytea AS bytea,
             0 AS "?column?"
         UNION ALL
          SELECT heir.party_id,
             succession.kind,
             succession.effective_at,
             succession.basis,
             succession.basis_sha256,
             (walk_1.steps + 1)
            FROM ((walk walk_1
              JOIN public.party_succession succession ON (((succession.predecessor_id = walk_1.party_id) AND (succession.recorded @> successor_now.moment) AND (succession.effective_at <= successor_now.moment))))
              CROSS JOIN LATERAL public.succession_heir(succession.id, successor_now.held_role, successor_now.subject) heir(party_id))
           WHERE (walk_1.steps < 16)
         )
  SELECT walk.party_id,
     walk.kind,
     walk.effective_at,
     walk.basis,
     walk.basis_sha256
    FROM walk
   WHERE (walk.steps > 0)
   ORDER BY walk.steps DESC
  LIMIT 1;
END;

CREATE FUNCTION public.link_document(name text, roles text[], required_for text, subject jsonb, subject_id uuid, held_role text, party_id uuid, valid tstzrange, basis text, basis_sha256 bytea, as_of timestamp with time zone, recorded_by timestamp with time zone) RETURNS TABLE(document json)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT json_build_object('link', name, 'role', COALESCE(held_role, (roles)[1]), 'required', (required_for IS NOT NULL), 'subject', subject, 'party', ( SELECT party_then.document
            FROM public.party_then(link_document.party_id, link_document.as_of, link_document.recorded_by) party_then(document)), 'since', lower(valid), 'until', upper(valid), 'basis', basis, 'basis_sha256', encode(basis_sha256, 'hex'::text), 'successor',
         CASE
             WHEN (party_id IN ( SELECT party_succession.predecessor_id
                FROM public.party_succession)) THEN ( SELECT json_build_object('party', called.document, 'kind', heir.kind, 'since', heir.effective_at, 'basis', heir.basis, 'basis_sha256', encode(heir.basis_sha256, 'hex'::text)) AS json_build_object
                FROM public.successor_now(link_document.party_id, link_document.held_role, link_document.subject_id, link_document.recorded_by) heir(party_id, kind, effective_at, basis, basis_sha256),
                 LATERAL public.party_then(heir.party_id, link_document.recorded_by, link_document.recorded_by) called(document))
             ELSE NULL::json
         END) AS json_build_object;
END;

CREATE FUNCTION public.make_usage_partitions(first date, months integer) RETURNS integer
    LANGUAGE plpgsql
    AS $$
DECLARE
    month date;
    made integer := 0;
BEGIN
    FOR month IN SELECT generate_series(date_trunc('month', first), date_trunc('month', first)
                                        + make_interval(months => months - 1), interval '1 month')::date LOOP
        IF to_regclass(format('usage_event_%s', to_char(month, 'YYYY_MM'))) IS NULL THEN
            EXECUTE format('CREATE TABLE usage_event_%s PARTITION OF usage_event FOR VALUES FROM (%L) TO (%L)',
                to_char(month, 'YYYY_MM'), month::timestamp AT TIME ZONE 'UTC',
                (month + interval '1 month') AT TIME ZONE 'UTC');
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;

CREATE TABLE public.meter (
    code text NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    unit text NOT NULL,
    accepted_for interval DEFAULT '35 days'::interval NOT NULL,
    product_id uuid,
    event_type text,
    aggregation text DEFAULT 'sum'::text NOT NULL,
    value text,
    "least" numeric,
    scale smallint DEFAULT 0 NOT NULL,
    dimensions text[] DEFAULT '{}'::text[] NOT NULL,
    made_by uuid,
    made_at timestamp with time zone DEFAULT '2026-01-01 00:00:00+00'::timestamp with time zone NOT NULL,
    CONSTRAINT meter_accepted_for_positive CHECK ((accepted_for > '00:00:00'::interval)),
    CONSTRAINT meter_aggregation_known CHECK ((aggregation = ANY (ARRAY['sum'::text, 'count'::text, 'unique_count'::text, 'average'::text, 'minimum'::text, 'maximum'::text, 'latest'::text]))),
    CONSTRAINT meter_code_form CHECK ((code ~ '^[a-z][a-z0-9_]{0,39}$'::text)),
    CONSTRAINT meter_counts_events_or_values CHECK (((aggregation = 'count'::text) = (value IS NULL))),
    CONSTRAINT meter_dimensions_few CHECK ((cardinality(dimensions) <= 5)),
    CONSTRAINT meter_event_type_length CHECK (((length(event_type) >= 1) AND (length(event_type) <= 100))),
    CONSTRAINT meter_least_positive CHECK (("least" > (0)::numeric)),
    CONSTRAINT meter_scale_in_range CHECK (((scale >= 0) AND (scale <= 6))),
    CONSTRAINT meter_value_length CHECK (((length(value) >= 1) AND (length(value) <= 100)))
);

CREATE FUNCTION public.meter_document(wanted public.meter) RETURNS json
    LANGUAGE sql STABLE
    AS $$
    SELECT json_build_object('code', wanted.code, 'title_zh', wanted.title_zh, 'title_en', wanted.title_en,
        'unit', wanted.unit, 'event_type', wanted.event_type, 'aggregation', wanted.aggregation, 'value', wanted.value,
        'scale', wanted.scale, 'dimensions', wanted.dimensions,
        'product', (SELECT product.code FROM product WHERE product.id = wanted.product_id),
        'accepted_for_hours', (extract(epoch FROM wanted.accepted_for) / 3600)::integer, 'made_at', wanted.made_at)
$$;

CREATE FUNCTION public.minor_units(amount numeric) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (round(amount))::bigint;

CREATE TABLE public.responsibility (
    id uuid NOT NULL,
    party_id uuid NOT NULL,
    role text NOT NULL,
    entry_id uuid,
    product_id uuid,
    subject_id uuid GENERATED ALWAYS AS (COALESCE(entry_id, product_id)) STORED NOT NULL,
    valid tstzrange NOT NULL,
    recorded tstzrange NOT NULL,
    basis text NOT NULL,
    basis_sha256 bytea NOT NULL,
    succession_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    CONSTRAINT responsibility_basis_sha256_length CHECK ((octet_length(basis_sha256) = 32)),
    CONSTRAINT responsibility_has_basis CHECK ((btrim(basis) <> ''::text)),
    CONSTRAINT responsibility_has_one_subject CHECK ((num_nonnulls(entry_id, product_id) = 1)),
    CONSTRAINT responsibility_recorded_not_empty CHECK ((NOT isempty(recorded))),
    CONSTRAINT responsibility_role_known CHECK ((role = ANY (ARRAY['source'::text, 'provider'::text, 'publisher'::text, 'authoriser'::text, 'operator'::text, 'marketplace'::text, 'seller'::text, 'deliverer'::text, 'user'::text, 'security'::text, 'contact'::text]))),
    CONSTRAINT responsibility_valid_not_empty CHECK ((NOT isempty(valid)))
);

CREATE FUNCTION public.responsibility_in(subject uuid, roles text[], as_of timestamp with time zone, recorded_by timestamp with time zone) RETURNS TABLE(party_id uuid, role text, valid tstzrange, basis text, basis_sha256 bytea)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT held.party_id,
     held.role,
     held.valid,
     held.basis,
     held.basis_sha256
    FROM public.responsibility held
   WHERE ((held.subject_id = responsibility_in.subject) AND (held.role = ANY (responsibility_in.roles)) AND range_contains_elem(held.valid, responsibility_in.as_of) AND range_contains_elem(held.recorded, responsibility_in.recorded_by))
   ORDER BY (array_position(responsibility_in.roles, held.role))
  LIMIT 1;
END;

CREATE TABLE public.product_revision (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    file_name text NOT NULL,
    media_type text NOT NULL,
    sha256 bytea NOT NULL,
    rows bigint NOT NULL,
    columns jsonb NOT NULL,
    source jsonb NOT NULL,
    published_at timestamp with time zone NOT NULL,
    keys text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT product_revision_counts_from_one CHECK ((number >= 1))
);

CREATE FUNCTION public.missing_responsibility(subject uuid, moment timestamp with time zone) RETURNS TABLE(link text, required_for text, subject_code text, message_zh text, message_en text)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 WITH revision AS (
          SELECT max(product_revision.number) AS number
            FROM public.product_revision
           WHERE (product_revision.product_id = missing_responsibility.subject)
         ), demanded AS (
          SELECT demanded_1.link,
             demanded_1.roles,
             demanded_1.required_for,
             demanded_1.subject_id
            FROM revision,
             LATERAL public.demanded_links(missing_responsibility.subject, revision.number) demanded_1(place, link, roles, required_for, subject_id, subject)
         UNION ALL
          SELECT link_1.name,
             link_1.roles,
             link_1.required_for,
             missing_responsibility.subject AS subject
            FROM public.chain_link link_1
           WHERE ((link_1.subject_kind = 'entry'::text) AND (EXISTS ( SELECT
                    FROM public.directory_entry
                   WHERE (directory_entry.id = missing_responsibility.subject))))
         )
  SELECT demanded.link,
     demanded.required_for,
     named.code,
     format('“%s”环节没有责任主体（%s）'::text, link.title_zh, named.code) AS format,
     format('Nobody answers for the link "%s" of %s: it needs a party in the role %s.'::text, link.title_en, named.code, array_to_string(demanded.roles, ' or '::text)) AS format
    FROM ((demanded
      JOIN public.chain_link link ON ((link.name = demanded.link)))
      CROSS JOIN LATERAL ( SELECT directory_entry.code
            FROM public.directory_entry
           WHERE (directory_entry.id = demanded.subject_id)
         UNION ALL
          SELECT product.code
            FROM public.product
           WHERE (product.id = demanded.subject_id)) named)
   WHERE ((demanded.required_for IS NOT NULL) AND (NOT (EXISTS ( SELECT
            FROM public.responsibility_in(demanded.subject_id, demanded.roles, missing_responsibility.moment, missing_responsibility.moment) responsibility_in(party_id, role, valid, basis, basis_sha256)))))
   ORDER BY link."position", named.code;
END;

CREATE FUNCTION public.months_between(first timestamp with time zone, moment timestamp with time zone) RETURNS integer
    LANGUAGE sql IMMUTABLE
    RETURN (((((EXTRACT(year FROM (moment AT TIME ZONE 'Asia/Shanghai'::text)) * (12)::numeric) + EXTRACT(month FROM (moment AT TIME ZONE 'Asia/Shanghai'::text))) - (EXTRACT(year FROM (first AT TIME ZONE 'Asia/Shanghai'::text)) * (12)::numeric)) - EXTRACT(month FROM (first AT TIME ZONE 'Asia/Shanghai'::text))))::integer;

CREATE FUNCTION public.move_by(day date, days integer, unit text) RETURNS date
    LANGUAGE sql STABLE
    RETURN CASE unit WHEN 'day'::text THEN (day + days) ELSE public.add_working_days(day, days) END;

CREATE FUNCTION public.obtained_source(product uuid, moment timestamp with time zone) RETURNS TABLE(entry_id uuid, number integer, provider_code text, until date)
    LANGUAGE sql STABLE
    AS $$
    SELECT version.entry_id, version.number, version.received_from, (
        SELECT max(upper(consent.valid) - 1)
        FROM party
        LEFT JOIN LATERAL successor_now(party.id, 'provider', version.entry_id, 'infinity') AS heir ON true
        JOIN consent ON consent.entry_id = version.entry_id AND consent.party_id IN (party.id, heir.party_id)
        WHERE party.code = version.received_from
            AND consent.state IN ('given', 'withdrawn') AND consent.valid @> legal_day(moment)
            AND (consent.withdrawn_at IS NULL OR consent.withdrawn_at > moment)
            AND (consent.product_id = obtained_source.product OR consent.product_id IS NULL AND EXISTS (
                SELECT FROM responsibility WHERE responsibility.subject_id = obtained_source.product
                    AND responsibility.role = 'operator' AND responsibility.party_id = consent.operator_id
                    AND range_contains_elem(responsibility.valid, moment) AND upper_inf(responsibility.recorded))))
    FROM newest_source AS source
    -- One look-up of two keys: with OR the planner reads a whole index for each number.
    JOIN directory_entry_version AS version ON version.entry_id = source.entry_id
        AND version.number = ANY(ARRAY[source.entry_version, (
            SELECT entry_in_force.number FROM entry_in_force WHERE entry_in_force.entry_id = source.entry_id)])
    WHERE source.product_id = obtained_source.product AND version.received_from IS NOT NULL
$$;

CREATE FUNCTION public.offer_obstacle(offer uuid, product uuid, moment timestamp with time zone) RETURNS TABLE(kind text)
    LANGUAGE plpgsql STABLE
    AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM product AS own
        WHERE own.id = offer_obstacle.product AND own.listed_at IS NOT NULL AND own.delisted_at IS NULL) THEN
        RETURN QUERY SELECT 'product_not_listed';
    END IF;
    RETURN QUERY SELECT 'product_suspended' FROM product_suspension
        WHERE product_suspension.product_id = offer_obstacle.product AND lifted_at IS NULL;
    RETURN QUERY SELECT 'condition_not_accepted' FROM condition_flag
        WHERE condition_flag.offer_id = offer_obstacle.offer AND decision IS DISTINCT FROM 'accepted';
    -- One look for each kind (LIMIT 1): with NOT EXISTS the planner reads those of all products.
    RETURN QUERY SELECT 'credential_lacking' FROM offer_need AS need
        WHERE need.offer_id = offer_obstacle.offer AND (
            SELECT true FROM credential WHERE credential.product_id = need.product_id AND credential.kind = need.kind
                AND credential.state = 'in_force' AND credential.valid @> legal_day(moment) LIMIT 1) IS NULL;
    IF EXISTS (SELECT FROM newest_source AS source
        JOIN directory_entry_version AS version ON version.entry_id = source.entry_id AND version.received_from IS NOT NULL
        WHERE source.product_id = offer_obstacle.product) THEN
        RETURN QUERY SELECT 'consent_lacking' FROM obtained_source(offer_obstacle.product, moment) AS source
            WHERE source.until IS NULL;
    END IF;
    IF EXISTS (SELECT FROM offer AS own WHERE own.id = offer_obstacle.offer AND own.kind <> 'free') THEN
        RETURN QUERY SELECT 'price_above_ceiling' FROM above_ceiling(offer_obstacle.offer, moment);
    END IF;
END
$$;

CREATE FUNCTION public.period_start(first timestamp with time zone, period text, n integer) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE
    RETURN CASE period WHEN 'day'::text THEN (first + ((n)::double precision * '24:00:00'::interval)) WHEN 'month'::text THEN (((first AT TIME ZONE 'Asia/Shanghai'::text) + ((n)::double precision * '1 mon'::interval)) AT TIME ZONE 'Asia/Shanghai'::text) WHEN 'quarter'::text THEN (((first AT TIME ZONE 'Asia/Shanghai'::text) + ((n)::double precision * '3 mons'::interval)) AT TIME ZONE 'Asia/Shanghai'::text) WHEN 'year'::text THEN (((first AT TIME ZONE 'Asia/Shanghai'::text) + ((n)::double precision * '1 year'::interval)) AT TIME ZONE 'Asia/Shanghai'::text) ELSE first END;

CREATE FUNCTION public.period_number(first timestamp with time zone, period text, moment timestamp with time zone) RETURNS integer
    LANGUAGE sql IMMUTABLE
    RETURN CASE period WHEN 'day'::text THEN (floor((EXTRACT(epoch FROM (moment - first)) / (86400)::numeric)))::integer WHEN 'month'::text THEN (public.months_between(first, moment) - ((public.period_start(first, 'month'::text, public.months_between(first, moment)) > moment))::integer) WHEN 'quarter'::text THEN ((public.months_between(first, moment) / 3) - ((public.period_start(first, 'quarter'::text, (public.months_between(first, moment) / 3)) > moment))::integer) WHEN 'year'::text THEN ((public.months_between(first, moment) / 12) - ((public.period_start(first, 'year'::text, (public.months_between(first, moment) / 12)) > moment))::integer) ELSE 0 END;

CREATE FUNCTION public.paid_until(valid tstzrange, trial_days integer, billing_period text, moment timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE
    RETURN LEAST(upper(valid), CASE WHEN (moment < (lower(valid) + make_interval(days => COALESCE(trial_days, 0)))) THEN (lower(valid) + make_interval(days => trial_days)) WHEN (billing_period IS NOT NULL) THEN public.period_start((lower(valid) + make_interval(days => COALESCE(trial_days, 0))), billing_period, (1 + public.period_number((lower(valid) + make_interval(days => COALESCE(trial_days, 0))), billing_period, moment))) ELSE NULL::timestamp with time zone END);

CREATE FUNCTION public.parts_held(part_1 numeric, part_2 numeric, part_3 numeric, part_4 numeric) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
SELECT COALESCE((part_1 <> 0)::integer, 0) + COALESCE((part_2 <> 0)::integer, 0) + COALESCE((part_3 <> 0)::integer, 0)
    + COALESCE((part_4 <> 0)::integer, 0)
$$;

CREATE FUNCTION public.personal_columns(product uuid, revision integer) RETURNS text[]
    LANGUAGE sql STABLE
    AS $_$
    SELECT COALESCE(array_agg(declared->>'name'), '{}')
    FROM product_revision AS own, jsonb_array_elements(own.columns) AS declared
    WHERE product_id = $1 AND number = $2 AND (EXISTS (
        SELECT FROM product_revision AS later, jsonb_array_elements(later.columns) AS marked
        WHERE later.product_id = $1 AND later.number >= $2 AND marked->>'name' = declared->>'name'
            AND marked->'personal' = 'true'
    ) OR EXISTS (
        SELECT FROM product_revision_source AS used
        LEFT JOIN entry_in_force AS in_force ON in_force.entry_id = used.entry_id
        JOIN directory_entry_version AS version
            ON version.entry_id = used.entry_id AND version.number IN (used.entry_version, in_force.number)
        WHERE used.product_id = $1 AND used.number = $2 AND version.document->'personalInformation' = 'true'))
$_$;

CREATE FUNCTION public.post_entries(entries public.posting_entry[], moment timestamp with time zone) RETURNS bigint
    LANGUAGE sql
    AS $$
    WITH numbered AS (
        SELECT entry.*, uuid_of_time(moment) AS id, COALESCE(newest.number, 0) + row_number() OVER (
            PARTITION BY entry.enterprise_id ORDER BY entry.place) AS number, newest.digest AS newest_digest
        FROM (SELECT stated.enterprise_id, place, party_id, abs(amount_minor) AS amount_minor, currency, cause, cause_id,
                CASE WHEN amount_minor > 0 THEN debit ELSE credit END AS debit,
                CASE WHEN amount_minor > 0 THEN credit ELSE debit END AS credit
              FROM unnest(entries) WITH ORDINALITY AS stated(enterprise_id, debit, credit, party_id, amount_minor, currency,
                  cause, cause_id, place) WHERE amount_minor <> 0) AS entry
        LEFT JOIN LATERAL (SELECT ledger_posting.number, ledger_posting.digest FROM ledger_posting
            WHERE ledger_posting.enterprise_id = entry.enterprise_id ORDER BY ledger_posting.number DESC LIMIT 1)
            AS newest ON true
    ), posted AS (
        INSERT INTO ledger_posting (enterprise_id, number, id, debit, credit, party_id, amount_minor, currency, cause,
            cause_id, posted_at, previous_digest)
        SELECT enterprise_id, number, id, debit, credit, party_id, amount_minor, currency, cause, cause_id, moment,
            COALESCE(lag(posting_digest(number, id, debit, credit, party_id, amount_minor, currency, cause, cause_id, moment))
                OVER (PARTITION BY enterprise_id ORDER BY number), newest_digest)
        FROM numbered ORDER BY enterprise_id, number
        RETURNING number
    )
    SELECT count(*) FROM posted
$$;

CREATE FUNCTION public.posting_digest(number bigint, id uuid, debit text, credit text, party_id uuid, amount_minor bigint, currency text, cause text, cause_id uuid, posted_at timestamp with time zone) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN sha256((((((((((((((((((((number || ' '::text) || id) || ' '::text) || debit) || ' '::text) || credit) || ' '::text) || COALESCE((party_id)::text, '-'::text)) || ' '::text) || amount_minor) || ' '::text) || currency) || ' '::text) || cause) || ' '::text) || cause_id) || ' '::text) || EXTRACT(epoch FROM posted_at)))::bytea);

CREATE FUNCTION public.product_blocker(product uuid, moment timestamp with time zone) RETURNS TABLE(kind text, subject text, message_zh text, message_en text)
    LANGUAGE sql STABLE
    AS $_$
    WITH made AS MATERIALIZED (
        SELECT source.entry_id, source.entry_version, entry.code, in_force.number AS version_in_force
        FROM newest_source AS source
        JOIN directory_entry AS entry ON entry.id = source.entry_id
        LEFT JOIN entry_in_force AS in_force ON in_force.entry_id = source.entry_id
        WHERE source.product_id = product
    ), examined AS MATERIALIZED (
        SELECT DISTINCT made.code, made.entry_id, version.number, version.document
        FROM made JOIN directory_entry_version AS version
            ON version.entry_id = made.entry_id AND version.number IN (made.entry_version, made.version_in_force)
    ), standing AS MATERIALIZED (
        SELECT offer.id, offer.code FROM offer WHERE offer.product_id = product AND offer.withdrawn_at IS NULL
    )
    SELECT 'no_directory_entry', NULL, '产品没有说明由哪些目录条目制成。', 'The product names no directory entry it is made of.'
    WHERE NOT EXISTS (SELECT FROM made)
    UNION ALL
    SELECT 'no_offer', NULL, '产品没有有效挂牌。', 'No offer of the product stands.' WHERE NOT EXISTS (SELECT FROM standing)
    UNION ALL
    SELECT 'entry_withdrawn', code, format('目录条目 %s 已撤回。', code), format('The directory entry %s is withdrawn.', code)
    FROM made WHERE version_in_force IS NULL
    UNION ALL
    SELECT 'not_shared', code || '/' || number, format('目录条目 %s 第 %s 版不予共享：%s', code, number, document->>'sharingBasis'),
        format('Version %s of the directory entry %s is not shared: %s', number, code,
            COALESCE(document->>'sharingBasis', 'no basis is stated'))
    FROM examined WHERE document->>'sharingClass' = 'not_shared'
    UNION ALL
    SELECT 'core_data', code || '/' || number, format('目录条目 %s 第 %s 版为核心数据。', code, number),
        format('Version %s of the directory entry %s is core data.', number, code)
    FROM examined WHERE document->>'grade' = 'core'
    UNION ALL
    SELECT 'assessment_missing', code || '/' || number,
        format('目录条目 %s 第 %s 版含个人信息，产品缺少影响评估编号。', code, number),
        format('Version %s of the directory entry %s holds personal information; the product has no reference of an '
            'impact assessment.', number, code)
    FROM examined WHERE document->'personalInformation' = 'true'
        AND EXISTS (SELECT FROM product AS own WHERE own.id = product_blocker.product AND own.assessment IS NULL)
    UNION ALL
    SELECT 'consent_missing', code || '/' || number,
        format('目录条目 %s 第 %s 版的数据由 %s 共享而来，缺少其有效同意。', code, number, document->>'receivedFrom'),
        format('The data of version %s of the directory entry %s was received by sharing from %s, whose consent is not '
            'in force.', number, code, document->>'receivedFrom')
    FROM obtained_source(product_blocker.product, moment) AS source JOIN examined USING (entry_id, number)
    WHERE source.until IS NULL
    UNION ALL
    SELECT 'condition_malformed', code || '/' || number,
        format('目录条目 %s 第 %s 版的使用条件无法识别：%s', code, number, stated.condition),
        format('A condition of version %s of the directory entry %s cannot be understood: %s', number, code,
            stated.condition)
    FROM examined, jsonb_path_query(document, '$.conditions[*]') AS stated(condition)
    WHERE NOT is_condition(stated.condition->>'kind', stated.condition->'value')
    UNION ALL
    SELECT 'link_without_party', missing.subject_code || ' ' || missing.link, missing.message_zh, missing.message_en
    FROM missing_responsibility(product, moment) AS missing
    UNION ALL
    SELECT 'credential_missing', need.kind, format('缺少有效的%s。', need.title_zh),
        format('The credential ''%s'' is not in force.', need.title_en)
    FROM credential_kind AS need
    WHERE EXISTS (SELECT FROM offer_need JOIN standing ON standing.id = offer_need.offer_id
                  WHERE offer_need.kind = need.kind)
        AND NOT EXISTS (SELECT FROM credential WHERE credential.product_id = product AND credential.kind = need.kind
            AND credential.state = 'in_force' AND credential.valid @> legal_day(moment))
    UNION ALL
    SELECT 'condition_added', standing.code || ' ' || compared.kind,
        format('挂牌 %s 的使用条件 %s 超出目录：%s。', standing.code, compared.kind,
            CASE flag.decision WHEN 'refused' THEN '依据未被接受（' || flag.reason || '）' ELSE '依据待审核' END),
        format('The condition %s of the offer %s is added beyond the directory: %s.', compared.kind, standing.code,
            CASE flag.decision WHEN 'refused' THEN 'its basis was refused (' || flag.reason || ')'
                ELSE 'no officer has accepted its basis' END)
    FROM offered_condition_together AS compared JOIN standing ON standing.id = compared.offer_id
    LEFT JOIN condition_flag AS flag ON flag.offer_id = compared.offer_id AND flag.kind = compared.kind
        AND flag.directory_value = COALESCE(compared.directory_value, 'null')
    WHERE compared.product_id = product AND compared.added AND flag.decision IS DISTINCT FROM 'accepted'
    UNION ALL
    SELECT 'condition_loosened', standing.code || ' ' || compared.kind || ' ' || made.code || '/' || made.entry_version,
        format('挂牌 %s 放宽了目录条目 %s 第 %s 版的使用条件 %s（%s）。', standing.code, made.code, made.entry_version,
            compared.kind, compared.directory_value),
        format('The offer %s loosens the condition %s (%s) of version %s of the directory entry %s.', standing.code,
            compared.kind, compared.directory_value, made.entry_version, made.code)
    FROM offered_condition_by_entry AS compared JOIN standing ON standing.id = compared.offer_id
    JOIN made ON made.entry_id = compared.entry_id
    WHERE compared.product_id = product AND compared.loosened
    UNION ALL
    SELECT 'price_above_ceiling', standing.code || ' ' || excess.member, format('挂牌 %s：%s。', standing.code, excess.message_zh),
        format('The offer %s: %s.', standing.code, excess.message_en)
    FROM standing, above_ceiling(standing.id, moment) AS excess
$_$;

CREATE FUNCTION public.product_class(of_product uuid, of_revision integer, at timestamp with time zone, known timestamp with time zone) RETURNS TABLE(dimension text, class text)
    LANGUAGE sql STABLE
    AS $$
SELECT of.dimension, COALESCE(of.class, '')
FROM product AS sold
LEFT JOIN responsibility AS operated ON operated.subject_id = sold.id AND operated.role = 'operator'
    -- By its bounds: for one after the other, the index of a product's few responsibilities costs a hundredth of the one of
    -- ranges.
    AND at >= COALESCE(lower(operated.valid), '-infinity') AND at < COALESCE(upper(operated.valid), 'infinity')
    AND known >= COALESCE(lower(operated.recorded), '-infinity') AND known < COALESCE(upper(operated.recorded), 'infinity')
LEFT JOIN party AS seller ON seller.id = operated.party_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN count(DISTINCT provider.province) > 1 THEN 'several' ELSE min(provider.province) END AS province
    FROM product_revision_source AS source
    JOIN responsibility AS provided ON provided.subject_id = source.entry_id AND provided.role = 'provider'
        AND at >= COALESCE(lower(provided.valid), '-infinity') AND at < COALESCE(upper(provided.valid), 'infinity')
        AND known >= COALESCE(lower(provided.recorded), '-infinity')
        AND known < COALESCE(upper(provided.recorded), 'infinity')
    JOIN party AS provider ON provider.id = provided.party_id
    WHERE source.product_id = of_product AND source.number = COALESCE(of_revision,
        (SELECT max(number) FROM product_revision AS made WHERE made.product_id = of_product AND made.published_at <= at))
) AS origin
CROSS JOIN LATERAL (
    SELECT CASE WHEN count(*) > 1 THEN 'several' ELSE min(link.code) END AS code,
        CASE WHEN count(DISTINCT link.domain) > 1 THEN 'several' ELSE min(link.domain) END AS domain
    FROM scenario_link AS link
    WHERE link.product_id = of_product AND link.since <= known AND COALESCE(link.until > known, true)
) AS scenario
CROSS JOIN LATERAL (VALUES ('product_kind', sold.kind), ('use_class', sold.use_class), ('seller', seller.code),
    ('seller_province', seller.province), ('origin_province', origin.province), ('scenario', scenario.code),
    ('domain', scenario.domain)) AS of (dimension, class)
WHERE sold.id = of_product
$$;

CREATE TABLE public.command_key (
    enterprise_id uuid NOT NULL,
    key text NOT NULL,
    command text NOT NULL,
    digest bytea NOT NULL,
    purchase_id uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    correction_id uuid,
    CONSTRAINT command_key_length CHECK (((length(key) >= 1) AND (length(key) <= 200)))
);

CREATE TABLE public.entitlement (
    enterprise_id uuid NOT NULL,
    id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    product_id uuid NOT NULL,
    valid tstzrange NOT NULL,
    suspended_at timestamp with time zone,
    ended_at timestamp with time zone,
    suspended_by uuid,
    suspension_reason text,
    CONSTRAINT entitlement_ends_within_grant CHECK ((ended_at <= upper(valid))),
    CONSTRAINT entitlement_suspension_is_whole CHECK ((((suspended_at IS NULL) = (suspension_reason IS NULL)) AND ((suspended_by IS NULL) OR (suspended_at IS NOT NULL)))),
    CONSTRAINT entitlement_suspension_reason_not_blank CHECK ((btrim(suspension_reason) <> ''::text)),
    CONSTRAINT entitlement_valid_not_empty CHECK ((NOT isempty(valid)))
);

CREATE TABLE public.offer (
    id uuid NOT NULL,
    code text NOT NULL,
    product_id uuid NOT NULL,
    use_class text NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    kind text NOT NULL,
    price_minor bigint NOT NULL,
    currency text NOT NULL,
    purposes text[] NOT NULL,
    term_days integer NOT NULL,
    reserved_for uuid,
    offered_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    billing_period text,
    minimum_minor bigint,
    maximum_minor bigint,
    vat_rate numeric(5,4) DEFAULT 0.06 NOT NULL,
    trial_days integer,
    offered_until timestamp with time zone,
    replaces uuid,
    approval text DEFAULT 'automatic'::text NOT NULL,
    CONSTRAINT offer_allows_a_purpose CHECK ((cardinality(purposes) > 0)),
    CONSTRAINT offer_approval_known CHECK ((approval = ANY (ARRAY['automatic'::text, 'operator'::text, 'operator_and_provider'::text]))),
    CONSTRAINT offer_billing_period_known CHECK ((billing_period = ANY (ARRAY['month'::text, 'quarter'::text, 'year'::text]))),
    CONSTRAINT offer_billing_period_suits_kind CHECK (((billing_period IS NOT NULL) = (kind = ANY (ARRAY['subscription'::text, 'metered'::text, 'combined'::text])))),
    CONSTRAINT offer_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT offer_ends_after_it_begins CHECK ((offered_until > offered_at)),
    CONSTRAINT offer_fixed_price_suits_kind CHECK (
CASE
    WHEN (kind = ANY (ARRAY['free'::text, 'metered'::text])) THEN (price_minor = 0)
    ELSE (price_minor > 0)
END),
    CONSTRAINT offer_kind_known CHECK ((kind = ANY (ARRAY['free'::text, 'one_off'::text, 'subscription'::text, 'metered'::text, 'combined'::text]))),
    CONSTRAINT offer_limits_are_of_periods CHECK (((billing_period IS NOT NULL) OR (num_nonnulls(minimum_minor, maximum_minor) = 0))),
    CONSTRAINT offer_maximum_not_below_minimum CHECK ((maximum_minor >= GREATEST(COALESCE(minimum_minor, (0)::bigint), price_minor))),
    CONSTRAINT offer_minimum_not_negative CHECK ((minimum_minor >= 0)),
    CONSTRAINT offer_price_not_negative CHECK ((price_minor >= 0)),
    CONSTRAINT offer_public_benefit_is_free CHECK (((use_class <> 'public_benefit'::text) OR (kind = 'free'::text))),
    CONSTRAINT offer_term_positive CHECK ((term_days > 0)),
    CONSTRAINT offer_trial_positive CHECK ((trial_days > 0)),
    CONSTRAINT offer_vat_rate_in_range CHECK (((vat_rate >= (0)::numeric) AND (vat_rate < (1)::numeric))),
    CONSTRAINT offer_withdrawn_after_offered CHECK ((withdrawn_at >= offered_at))
);

CREATE FUNCTION public.purchase_chain(enterprise uuid, purchase uuid, as_of timestamp with time zone, recorded_by timestamp with time zone) RETURNS TABLE(document json)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 WITH bought AS (
          SELECT bought_1.id,
             bought_1.enterprise_id,
             bought_1.product_id,
             bought_1.revision,
             bought_1.accepted_at,
             bought_1.purpose,
             product.code AS product,
             offer.code AS offer,
             COALESCE(purchase_chain.as_of, bought_1.accepted_at, bought_1.requested_at) AS as_of,
             entitlement.valid AS entitled,
             entitlement.id AS entitlement_id,
             command.digest
            FROM ((((public.purchase bought_1
              LEFT JOIN public.entitlement ON (((entitlement.enterprise_id = bought_1.enterprise_id) AND (entitlement.purchase_id = bought_1.id))))
              JOIN public.product ON ((product.id = bought_1.product_id)))
              JOIN public.offer ON ((offer.id = bought_1.offer_id)))
              LEFT JOIN public.command_key command ON (((command.enterprise_id = bought_1.enterprise_id) AND (command.purchase_id = bought_1.id) AND (command.correction_id IS NULL))))
           WHERE ((bought_1.enterprise_id = purchase_chain.enterprise) AND (bought_1.id = purchase_chain.purchase))
         ), answered AS (
          SELECT demanded.place,
             demanded.link,
             demanded.roles,
             demanded.required_for,
             demanded.subject_id,
             (demanded.subject ||
                 CASE demanded.link
                     WHEN 'listing'::text THEN jsonb_build_object('offer', bought_1.offer)
                     WHEN 'delivery'::text THEN jsonb_build_object('entitlement', bought_1.entitlement_id)
                     ELSE '{}'::jsonb
                 END) AS subject,
             held.role,
             held.party_id,
             held.valid,
             held.basis,
             held.basis_sha256,
             bought_1.as_of
            FROM ((bought bought_1
              CROSS JOIN LATERAL public.demanded_links(bought_1.product_id, bought_1.revision) demanded(place, link, roles, required_for, subject_id, subject))
              LEFT JOIN LATERAL public.responsibility_in(demanded.subject_id, demanded.roles, bought_1.as_of, purchase_chain.recorded_by) held(party_id, role, valid, basis, basis_sha256) ON (true))
         UNION ALL
          SELECT link."position",
             link.name,
             link.roles,
             link.required_for,
             bought_1.id,
             jsonb_build_object('purchase', bought_1.id, 'purpose', bought_1.purpose) AS jsonb_build_object,
             'user'::text,
                 CASE
                     WHEN (bought_1.entitled @> bought_1.as_of) THEN bought_1.enterprise_id
                     ELSE NULL::uuid
                 END AS "case",
             bought_1.entitled,
             ((('purchase '::text || bought_1.id) || ' of offer '::text) || bought_1.offer),
             bought_1.digest,
             bought_1.as_of
            FROM (bought bought_1
              JOIN public.chain_link link ON ((link.subject_kind = 'purchase'::text)))
         )
  SELECT json_build_object('purchase', bought.id, 'product', bought.product, 'revision', bought.revision, 'accepted_at', bought.accepted_at, 'as_of', bought.as_of, 'recorded_by', purchase_chain.recorded_by, 'links', ( SELECT json_agg(shown.document ORDER BY answered.place, (answered.subject ->> 'directory_entry'::text)) AS json_agg
            FROM answered,
             LATERAL public.link_document(answered.link, answered.roles, answered.required_for, answered.subject, answered.subject_id, answered.role, answered.party_id, answered.valid, answered.basis, answered.basis_sha256, answered.as_of, purchase_chain.recorded_by) shown(document))) AS json_build_object
    FROM bought;
END;

CREATE FUNCTION public.purchase_class(of_enterprise uuid, of_purchase uuid) RETURNS TABLE(dimension text, class text)
    LANGUAGE sql STABLE
    AS $$
VALUES ('channel', 'on_exchange'), ('order', CASE WHEN EXISTS (SELECT FROM first_purchase AS first
    WHERE first.enterprise_id = of_enterprise AND first.purchase_id = of_purchase) THEN 'first' ELSE 'repeat' END)
$$;

CREATE FUNCTION public.purchase_decider(offer uuid, product uuid, revision integer, moment timestamp with time zone) RETURNS TABLE(party_id uuid, role text)
    LANGUAGE sql STABLE
    AS $$
    SELECT held.party_id, min(held.role)
    FROM responsibility AS held
    WHERE held.valid @> purchase_decider.moment AND upper_inf(held.recorded)
        AND (held.role = 'operator' AND held.subject_id = purchase_decider.product
            OR held.role = 'provider' AND held.subject_id IN (
                SELECT used.entry_id FROM product_revision_source AS used
                WHERE used.product_id = purchase_decider.product AND used.number = purchase_decider.revision
                    AND (SELECT wanted.approval FROM offer AS wanted WHERE wanted.id = purchase_decider.offer)
                        = 'operator_and_provider'))
    GROUP BY held.party_id
$$;

CREATE FUNCTION public.purchase_terms(enterprise uuid, purchase uuid) RETURNS TABLE(document jsonb)
    LANGUAGE sql STABLE
    AS $$
    SELECT jsonb_build_object('purchase', bought.id, 'requested_at', bought.requested_at, 'accepted_at', bought.accepted_at,
        'recorded_at', bought.recorded_at,
        'buyer', (SELECT document FROM party_then(bought.enterprise_id, bought.accepted_at, bought.recorded_at)),
        'seller', (SELECT called.document FROM responsibility_in(bought.product_id, ARRAY['seller'], bought.accepted_at,
            bought.recorded_at) AS seller, party_then(seller.party_id, bought.accepted_at, bought.recorded_at) AS called),
        'purpose', bought.purpose, 'scope', bought.scope, 'place', bought.place,
        'retention_days', bought.retention_days, 'qualifications', bought.qualifications,
        'since', lower(bought.valid), 'until', upper(bought.valid),
        'price', jsonb_build_object('minor_units', bought.price_minor, 'currency', bought.currency,
            'vat_rate', offer.vat_rate::text),
        'product', jsonb_build_object('code', product.code, 'title_zh', product.title_zh, 'title_en', product.title_en,
            'kind', product.kind, 'use_class', product.use_class, 'revision', revision.number,
            'published_at', revision.published_at, 'file_name', revision.file_name, 'media_type', revision.media_type,
            'sha256', encode(revision.sha256, 'hex'), 'rows', revision.rows, 'columns', revision.columns),
        'offer', jsonb_build_object('code', offer.code, 'title_zh', offer.title_zh, 'title_en', offer.title_en,
            'kind', offer.kind, 'price_minor', offer.price_minor, 'currency', offer.currency, 'term_days', offer.term_days,
            'billing_period', offer.billing_period, 'minimum_minor', offer.minimum_minor,
            'maximum_minor', offer.maximum_minor, 'trial_days', offer.trial_days, 'approval', offer.approval,
            'offered_at', offer.offered_at, 'usage_prices', prices.documents, 'quotas', quotas.documents),
        'conditions', conditions.documents, 'directory_entries', entries.documents,
        'responsibility', (SELECT chain.document::jsonb->'links' FROM purchase_chain(bought.enterprise_id, bought.id, NULL,
            bought.recorded_at) AS chain))
    FROM (SELECT bought.*, entitlement.valid FROM purchase AS bought
        JOIN entitlement ON entitlement.enterprise_id = bought.enterprise_id AND entitlement.purchase_id = bought.id
        WHERE bought.enterprise_id = purchase_terms.enterprise AND bought.id = purchase_terms.purchase
            AND bought.accepted_at IS NOT NULL
        OFFSET 0) AS bought
    JOIN product ON product.id = bought.product_id
    JOIN product_revision AS revision ON revision.product_id = bought.product_id AND revision.number = bought.revision
    JOIN offer ON offer.id = bought.offer_id
    CROSS JOIN LATERAL (
        SELECT COALESCE(jsonb_agg(jsonb_build_object('meter', priced.meter, 'mode', priced.mode,
            'package_size', priced.package_size::text, 'tiers', (
                SELECT jsonb_agg(jsonb_build_object('above', tier.above::text, 'unit_price', tier.unit_price::text,
                    'flat_minor', tier.flat_minor) ORDER BY tier.above)
                FROM offer_usage_tier AS tier WHERE tier.offer_id = priced.offer_id AND tier.meter = priced.meter))
            ORDER BY priced.meter), '[]') AS documents
        FROM offer_usage_price AS priced WHERE priced.offer_id = offer.id) AS prices
    CROSS JOIN LATERAL (
        SELECT COALESCE(jsonb_agg(jsonb_build_object('meter', quota.meter, 'trial', quota.trial,
            'quantity', quota.quantity::text, 'period', quota.period, 'hard', quota.hard,
            'carry_over', quota.carry_over::text) ORDER BY quota.meter, quota.trial), '[]') AS documents
        FROM offer_quota AS quota WHERE quota.offer_id = offer.id) AS quotas
    CROSS JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object('kind', stated.kind, 'value', stated.value, 'basis', stated.basis)
            ORDER BY stated.position, stated.kind) AS documents
        FROM (SELECT 'purpose' AS kind, to_jsonb(offer.purposes) AS value, NULL AS basis, 0 AS position
              WHERE NOT EXISTS (SELECT FROM offer_condition WHERE offer_id = offer.id AND kind = 'purpose')
              UNION ALL
              SELECT given.kind, COALESCE(given.value, CASE given.kind WHEN 'purpose' THEN to_jsonb(offer.purposes)
                  WHEN 'fee' THEN '"guided"' END), given.basis, given.position
              FROM offer_condition AS given WHERE given.offer_id = offer.id) AS stated) AS conditions
    CROSS JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object('code', entry.code, 'version', version.number, 'title', version.title,
            'sha256', encode(version.digest, 'hex'), 'basis', used.basis, 'conditions', COALESCE((
                SELECT jsonb_agg(jsonb_build_object('kind', stated.kind, 'value', stated.value, 'basis', stated.basis)
                    ORDER BY stated.kind, stated.value)
                FROM entry_condition AS stated
                WHERE stated.entry_id = used.entry_id AND stated.entry_version = used.entry_version), '[]'))
            ORDER BY entry.code) AS documents
        FROM product_revision_source AS used
        JOIN directory_entry AS entry ON entry.id = used.entry_id
        JOIN directory_entry_version AS version
            ON version.entry_id = used.entry_id AND version.number = used.entry_version
        WHERE used.product_id = bought.product_id AND used.number = bought.revision) AS entries
$$;

CREATE FUNCTION public.quota_period(offer uuid, valid tstzrange, trial_days integer) RETURNS TABLE(meter text, quantity numeric, period text, hard boolean, carry_over numeric, valid tstzrange)
    LANGUAGE sql STABLE
    AS $$
    SELECT quota.meter, quota.quantity, quota.period, quota.hard,
        CASE WHEN quota.period IS NULL THEN 0 ELSE quota.carry_over END, part.valid
    FROM offer_quota AS quota CROSS JOIN LATERAL (SELECT quota_period.valid * CASE WHEN quota.trial
        THEN tstzrange(NULL, lower(quota_period.valid) + make_interval(days => COALESCE(quota_period.trial_days, 0)))
        ELSE tstzrange(lower(quota_period.valid) + make_interval(days => COALESCE(quota_period.trial_days, 0)), NULL)
        END AS valid) AS part
    WHERE quota.offer_id = quota_period.offer AND NOT isempty(part.valid)
$$;

CREATE FUNCTION public.rate_period(offer uuid, trial boolean, share numeric, usage jsonb) RETURNS TABLE(line integer, kind text, meter text, quantity numeric, unit_price numeric, net_minor bigint, vat_minor bigint, title_zh text, title_en text)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
WITH part AS (
    SELECT CASE WHEN rate_period.trial THEN 'trial' ELSE 'fixed' END AS kind, NULL AS meter, NULL::numeric AS above,
        NULL::numeric AS up_to, NULL::numeric AS package_size, rate_period.share AS quantity,
        CASE WHEN rate_period.trial THEN 0 ELSE plan.price_minor END::numeric AS unit_price
    FROM offer AS plan WHERE plan.id = rate_period.offer AND (rate_period.trial OR plan.price_minor > 0)
    UNION ALL
    SELECT part.kind, price.meter, tier.above, tier.up_to, price.package_size, part.quantity,
        CASE WHEN rate_period.trial THEN 0 ELSE part.unit_price END
    FROM jsonb_each_text(rate_period.usage) AS used (meter, quantity)
    JOIN offer_usage_price AS price ON price.offer_id = rate_period.offer AND price.meter = used.meter
    CROSS JOIN LATERAL (SELECT above, unit_price, flat_minor, lead(above) OVER (ORDER BY above) AS up_to
        FROM offer_usage_tier WHERE offer_id = price.offer_id AND meter = price.meter) AS tier
    CROSS JOIN LATERAL (SELECT used.quantity::numeric AS total) AS measured
    CROSS JOIN LATERAL (VALUES
        ('usage', CASE WHEN price.mode = 'graduated' THEN LEAST(measured.total, tier.up_to) - tier.above
            WHEN price.mode = 'package' THEN ceil(measured.total / price.package_size) ELSE measured.total END, tier.unit_price),
        ('entry', 1, tier.flat_minor)) AS part (kind, quantity, unit_price)
    WHERE measured.total > tier.above AND (price.mode = 'graduated' OR tier.up_to IS NULL OR measured.total <= tier.up_to)
        AND (part.kind = 'usage' OR part.unit_price > 0 AND NOT rate_period.trial)
), priced AS (
    SELECT part.kind, part.meter, part.above, part.up_to, part.package_size, part.quantity, part.unit_price,
        minor_units(part.quantity * part.unit_price) AS net_minor FROM part
), limited AS (
    SELECT kind, meter, above, up_to, package_size, quantity, unit_price, net_minor FROM priced
    UNION ALL
    SELECT CASE WHEN due.amount < due.minimum THEN 'minimum' ELSE 'maximum' END, NULL, NULL, NULL, NULL,
        sign(GREATEST(due.amount, due.minimum) - due.amount + LEAST(due.amount, due.maximum) - due.amount),
        GREATEST(due.minimum - due.amount, due.amount - due.maximum),
        minor_units(CASE WHEN due.amount < due.minimum THEN due.minimum ELSE due.maximum END - due.amount)
    FROM (SELECT COALESCE((SELECT sum(net_minor) FROM priced), 0) AS amount,
            round(plan.minimum_minor * rate_period.share) AS minimum, round(plan.maximum_minor * rate_period.share) AS maximum
        FROM offer AS plan WHERE plan.id = rate_period.offer AND NOT rate_period.trial
            AND num_nonnulls(plan.minimum_minor, plan.maximum_minor) > 0) AS due
    WHERE due.amount < due.minimum OR due.amount > due.maximum
)
SELECT (row_number() OVER (ORDER BY word.place, limited.meter, limited.above, word.kind DESC))::integer,
    limited.kind, limited.meter, limited.quantity, limited.unit_price, limited.net_minor,
    minor_units(limited.net_minor * plan.vat_rate),
    concat(COALESCE(meter.title_zh, word.title_zh), CASE WHEN limited.kind = 'entry' THEN '：' || word.title_zh END,
        '，超过 ' || trim_scale(NULLIF(limited.above, 0)), '，至 ' || trim_scale(limited.up_to),
        '，每包 ' || trim_scale(limited.package_size)),
    concat(COALESCE(meter.title_en, word.title_en), CASE WHEN limited.kind = 'entry' THEN ': ' || word.title_en END,
        ', above ' || trim_scale(NULLIF(limited.above, 0)), ', up to ' || trim_scale(limited.up_to),
        ', in packages of ' || trim_scale(limited.package_size))
FROM limited
JOIN offer AS plan ON plan.id = rate_period.offer
JOIN (VALUES ('trial', 1, '试用', 'Trial'), ('fixed', 2, '固定费用', 'Fixed price'), ('usage', 3, '用量', 'Use'),
    ('entry', 3, '档位固定费', 'fixed price of the tier'), ('minimum', 4, '补足最低费用', 'Up to the minimum'),
    ('maximum', 5, '最高费用限额', 'Down to the maximum')) AS word (kind, place, title_zh, title_en) ON word.kind = limited.kind
LEFT JOIN meter ON meter.code = limited.meter
$$;

CREATE FUNCTION public.rated_late_usage(enterprise uuid, purchase uuid, entitlement uuid, offer uuid, facts jsonb) RETURNS TABLE(period integer, net bigint)
    LANGUAGE sql STABLE
    AS $$
    SELECT stated.period, GREATEST(0, (SELECT sum(price.net_minor)
        FROM rate_period(offer, closed.kind = 'trial', closed.share, stated.usage) AS price) - (
            SELECT COALESCE(sum(line.net_minor), 0)
            FROM invoice
            JOIN invoice_line AS line ON line.enterprise_id = invoice.enterprise_id AND line.invoice_id = invoice.id
            WHERE invoice.enterprise_id = enterprise AND invoice.purchase_id = purchase AND line.period = stated.period
        ))::bigint
    FROM (
        SELECT used.period, jsonb_object_agg(used.meter, used.quantity) AS usage
        FROM (
            SELECT parts.period, parts.meter, sum(parts.quantity) AS quantity
            FROM (
                SELECT (fact ->> 'period')::integer AS period, fact ->> 'meter' AS meter, (fact ->> 'quantity')::numeric AS quantity
                FROM jsonb_array_elements(facts) AS fact
                UNION ALL
                SELECT usage.period, usage.meter, usage.quantity FROM invoice_usage AS usage
                WHERE usage.enterprise_id = enterprise AND usage.entitlement_id = entitlement
                    AND usage.period IN (SELECT (fact ->> 'period')::integer FROM jsonb_array_elements(facts) AS fact)) AS parts
            GROUP BY parts.period, parts.meter) AS used
        GROUP BY used.period) AS stated
    JOIN billing_period AS closed ON closed.enterprise_id = enterprise AND closed.purchase_id = purchase
        AND closed.number = stated.period
$$;

CREATE FUNCTION public.rating_version() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 1;

CREATE FUNCTION public.reached_class(of_product uuid, known timestamp with time zone) RETURNS TABLE(dimension text, class text)
    LANGUAGE sql STABLE
    AS $$
SELECT DISTINCT of.dimension, of.class
FROM scenario_link AS link
CROSS JOIN LATERAL (VALUES ('', ''), ('scenario', link.code), ('domain', link.domain)) AS of (dimension, class)
WHERE link.product_id = of_product AND link.since <= known AND COALESCE(link.until > known, true)
$$;

CREATE FUNCTION public.request_problem(offer uuid, enterprise uuid, purpose text, scope text, place text, since timestamp with time zone, until timestamp with time zone, retention integer, qualifications text[], moment timestamp with time zone) RETURNS TABLE(field text, reason text)
    LANGUAGE plpgsql STABLE
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT problem.field, problem.reason
    FROM offer AS wanted CROSS JOIN LATERAL (VALUES
        ('purpose', CASE WHEN purpose <> ALL (wanted.purposes) THEN format(
            'The purpose ''%s'' is not among those of this offer: %s.', purpose, array_to_string(wanted.purposes, ', ')) END),
        ('scope', CASE WHEN wanted.approval <> 'automatic' AND scope IS NULL
            THEN 'Say what the data is used for, in words.' END),
        ('from', CASE
            WHEN since IS NULL THEN CASE WHEN wanted.approval <> 'automatic' THEN 'Say when the use begins.' END
            WHEN legal_day(since) < legal_day(moment) THEN 'The use begins in the past.'
            WHEN since > moment + interval '1 year' THEN 'The use begins more than a year from now.' END),
        ('until', CASE
            WHEN until IS NULL THEN CASE WHEN wanted.approval <> 'automatic' THEN 'Say when the use ends.' END
            WHEN until <= GREATEST(since, moment) THEN 'The use ends before it begins.'
            WHEN until > GREATEST(since, moment) + make_interval(days => wanted.term_days)
            THEN format('The offer is for %s days at most.', wanted.term_days) END)) AS problem (field, reason)
    WHERE wanted.id = offer AND problem.reason IS NOT NULL;
    IF EXISTS (SELECT FROM offer_condition AS stated WHERE stated.offer_id = offer) THEN
        RETURN QUERY
        SELECT problem.field, problem.reason
        FROM offer_condition AS stated
        JOIN offer AS wanted ON wanted.id = stated.offer_id
        CROSS JOIN LATERAL (SELECT
            CASE stated.kind WHEN 'region' THEN 'place' WHEN 'sector' THEN 'enterprise' WHEN 'retention' THEN 'retention_days'
                WHEN 'qualification' THEN 'qualifications' END AS field,
            CASE stated.kind
            WHEN 'region' THEN CASE
                WHEN place IS NULL THEN CASE WHEN wanted.approval <> 'automatic'
                    THEN 'Say where the data is used (a code of GB/T 2260), within ' || condition_codes(stated.value) || '.' END
                WHEN NOT condition_within('region', to_jsonb(ARRAY[place]), stated.value)
                THEN format('The place %s is not within the region of this offer: %s.', place,
                    condition_codes(stated.value)) END
            WHEN 'sector' THEN (SELECT format('The offer is for the sectors %s, and your enterprise is of %s.',
                condition_codes(stated.value), COALESCE(buyer.industry_section, 'none that is known'))
                FROM party AS buyer WHERE buyer.id = enterprise
                AND NOT COALESCE(stated.value ? buyer.industry_section, false))
            WHEN 'retention' THEN CASE
                WHEN retention IS NULL THEN CASE WHEN wanted.approval <> 'automatic'
                    THEN format('Say for how many days the data is kept, %s at most.', stated.value) END
                WHEN retention > stated.value::numeric THEN format('The data is kept for %s days at most.', stated.value) END
            WHEN 'qualification' THEN CASE WHEN qualifications IS NOT NULL OR wanted.approval <> 'automatic' THEN (
                SELECT 'These qualifications are demanded and not stated: ' || string_agg(demanded, ', ' ORDER BY demanded) || '.'
                FROM jsonb_array_elements_text(stated.value) AS demanded
                WHERE demanded <> ALL (COALESCE(qualifications, '{}'))) END
            END AS reason) AS problem
        WHERE stated.offer_id = offer AND problem.reason IS NOT NULL;
    END IF;
END
$$;

CREATE FUNCTION public.scenario_known(moment timestamp with time zone) RETURNS TABLE(id uuid, code text, domain text, batch integer, published_on date, products text[])
    LANGUAGE sql STABLE
    AS $$
SELECT scenario.id, scenario.code, known.document ->> 'domain', (known.document ->> 'batch')::integer,
    COALESCE((known.document ->> 'published_on')::date, legal_day(first.recorded_at)),
    ARRAY(SELECT CASE jsonb_typeof(link) WHEN 'string' THEN link #>> '{}' ELSE link ->> 'code' END
        FROM jsonb_array_elements(CASE jsonb_typeof(known.document -> 'products') WHEN 'array' THEN known.document -> 'products'
            ELSE '[]' END) AS link)
FROM scenario
JOIN scenario_revision AS first ON first.scenario_id = scenario.id AND first.revision = 1
CROSS JOIN LATERAL (SELECT document FROM scenario_revision AS revision
    WHERE revision.scenario_id = scenario.id AND revision.recorded_at <= moment ORDER BY revision.revision DESC LIMIT 1) AS known
$$;

CREATE FUNCTION public.search_facet_ids(stated jsonb) RETURNS integer[]
    LANGUAGE sql STABLE
    AS $$
    SELECT ARRAY(SELECT known.id FROM jsonb_array_elements(stated) AS member
        JOIN search_facet AS known ON known.facet = member->>0 AND known.value = member->>1 ORDER BY known.id)
$$;

CREATE FUNCTION public.search_score(rank real, title_words smallint) RETURNS integer
    LANGUAGE sql IMMUTABLE
    RETURN (((rank * (1000)::double precision) + CASE WHEN (rank > (0)::double precision) THEN ((100)::double precision / ((3 + title_words))::real) ELSE (0)::double precision END))::integer;

CREATE FUNCTION public.seeded(seed bigint, place bigint, bound bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((hashint8extended(place, seed) & '9223372036854775807'::bigint) % bound);

CREATE FUNCTION public.seeded_share(seed bigint, place bigint) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((public.seeded(seed, place, (1000000007)::bigint))::double precision / (1000000007.0)::double precision);

CREATE FUNCTION public.seeded_uuid(seed bigint, kind text, place bigint) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (md5(((seed || kind) || place)))::uuid;

CREATE FUNCTION public.seeded_uuid7(seed bigint, kind text, place bigint, moment timestamp with time zone) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (((((lpad(to_hex((floor((EXTRACT(epoch FROM moment) * (1000)::numeric)))::bigint), 12, '0'::text) || '7'::text) || substr(md5(((seed || kind) || place)), 1, 3)) || '8'::text) || substr(md5(((seed || kind) || place)), 4, 15)))::uuid;

CREATE FUNCTION public.share_entries(enterprise uuid, invoice uuid, product uuid, day date, kept bigint, currency text) RETURNS SETOF public.posting_entry
    LANGUAGE sql STABLE
    AS $$
    WITH part AS (
        SELECT share.party_id, share.parts, sum(share.parts) OVER () AS whole, floor(kept * share.parts::numeric
            / sum(share.parts) OVER ()) AS least
        FROM revenue_share AS share WHERE share.product_id = product AND share.valid @> day
    ), due AS (
        SELECT party_id, least + (row_number() OVER (ORDER BY kept * parts::numeric / whole - least DESC, party_id)
            <= kept - sum(least) OVER ())::integer AS amount
        FROM part
    ), posted AS (
        SELECT posting.party_id, sum(CASE posting.credit WHEN 'share' THEN posting.amount_minor
            ELSE -posting.amount_minor END) AS amount
        FROM ledger_posting AS posting
        WHERE posting.enterprise_id = enterprise AND posting.cause_id = invoice AND posting.cause = 'share'
        GROUP BY posting.party_id
    )
    SELECT enterprise, 'income', 'share', party_id, (COALESCE(due.amount, 0) - COALESCE(posted.amount, 0))::bigint, currency,
        'share', invoice
    FROM due FULL JOIN posted USING (party_id)
$$;

CREATE FUNCTION public.shared_table(product uuid, revision integer, part_kind text) RETURNS TABLE(document json)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT json_build_object('schema', made.schema, 'columns', shown.columns, 'keys', shown.keys, 'rows', made.rows,
        'published_at', shown.published_at, 'parts', COALESCE((SELECT json_agg(json_build_object(
                'sha256', encode(part.sha256, 'hex'), 'bytes', content.bytes, 'rows', part.rows,
                'statistics', part.statistics) ORDER BY part.place)
            FROM revision_part AS part JOIN content ON content.sha256 = part.sha256
            WHERE part.product_id = made.product_id AND part.number = made.number AND part.kind = part_kind), '[]'))
    FROM revision_table AS made
    JOIN product_revision AS shown ON shown.product_id = made.product_id AND shown.number = made.number
    WHERE made.product_id = shared_table.product AND made.number = shared_table.revision
$$;

CREATE FUNCTION public.sold_history(product uuid) RETURNS TABLE(standing text, happened_at timestamp with time zone, recorded_at timestamp with time zone, change integer, came bigint, went bigint)
    LANGUAGE sql STABLE
    AS $$
WITH ladder (standing, rank) AS (
    VALUES ('market', 1), ('trial', 2), ('refunded', 3), ('administration', 4), ('synthetic', 5)
), change AS MATERIALIZED (
    SELECT purchase.enterprise_id, purchase.id AS purchase_id, purchase.accepted_at, change.standing, ladder.rank,
        change.happened_at, change.recorded_at, change.purchases,
        1::bigint << (uuid_hash_extended(purchase.enterprise_id, 0) & 63)::integer AS mark
    FROM purchase
    CROSS JOIN LATERAL (SELECT standing, happened_at, recorded_at, purchases FROM purchase_change
        WHERE enterprise_id = purchase.enterprise_id AND purchase_id = purchase.id OFFSET 0) AS change
    JOIN ladder USING (standing)
    WHERE purchase.product_id = product AND purchase.accepted_at IS NOT NULL
), kept AS (
    -- A purchase that is never taken from its standing.
    SELECT purchase_id, rank, min(happened_at) AS happened_at, min(recorded_at) AS recorded_at
    FROM change GROUP BY 1, 2 HAVING min(purchases) > 0
), anchor AS MATERIALIZED (
    SELECT * FROM (SELECT kept.*, row_number() OVER (PARTITION BY rank ORDER BY happened_at, recorded_at, purchase_id) AS earliest,
            row_number() OVER (PARTITION BY rank ORDER BY recorded_at, happened_at, purchase_id) AS soonest FROM kept) AS placed
    WHERE 1 IN (earliest, soonest)
), counted AS MATERIALIZED (
    -- What happened and became known after a purchase that stays changes nothing in its standing, nor in those below.
    SELECT change.standing, change.happened_at, change.recorded_at, sum(change.purchases) AS purchases
    FROM change
    WHERE NOT EXISTS (SELECT FROM anchor WHERE anchor.rank <= change.rank AND anchor.purchase_id <> change.purchase_id
        AND anchor.happened_at <= change.happened_at AND anchor.recorded_at <= change.recorded_at
        AND (anchor.happened_at, anchor.recorded_at, anchor.purchase_id)
            < (change.happened_at, change.recorded_at, change.purchase_id))
    GROUP BY 1, 2, 3
), moment AS MATERIALIZED (
    SELECT counted.recorded_at, lead(counted.recorded_at) OVER (ORDER BY counted.recorded_at) AS next
    FROM counted GROUP BY 1
), held AS (
    SELECT DISTINCT moment.recorded_at, counted.happened_at,
        sum(purchases) FILTER (WHERE counted.standing = 'market') OVER so_far AS market,
        sum(purchases) FILTER (WHERE counted.standing IN ('market', 'trial')) OVER so_far AS tried,
        sum(purchases) FILTER (WHERE counted.standing IN ('market', 'trial', 'refunded')) OVER so_far AS accepted,
        sum(purchases) FILTER (WHERE counted.standing = 'administration') OVER so_far AS administration,
        sum(purchases) FILTER (WHERE counted.standing = 'synthetic') OVER so_far AS synthetic
    FROM moment JOIN counted ON counted.recorded_at <= moment.recorded_at
    WINDOW so_far AS (PARTITION BY moment.recorded_at ORDER BY counted.happened_at)
), turned AS (
    SELECT ranked.recorded_at, ranked.happened_at, ranked.standing,
        lag(ranked.standing) OVER (PARTITION BY ranked.recorded_at ORDER BY ranked.happened_at) AS before
    FROM (SELECT held.recorded_at, held.happened_at, CASE WHEN market > 0 THEN 'market' WHEN tried > 0 THEN 'trial'
            WHEN accepted > 0 THEN 'refunded' WHEN administration > 0 THEN 'administration'
            WHEN synthetic > 0 THEN 'synthetic' END AS standing FROM held) AS ranked
), said AS (
    SELECT turned.recorded_at, turned.happened_at, side.standing, side.change
    FROM turned CROSS JOIN LATERAL (VALUES (turned.standing, 1), (turned.before, -1)) AS side (standing, change)
    WHERE turned.standing IS DISTINCT FROM turned.before AND side.standing IS NOT NULL
), difference AS (
    -- What is said at a moment, less what was said at the one before.
    SELECT said.recorded_at, said.happened_at, said.standing, said.change FROM said
    UNION ALL
    SELECT moment.next, said.happened_at, said.standing, -said.change
    FROM said JOIN moment USING (recorded_at) WHERE moment.next IS NOT NULL
), step AS MATERIALIZED (
    SELECT difference.standing, difference.happened_at, difference.recorded_at, sum(difference.change)::integer AS change
    FROM difference GROUP BY 1, 2, 3 HAVING sum(difference.change) <> 0
), marked AS (
    -- Who had a purchase in the standing when it was reached.
    SELECT step.standing, step.happened_at, step.recorded_at, step.change, COALESCE((
            SELECT bit_or(holder.mark) FROM (SELECT change.mark FROM change WHERE change.standing = step.standing
                AND change.happened_at <= step.happened_at AND change.recorded_at <= step.recorded_at
                GROUP BY change.enterprise_id, change.mark HAVING sum(change.purchases) > 0) AS holder), 0) AS came, 0::bigint AS went
    FROM step WHERE step.change > 0
    UNION ALL
    SELECT step.standing, step.happened_at, step.recorded_at, step.change, 0, 0 FROM step WHERE step.change < 0
), left_behind AS (
    -- One of them went: of a purchase that was there when a standing was reached last.
    SELECT change.standing, change.happened_at, change.recorded_at, 0 AS change, 0::bigint AS came, change.mark AS went
    FROM change
    JOIN (SELECT marked.standing, bit_or(marked.came) AS came FROM marked GROUP BY 1) AS behind
        ON behind.standing = change.standing AND behind.came & change.mark <> 0
    WHERE change.purchases < 0 AND change.accepted_at <= (SELECT max(step.happened_at) FROM step)
)
SELECT every.standing, every.happened_at, every.recorded_at, sum(every.change)::integer, bit_or(every.came), bit_or(every.went)
FROM (SELECT * FROM marked UNION ALL SELECT * FROM left_behind) AS every GROUP BY 1, 2, 3
$$;

CREATE FUNCTION public.standing_history(enterprise uuid) RETURNS TABLE(measure text, standing text, cohort text, happened_at timestamp with time zone, recorded_at timestamp with time zone, change integer)
    LANGUAGE sql STABLE
    AS $$
WITH bought AS MATERIALIZED (
    SELECT standing, happened_at, recorded_at, sum(purchases) AS purchases FROM purchase_change
    WHERE enterprise_id = enterprise GROUP BY 1, 2, 3
), settled AS MATERIALIZED (
    -- From when on there are two purchases in the highest standing, whichever is taken back ever.
    SELECT min(at) AS at FROM (
        SELECT GREATEST(happened_at, recorded_at) AS at, sum(GREATEST(purchases, 0)) OVER (ORDER BY GREATEST(happened_at, recorded_at))
            + sum(LEAST(purchases, 0)) OVER () AS purchases
        FROM bought WHERE standing IN ('market', 'administration', 'synthetic')) AS sure
    WHERE purchases >= 2
), change AS MATERIALIZED (
    -- What happened and became known since then changes nothing.
    SELECT bought.standing, bought.happened_at, bought.recorded_at, bought.purchases FROM bought CROSS JOIN settled
    WHERE settled.at IS NULL OR bought.happened_at < settled.at OR bought.recorded_at < settled.at
        -- The two themselves.
        OR GREATEST(bought.happened_at, bought.recorded_at) = settled.at
), noted AS (
    -- One more purchase in a standing that two are known in, which happened last of all that is known, changes nothing.
    SELECT change.recorded_at, standing IN ('trial', 'refunded') OR purchases < 0
        OR COALESCE(sum(purchases) OVER (PARTITION BY standing ORDER BY change.recorded_at, happened_at
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) < 2
        OR happened_at <= max(happened_at) OVER (ORDER BY change.recorded_at, happened_at, standing
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS can_change
    FROM change
), moment AS MATERIALIZED (
    SELECT noted.recorded_at FROM noted WHERE can_change GROUP BY 1
), running AS (
    SELECT moment.recorded_at, change.happened_at, change.standing, sum(change.purchases) AS purchases
    FROM moment JOIN change ON change.recorded_at <= moment.recorded_at GROUP BY 1, 2, 3
), held AS (
    SELECT DISTINCT recorded_at, happened_at,
        sum(purchases) FILTER (WHERE standing = 'market') OVER so_far AS market,
        sum(purchases) FILTER (WHERE standing IN ('market', 'trial')) OVER so_far AS tried,
        sum(purchases) FILTER (WHERE standing IN ('market', 'trial', 'refunded')) OVER so_far AS accepted,
        sum(purchases) FILTER (WHERE standing = 'administration') OVER so_far AS administration,
        sum(purchases) FILTER (WHERE standing = 'synthetic') OVER so_far AS synthetic
    FROM running WINDOW so_far AS (PARTITION BY recorded_at ORDER BY happened_at)
), ranked AS (
    SELECT recorded_at, happened_at, of.measure, CASE WHEN market >= of.least THEN 'market' WHEN tried >= of.least THEN 'trial'
            WHEN accepted >= of.least THEN 'refunded' WHEN administration >= of.least THEN 'administration'
            WHEN synthetic >= of.least THEN 'synthetic' END AS standing
    FROM held CROSS JOIN (VALUES ('bought', 1), ('returned', 2)) AS of (measure, least)
), turned AS (
    SELECT recorded_at, happened_at, ranked.measure, ranked.standing,
        lag(ranked.standing) OVER (PARTITION BY recorded_at, ranked.measure ORDER BY happened_at) AS before
    FROM ranked
), step AS (
    SELECT turned.recorded_at, turned.happened_at, turned.measure, side.standing, side.change
    FROM turned CROSS JOIN LATERAL (VALUES (turned.standing, 1), (turned.before, -1)) AS side (standing, change)
    WHERE turned.standing IS DISTINCT FROM turned.before AND side.standing IS NOT NULL
), ordered AS (
    SELECT moment.recorded_at, lead(moment.recorded_at) OVER (ORDER BY moment.recorded_at) AS next FROM moment
), difference AS (
    -- What is said at a moment, less what was said at the one before.
    SELECT step.recorded_at, step.happened_at, step.measure, step.standing, step.change FROM step
    UNION ALL
    SELECT ordered.next, step.happened_at, step.measure, step.standing, -step.change
    FROM step JOIN ordered USING (recorded_at) WHERE ordered.next IS NOT NULL
), reached AS MATERIALIZED (
    SELECT difference.measure, difference.standing, difference.happened_at, difference.recorded_at, sum(difference.change) AS change
    FROM difference GROUP BY 1, 2, 3, 4 HAVING sum(difference.change) <> 0
    UNION ALL
    (SELECT 'used', enterprise_base(party.kind, party.synthetic), used.happened_at, used.recorded_at, 1
    FROM funnel_step AS used JOIN party ON party.id = used.enterprise_id
    WHERE used.enterprise_id = enterprise AND used.step = 'used' ORDER BY used.recorded_at, used.happened_at LIMIT 1)
), told AS (
    SELECT reached.recorded_at AS since, to_char(min(min(reached.happened_at)) OVER (ORDER BY reached.recorded_at)
        AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS cohort
    FROM reached WHERE reached.measure = 'bought' AND reached.change > 0 GROUP BY reached.recorded_at
), known AS (
    SELECT since, cohort, lead(since) OVER (ORDER BY since) AS until
    FROM (SELECT since, cohort, lag(cohort) OVER (ORDER BY since) AS before FROM told) AS turned
    WHERE cohort IS DISTINCT FROM before
    UNION ALL
    SELECT '-infinity', '', min(since) FROM told
)
SELECT reached.measure, reached.standing, known.cohort, reached.happened_at, side.recorded_at, sum(side.change)::integer
FROM reached JOIN known ON COALESCE(known.until > reached.recorded_at, true)
CROSS JOIN LATERAL (VALUES (GREATEST(known.since, reached.recorded_at), reached.change), (known.until, -reached.change))
    AS side (recorded_at, change)
WHERE side.recorded_at IS NOT NULL
GROUP BY 1, 2, 3, 4, 5 HAVING sum(side.change) <> 0
$$;

CREATE FUNCTION public.step_class(of_enterprise uuid, cohort text) RETURNS TABLE(dimension text, class text)
    LANGUAGE sql STABLE
    AS $$
SELECT dimension, class FROM buyer_class(of_enterprise) UNION ALL SELECT 'cohort', cohort
$$;

CREATE FUNCTION public.succession_trail(holder uuid, held_role text, subject uuid, moment timestamp with time zone) RETURNS uuid[]
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 WITH RECURSIVE walk(party_id, trail) AS (
          SELECT succession_trail.holder AS holder,
             '{}'::uuid[] AS uuid
         UNION ALL
          SELECT heir.party_id,
             (walk_1.trail || succession.id)
            FROM ((walk walk_1
              JOIN public.party_succession succession ON (((succession.predecessor_id = walk_1.party_id) AND (succession.recorded @> succession_trail.moment) AND (succession.effective_at <= succession_trail.moment))))
              CROSS JOIN LATERAL public.succession_heir(succession.id, succession_trail.held_role, succession_trail.subject) heir(party_id))
           WHERE (cardinality(walk_1.trail) < 16)
         )
  SELECT walk.trail
    FROM walk
   ORDER BY (cardinality(walk.trail)) DESC
  LIMIT 1;
END;

CREATE FUNCTION public.take_usage_names(enterprises uuid[], names uuid[], digests bytea[], times timestamp with time zone[], events uuid[]) RETURNS SETOF uuid
    LANGUAGE plpgsql
    AS $$
BEGIN
    BEGIN
        INSERT INTO usage_event_key (enterprise_id, name, digest, occurred_at, usage_event_id)
        SELECT enterprise_id, name, digest, occurred_at, usage_event_id FROM unnest(enterprises, names, digests, times, events)
            AS claim (enterprise_id, name, digest, occurred_at, usage_event_id)
        ORDER BY enterprise_id, name;
        RETURN;
    EXCEPTION WHEN unique_violation THEN
        -- All of them are tried again, each for itself.
    END;
    RETURN QUERY WITH taken AS (
        INSERT INTO usage_event_key (enterprise_id, name, digest, occurred_at, usage_event_id)
        SELECT enterprise_id, name, digest, occurred_at, usage_event_id FROM unnest(enterprises, names, digests, times, events)
            AS claim (enterprise_id, name, digest, occurred_at, usage_event_id)
        ORDER BY enterprise_id, name
        ON CONFLICT (enterprise_id, name) DO NOTHING
        RETURNING usage_event_id
    )
    SELECT claimed.id FROM unnest(events) AS claimed (id)
    WHERE NOT EXISTS (SELECT FROM taken WHERE taken.usage_event_id = claimed.id);
END $$;

CREATE FUNCTION public.total_grain(happened_on date, recorded_on date) RETURNS TABLE(grain text, happened_in date, recorded_in date)
    LANGUAGE sql IMMUTABLE
    AS $$
VALUES ('day', happened_on, recorded_on),
    ('month', date_trunc('month', happened_on::timestamp)::date, date_trunc('month', recorded_on::timestamp)::date),
    ('year', date_trunc('year', happened_on::timestamp)::date, date_trunc('year', recorded_on::timestamp)::date)
$$;

CREATE FUNCTION public.total_within(of_measures text[], of_dimension text, of_standings text[], since timestamp with time zone, until timestamp with time zone, as_of timestamp with time zone, known timestamp with time zone, by_month boolean DEFAULT false) RETURNS TABLE(measure text, class text, unit text, happened_on date, times bigint, amount numeric, came bigint, went bigint, part_1 bigint, part_2 bigint, part_3 bigint, part_4 bigint)
    LANGUAGE sql STABLE
    AS $$
WITH asked AS (
    SELECT COALESCE(legal_day(since), '-infinity') AS since_day, COALESCE(legal_day(known), 'infinity') AS known_day,
        LEAST(legal_day(until), COALESCE(legal_day(as_of), legal_day(now()) + 1)) AS until_day
), ended AS (
    SELECT since_day, known_day, CASE WHEN of_dimension <> '' AND NOT by_month AND known IS NULL AND NOT EXISTS (SELECT FROM adoption_total AS later
            WHERE later.measure = ANY (of_measures) AND later.dimension = of_dimension AND later.standing = ANY (of_standings)
                AND later.grain = 'day' AND later.happened_on >= asked.until_day
                AND later.happened_on < date_trunc('year', asked.until_day::timestamp) + interval '1 year')
        THEN (date_trunc('year', until_day::timestamp) + interval '1 year')::date ELSE until_day END AS until_day
    FROM asked
), bound AS MATERIALIZED (
    -- The whole months within it, and the whole years within those: none where both are the same.
    SELECT since_day, until_day, known_day, since_month, until_month, date_trunc('month', known_day::timestamp)::date AS known_month,
        LEAST(year.since, until_month) AS since_year,
        CASE WHEN of_dimension = '' OR by_month OR known IS NOT NULL THEN LEAST(year.since, until_month)
            ELSE GREATEST(LEAST(year.since, until_month), date_trunc('year', until_month::timestamp)::date) END AS until_year
    FROM ended
    CROSS JOIN LATERAL (SELECT (date_trunc('month', (since_day - 1)::timestamp) + interval '1 month')::date AS since_month) AS first
    CROSS JOIN LATERAL (SELECT GREATEST(since_month, date_trunc('month', until_day::timestamp)::date) AS until_month) AS last
    CROSS JOIN LATERAL (SELECT (date_trunc('year', (since_month - 1)::timestamp) + interval '1 year')::date AS since) AS year
), total AS NOT MATERIALIZED (
    SELECT measure, class, unit, happened_on, times, amount, came, went, part_1, part_2, part_3, part_4, grain, recorded_on
    FROM adoption_total
    WHERE measure = ANY (of_measures) AND dimension = of_dimension AND standing = ANY (of_standings)
)
SELECT within.measure, within.class, within.unit, within.happened_on, within.times, within.amount, within.came, within.went,
    within.part_1, within.part_2, within.part_3, within.part_4
FROM bound CROSS JOIN LATERAL (
    SELECT * FROM total WHERE grain = 'year' AND happened_on >= since_year AND happened_on < until_year
    UNION ALL
    SELECT * FROM total WHERE grain = 'month' AND happened_on >= since_month AND happened_on < since_year
        AND recorded_on < known_month
    UNION ALL
    SELECT * FROM total WHERE grain = 'month' AND happened_on >= until_year AND happened_on < until_month
        AND recorded_on < known_month
    UNION ALL
    -- Read by when it was recorded (OFFSET 0): what happened in all those months is far more.
    SELECT * FROM (SELECT * FROM total WHERE grain = 'day' AND recorded_on >= known_month AND recorded_on < known_day OFFSET 0) AS late
    WHERE happened_on >= since_month AND happened_on < until_month
    UNION ALL
    SELECT * FROM total WHERE grain = 'day' AND happened_on >= since_day AND happened_on < LEAST(since_month, until_day)
        AND recorded_on < known_day
    UNION ALL
    SELECT * FROM total WHERE grain = 'day' AND happened_on >= until_month AND happened_on < until_day
        AND recorded_on < known_day
) AS within
$$;

CREATE FUNCTION public.transition_words(state text, ended_as text) RETURNS TABLE(zh text, en text)
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT word.zh, word.en
    FROM (VALUES ('requested', NULL, '已申请，待审批', 'requested, to be decided'),
        ('returned', NULL, '申请退回补正', 'returned to be completed'), ('approved', NULL, '申请已批准', 'approved'),
        ('rejected', NULL, '申请未获批准', 'rejected'), ('agreed', NULL, '协议已成立', 'agreed'),
        ('active', NULL, '使用权已生效', 'active'), ('ended', 'expired', '已到期结束', 'ended: expired'),
        ('ended', 'cancelled', '已取消', 'ended: cancelled'), ('ended', 'terminated', '因违约终止', 'ended: terminated for breach'),
        ('ended', 'refunded', '已退款结束', 'ended: refunded')) AS word (state, ended_as, zh, en)
    WHERE word.state = transition_words.state
        AND word.ended_as IS NOT DISTINCT FROM CASE WHEN transition_words.state = 'ended' THEN transition_words.ended_as END
$$;

CREATE FUNCTION public.uneven_part(things bigint, place bigint, places bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((things * (((place / 16) * 64) + ('{0,2,2,3,15,16,19,19,25,26,46,48,48,49,53,56,64}'::bigint[])[(1 + (place % (16)::bigint))])) / (((places / 16) * 64) + ('{0,2,2,3,15,16,19,19,25,26,46,48,48,49,53,56,64}'::bigint[])[(1 + (places % (16)::bigint))]));

CREATE FUNCTION public.update_days(frequency text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    WITH named (word, stated) AS (VALUES
        ('continuous', 'P1D'), ('hourly', 'P1D'), ('daily', 'P1D'), ('weekly', 'P1W'), ('biweekly', 'P2W'),
        ('fortnightly', 'P2W'), ('monthly', 'P1M'), ('bimonthly', 'P2M'), ('quarterly', 'P3M'), ('semiannual', 'P6M'),
        ('annual', 'P1Y'), ('annually', 'P1Y'), ('yearly', 'P1Y'), ('biennial', 'P2Y'), ('triennial', 'P3Y'),
        ('weekly_2', 'P4D'), ('weekly_3', 'P3D'), ('monthly_2', 'P16D'), ('monthly_3', 'P11D'), ('annual_2', 'P6M'),
        ('annual_3', 'P4M'), ('cont', 'P1D'), ('update_cont', 'P1D'), ('daily_2', 'P1D'), ('即时', 'P1D'), ('即時', 'P1D'),
        ('实时', 'P1D'), ('每小时', 'P1D'), ('每小時', 'P1D'), ('每日', 'P1D'), ('每天', 'P1D'), ('每周', 'P1W'), ('每週', 'P1W'), ('每月', 'P1M'),
        ('每季', 'P3M'), ('每季度', 'P3M'), ('每半年', 'P6M'), ('每年', 'P1Y')
    ), interval (stated) AS (
        SELECT COALESCE(
            (SELECT named.stated FROM named
             WHERE named.word = lower(regexp_replace(btrim($1), '^(http\S+/frequency/|approximately )', '', 'i'))),
            substring($1 FROM '\mR\d*/(P(?:\d{1,4}(?:\.\d{1,4})?[YMWD])+)'),
            CASE WHEN $1 ~ '\mR\d*/PT\d' THEN 'P1D' END)
    )
    SELECT GREATEST(1, ceil(
        COALESCE(substring(stated FROM '([\d.]+)Y')::numeric, 0) * 366
        + COALESCE(substring(stated FROM '([\d.]+)M')::numeric, 0) * 31
        + COALESCE(substring(stated FROM '([\d.]+)W')::numeric, 0) * 7
        + COALESCE(substring(stated FROM '([\d.]+)D')::numeric, 0)))::integer
    FROM interval WHERE stated IS NOT NULL
$_$;

CREATE FUNCTION public.upstream_obstacle(moment timestamp with time zone) RETURNS TABLE(product_id uuid, entry_id uuid, kind text, reason_zh text, reason_en text)
    LANGUAGE sql STABLE
    AS $$
SELECT used.product_id, used.entry_id, obstacle.kind, obstacle.reason_zh, obstacle.reason_en
FROM product
JOIN LATERAL (SELECT number, columns FROM product_revision
              WHERE product_id = product.id ORDER BY number DESC LIMIT 1) AS revision ON true
JOIN product_revision_source AS used ON used.product_id = product.id AND used.number = revision.number
JOIN directory_entry_version AS made ON made.entry_id = used.entry_id AND made.number = used.entry_version
LEFT JOIN entry_in_force ON entry_in_force.entry_id = used.entry_id
LEFT JOIN directory_entry_version AS current
    ON current.entry_id = used.entry_id AND current.number = entry_in_force.number
CROSS JOIN LATERAL (
    SELECT 'withdrawn' AS kind, '目录条目已撤回' AS reason_zh, 'the directory entry was withdrawn' AS reason_en
    WHERE current.entry_id IS NULL
    UNION ALL
    SELECT 'not_shared', '目录条目已改为不予共享', 'the directory entry is no longer shared'
    WHERE current.document->>'sharingClass' = 'not_shared'
    UNION ALL
    SELECT 'core', '目录条目已定为核心数据', 'the directory entry is graded as core data'
    WHERE current.document->>'grade' = 'core'
    UNION ALL
    SELECT 'personal', '目录条目含个人信息，产品缺少影响评估编号',
        'the directory entry holds personal information, and the product has no reference of an impact assessment'
    WHERE current.document->'personalInformation' = 'true' AND product.assessment IS NULL
    UNION ALL
    SELECT 'received', '数据系共享所得，须取得提供部门同意', 'the data was received by sharing: its provider has to consent'
    WHERE current.document->>'receivedFrom' IS DISTINCT FROM made.document->>'receivedFrom'
        AND current.document ? 'receivedFrom'
        AND EXISTS (SELECT FROM obtained_source(product.id, moment) AS source
            WHERE source.entry_id = current.entry_id AND source.number = current.number AND source.until IS NULL)
    UNION ALL
    SELECT 'items', '目录条目不再包含数据项：' || string_agg(item->>'name', '、' ORDER BY item->>'name'),
        'the directory entry no longer holds the items: ' || string_agg(item->>'name', ', ' ORDER BY item->>'name')
    FROM jsonb_array_elements(made.document->'items') AS item
    WHERE jsonb_typeof(current.document->'items') = 'array'
        AND NOT EXISTS (SELECT FROM jsonb_array_elements(current.document->'items') AS kept
                        WHERE kept->>'name' = item->>'name')
        AND EXISTS (SELECT FROM jsonb_array_elements(revision.columns) AS sold
                    WHERE sold->>'name' = item->>'name')
    HAVING count(*) > 0
    UNION ALL
    SELECT 'loosened', '挂牌放宽了目录条目的使用条件：' || string_agg(DISTINCT demanded.kind, '、'),
        'an offer is looser than the conditions of the directory entry: ' || string_agg(DISTINCT demanded.kind, ', ')
    FROM offer
    JOIN entry_condition AS demanded ON demanded.entry_id = current.entry_id AND demanded.entry_version = current.number
    LEFT JOIN offered_condition AS offered ON offered.offer_id = offer.id AND offered.kind = demanded.kind
    WHERE offer.product_id = product.id AND offer.withdrawn_at IS NULL
        -- A fee that an entry allows is the highest: charging less is not weaker.
        AND demanded.kind <> 'fee' AND NOT condition_within(demanded.kind, offered.value, demanded.value)
    HAVING count(*) > 0
    UNION ALL
    SELECT 'fee', '挂牌收费超出目录条目所许', 'an offer charges more than the directory entry allows'
    FROM offered_condition AS offered
    JOIN entry_condition AS demanded ON demanded.entry_id = current.entry_id AND demanded.entry_version = current.number
        AND demanded.kind = 'fee'
    LEFT JOIN entry_condition AS before ON before.entry_id = made.entry_id AND before.entry_version = made.number
        AND before.kind = 'fee'
    WHERE offered.product_id = product.id AND offered.kind = 'fee' AND before.value IS DISTINCT FROM demanded.value
        AND NOT condition_within('fee', demanded.value, offered.value)
    HAVING count(*) > 0
    UNION ALL
    SELECT 'no_provider', '目录条目已无提供部门', 'nobody provides the directory entry any more'
    WHERE current.entry_id IS NOT NULL AND NOT EXISTS (SELECT FROM responsibility AS held
        WHERE held.subject_id = used.entry_id AND held.role = 'provider' AND upper_inf(held.valid) AND upper_inf(held.recorded))
) AS obstacle
WHERE product.listed_at IS NOT NULL AND product.delisted_at IS NULL
$$;

CREATE FUNCTION public.usage_facts(enterprise uuid, entitlement uuid, offer uuid, period integer, since timestamp with time zone, before timestamp with time zone, recorded_since timestamp with time zone, recorded_before timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT jsonb_agg(jsonb_build_object('period', usage_facts.period, 'meter', meter, 'events', events, 'quantity', quantity,
        'first', first_line, 'last', last_line, 'sha256', encode(digest, 'hex'), 'recorded_since', recorded_since))
    FROM (
        SELECT event.meter, count(*) AS events, sum(event.quantity) AS quantity, min(line COLLATE "C") AS first_line,
            max(line COLLATE "C") AS last_line,
            sha256(convert_to(string_agg(line || E'\n', '' ORDER BY line COLLATE "C"), 'UTF8')) AS digest
        FROM usage_event AS event
        CROSS JOIN LATERAL usage_line(event.occurred_at, event.id, usage_facts.period, event.meter, event.quantity) AS line
        WHERE event.enterprise_id = enterprise AND event.entitlement_id = entitlement AND event.occurred_at >= since
            AND event.occurred_at < COALESCE(before, 'infinity') AND event.recorded_at < recorded_before
            AND event.recorded_at >= COALESCE(recorded_since, '-infinity')
            AND event.meter IN (SELECT price.meter FROM offer_usage_price AS price WHERE price.offer_id = offer)
        GROUP BY event.meter) AS facts
$$;

CREATE FUNCTION public.usage_line(occurred_at timestamp with time zone, id uuid, period integer, meter text, quantity numeric) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ((((((((to_char((occurred_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text) || ','::text) || id) || ','::text) || period) || ','::text) || meter) || ','::text) || quantity);

CREATE FUNCTION public.uuid7(moment timestamp with time zone, place integer) RETURNS uuid
    LANGUAGE sql PARALLEL SAFE
    RETURN ((((lpad(to_hex((floor((EXTRACT(epoch FROM moment) * (1000)::numeric)))::bigint), 12, '0'::text) || '7'::text) || lpad(to_hex(place), 3, '0'::text)) || substr(replace((gen_random_uuid())::text, '-'::text, ''::text), 17)))::uuid;

CREATE FUNCTION public.uuid_of_time(moment timestamp with time zone) RETURNS uuid
    LANGUAGE sql PARALLEL SAFE
    RETURN (((lpad(to_hex((floor((EXTRACT(epoch FROM moment) * (1000)::numeric)))::bigint), 12, '0'::text) || '7'::text) || substr(replace((gen_random_uuid())::text, '-'::text, ''::text), 14)))::uuid;

CREATE FUNCTION public.withheld_entitlement(enterprise uuid, entitlement uuid, moment timestamp with time zone) RETURNS TABLE(ended boolean, in_period boolean, suspended boolean, withdrawn text)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT purchase.state = 'ended' AND purchase.ended_as <> 'expired' OR COALESCE(held.ended_at <= moment, false)
            AND held.ended_at < upper(held.valid),
        held.valid @> moment, held.suspended_at IS NOT NULL,
        (SELECT min(gone.reason_en) FROM withdrawn_source AS gone WHERE gone.product_id = held.product_id)
    FROM entitlement AS held
    -- By its whole key, however few purchases there were when this was planned.
    CROSS JOIN LATERAL (SELECT state, ended_as FROM purchase
        WHERE purchase.enterprise_id = held.enterprise_id AND purchase.id = held.purchase_id OFFSET 0) AS purchase
    WHERE held.enterprise_id = withheld_entitlement.enterprise AND held.id = withheld_entitlement.entitlement
$$;

CREATE FUNCTION public.would_allow(buyer uuid, wanted uuid, wanted_meter text, wanted_quantity numeric, wanted_for text, moment timestamp with time zone) RETURNS TABLE(document text)
    LANGUAGE sql STABLE
    AS $$
SELECT json_build_object('id', entitlement.id, 'purchase', purchase.id, 'product', product.code, 'purpose', purchase.purpose,
    'state', purchase.state, 'since', lower(entitlement.valid), 'until', stands.until, 'in_force', stands.in_force,
    'suspended_at', entitlement.suspended_at, 'suspension_reason', entitlement.suspension_reason,
    'allowed', cardinality(refusal.reasons) = 0, 'refused_for', refusal.reasons,
    'over_quota', COALESCE(quota.is_granted AND COALESCE(wanted_quantity, 1) > quota.room, false), 'grants', quota.documents)::text
FROM entitlement
CROSS JOIN LATERAL (SELECT id, purpose, state FROM purchase
    WHERE purchase.enterprise_id = entitlement.enterprise_id AND purchase.id = entitlement.purchase_id OFFSET 0) AS purchase
JOIN product ON product.id = entitlement.product_id
CROSS JOIN LATERAL (SELECT LEAST(upper(entitlement.valid), entitlement.ended_at) AS until,
    entitlement.valid @> moment AND entitlement.suspended_at IS NULL AND purchase.state IN ('agreed', 'active')
        AND COALESCE(entitlement.ended_at > moment, true) AS in_force) AS stands
CROSS JOIN LATERAL (
    SELECT COALESCE(json_agg(json_build_object('meter', held.meter, 'quantity', held.quantity, 'period', held.period,
            'hard', held.hard, 'carry_over', held.carry_over, 'carried', standing.carried, 'used', standing.used,
            'left', standing.room, 'since', standing.since, 'until', standing.until, 'priority', held.priority,
            'top_up', held.granted_by IS NOT NULL) ORDER BY held.meter, held.priority, upper(held.valid), held.id),
            '[]'::json) AS documents,
        COALESCE(bool_or(held.meter = wanted_meter), false) AS is_granted,
        COALESCE(bool_or(NOT held.hard) FILTER (WHERE held.meter = wanted_meter), false) AS goes_beyond,
        COALESCE(sum(standing.room) FILTER (WHERE held.meter = wanted_meter), 0) AS room
    FROM entitlement_grant AS held, grant_at(held.quantity, held.period, held.carry_over, held.valid, held.since,
        held.carried, held.used, moment) AS standing
    WHERE held.enterprise_id = entitlement.enterprise_id AND held.entitlement_id = entitlement.id
        AND held.valid @> moment) AS quota
CROSS JOIN LATERAL (SELECT array_remove(ARRAY[
    CASE WHEN entitlement.suspended_at IS NOT NULL THEN 'suspended' END,
    CASE WHEN purchase.state = 'ended' OR stands.until <= moment THEN 'ended' END,
    CASE WHEN lower(entitlement.valid) > moment THEN 'not_begun' END,
    CASE WHEN EXISTS (SELECT FROM withdrawn_source AS gone WHERE gone.product_id = entitlement.product_id) THEN 'withdrawn' END,
    CASE WHEN wanted_for <> purchase.purpose THEN 'purpose' END,
    CASE WHEN wanted_meter IS NOT NULL AND NOT EXISTS (SELECT FROM meter WHERE meter.code = wanted_meter) THEN 'meter' END,
    CASE WHEN quota.is_granted AND NOT quota.goes_beyond AND COALESCE(wanted_quantity, 1) > quota.room
        OR NOT quota.is_granted AND EXISTS (SELECT FROM entitlement_grant AS other
            WHERE other.enterprise_id = entitlement.enterprise_id AND other.entitlement_id = entitlement.id
                AND other.meter = wanted_meter) THEN 'quota' END], NULL) AS reasons OFFSET 0) AS refusal
WHERE entitlement.enterprise_id = buyer AND entitlement.id = wanted;
$$;

CREATE AGGREGATE public.condition_together(text, jsonb) (
    SFUNC = public.condition_meet,
    STYPE = jsonb
);

CREATE TEXT SEARCH CONFIGURATION public.market (
    PARSER = pg_catalog."default" );

ALTER TEXT SEARCH CONFIGURATION public.market
    ADD MAPPING FOR asciiword WITH english_stem;

ALTER TEXT SEARCH CONFIGURATION public.market
    ADD MAPPING FOR word WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.market
    ADD MAPPING FOR numword WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.market
    ADD MAPPING FOR sfloat WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.market
    ADD MAPPING FOR version WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.market
    ADD MAPPING FOR "float" WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.market
    ADD MAPPING FOR "int" WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.market
    ADD MAPPING FOR uint WITH simple;

CREATE TABLE public.access_token (
    digest bytea NOT NULL,
    id uuid NOT NULL,
    party_id uuid NOT NULL,
    role text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT access_token_digest_length CHECK ((octet_length(digest) = 32)),
    CONSTRAINT access_token_expires_later CHECK ((expires_at > created_at)),
    CONSTRAINT access_token_role_known CHECK ((role = ANY (ARRAY['enterprise'::text, 'operator'::text, 'administrator'::text, 'analyst'::text])))
);

CREATE TABLE public.adoption_feed (
    id bigint NOT NULL,
    enterprise_id uuid NOT NULL,
    product_id uuid NOT NULL,
    entitlement_id uuid,
    meter text,
    happened_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    events bigint NOT NULL,
    quantity numeric NOT NULL,
    CONSTRAINT adoption_feed_use_is_whole CHECK (((entitlement_id IS NULL) = (meter IS NULL)))
);

ALTER TABLE public.adoption_feed ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.adoption_feed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.adoption_progress (
    only_one boolean DEFAULT true NOT NULL,
    "position" bigint NOT NULL,
    is_made boolean DEFAULT false NOT NULL,
    CONSTRAINT adoption_progress_is_one CHECK (only_one)
);

CREATE TABLE public.adoption_snapshot (
    id uuid NOT NULL,
    document bytea NOT NULL,
    sha256 bytea NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    key text NOT NULL,
    command_digest bytea NOT NULL,
    CONSTRAINT adoption_snapshot_hash_is_of_document CHECK ((sha256 = sha256(document))),
    CONSTRAINT adoption_snapshot_key_length CHECK (((length(key) >= 1) AND (length(key) <= 200)))
);

CREATE TABLE public.adoption_total (
    measure text NOT NULL,
    dimension text NOT NULL,
    class text NOT NULL,
    standing text NOT NULL,
    unit text NOT NULL,
    happened_on date NOT NULL,
    recorded_on date NOT NULL,
    times bigint NOT NULL,
    amount numeric NOT NULL,
    came bigint NOT NULL,
    went bigint NOT NULL,
    grain text NOT NULL,
    part_1 bigint,
    part_2 bigint,
    part_3 bigint,
    part_4 bigint,
    CONSTRAINT adoption_total_grain_known CHECK ((grain = ANY (ARRAY['day'::text, 'month'::text, 'year'::text])))
);

CREATE TABLE public.agreement (
    enterprise_id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    document bytea NOT NULL,
    sha256 bytea NOT NULL,
    parts jsonb NOT NULL,
    CONSTRAINT agreement_hash_is_of_document CHECK ((sha256 = sha256(document)))
);

CREATE TABLE public.recalled_usage (
    enterprise_id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    meter text NOT NULL,
    quantity numeric NOT NULL,
    bytes bigint NOT NULL,
    product_id uuid NOT NULL,
    revision integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    source text,
    source_id text,
    dimensions jsonb NOT NULL,
    value text NOT NULL
);

CREATE TABLE public.usage_event (
    enterprise_id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    meter text NOT NULL,
    quantity numeric NOT NULL,
    bytes bigint NOT NULL,
    product_id uuid NOT NULL,
    revision integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    source text,
    source_id text,
    dimensions jsonb DEFAULT '{}'::jsonb NOT NULL,
    value text DEFAULT ''::text NOT NULL,
    CONSTRAINT usage_event_bytes_not_negative CHECK ((bytes >= 0)),
    CONSTRAINT usage_event_name_is_whole CHECK (((source IS NULL) = (source_id IS NULL))),
    CONSTRAINT usage_event_quantity_not_negative CHECK ((quantity >= (0)::numeric)),
    CONSTRAINT usage_event_source_id_length CHECK (((length(source_id) >= 1) AND (length(source_id) <= 255))),
    CONSTRAINT usage_event_source_length CHECK (((length(source) >= 1) AND (length(source) <= 500)))
)
PARTITION BY RANGE (occurred_at);

CREATE VIEW public.any_usage_event AS
 SELECT usage_event.enterprise_id,
    usage_event.occurred_at,
    usage_event.id,
    usage_event.entitlement_id,
    usage_event.meter,
    usage_event.quantity,
    usage_event.bytes,
    usage_event.product_id,
    usage_event.revision,
    usage_event.recorded_at,
    usage_event.source,
    usage_event.source_id,
    usage_event.dimensions,
    usage_event.value
   FROM public.usage_event
UNION ALL
 SELECT recalled_usage.enterprise_id,
    recalled_usage.occurred_at,
    recalled_usage.id,
    recalled_usage.entitlement_id,
    recalled_usage.meter,
    recalled_usage.quantity,
    recalled_usage.bytes,
    recalled_usage.product_id,
    recalled_usage.revision,
    recalled_usage.recorded_at,
    recalled_usage.source,
    recalled_usage.source_id,
    recalled_usage.dimensions,
    recalled_usage.value
   FROM public.recalled_usage;

CREATE TABLE public.credit_note (
    enterprise_id uuid NOT NULL,
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    issuer_id uuid NOT NULL,
    number bigint NOT NULL,
    line integer,
    net_minor bigint NOT NULL,
    vat_minor bigint NOT NULL,
    gross_minor bigint GENERATED ALWAYS AS ((net_minor + vat_minor)) STORED NOT NULL,
    refund_minor bigint NOT NULL,
    refunded_minor bigint DEFAULT 0 NOT NULL,
    party_id uuid NOT NULL,
    reason text NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    key text NOT NULL,
    command_digest bytea NOT NULL,
    CONSTRAINT credit_note_gives_something CHECK (((net_minor + vat_minor) > 0)),
    CONSTRAINT credit_note_has_reason CHECK ((btrim(reason) <> ''::text)),
    CONSTRAINT credit_note_key_length CHECK (((length(key) >= 1) AND (length(key) <= 200))),
    CONSTRAINT credit_note_net_not_negative CHECK ((net_minor >= 0)),
    CONSTRAINT credit_note_number_positive CHECK ((number > 0)),
    CONSTRAINT credit_note_refund_not_above_total CHECK (((refund_minor >= 0) AND (refund_minor <= (net_minor + vat_minor)))),
    CONSTRAINT credit_note_refunded_not_above CHECK (((refunded_minor >= 0) AND (refunded_minor <= refund_minor))),
    CONSTRAINT credit_note_vat_not_negative CHECK ((vat_minor >= 0))
);

CREATE VIEW public.bill_change AS
 SELECT told.type,
    bill.enterprise_id,
    told.subject_id,
    bill.purchase_id,
    bill.currency,
    told.measure,
    told.happened_at,
    told.times,
    told.amount
   FROM (( SELECT 'invoice.issued'::text AS type,
            invoice.enterprise_id,
            invoice.id AS invoice_id,
            invoice.id AS subject_id,
            'invoiced'::text AS measure,
            invoice.issued_at AS happened_at,
            1 AS times,
            invoice.net_minor AS amount
           FROM public.invoice
          WHERE (invoice.issued_at IS NOT NULL)
        UNION ALL
         SELECT 'creditnote.issued'::text,
            credit_note.enterprise_id,
            credit_note.invoice_id,
            credit_note.id,
            'invoiced'::text,
            credit_note.issued_at,
            0,
            (- credit_note.net_minor)
           FROM public.credit_note
        UNION ALL
         SELECT
                CASE
                    WHEN (invoice.settled_at = invoice.issued_at) THEN 'invoice.issued'::text
                    ELSE 'invoice.paid'::text
                END AS "case",
            invoice.enterprise_id,
            invoice.id,
            invoice.id,
            'settled'::text,
            invoice.settled_at,
            1,
            ((invoice.net_minor)::numeric - ( SELECT COALESCE(sum(note.net_minor), (0)::numeric) AS "coalesce"
                   FROM public.credit_note note
                  WHERE ((note.enterprise_id = invoice.enterprise_id) AND (note.invoice_id = invoice.id) AND (note.issued_at <= invoice.settled_at))))
           FROM public.invoice
          WHERE ((invoice.settled_at IS NOT NULL) AND (NOT (EXISTS ( SELECT
                   FROM public.credit_note note
                  WHERE ((note.enterprise_id = invoice.enterprise_id) AND (note.invoice_id = invoice.id) AND (note.issued_at = invoice.settled_at))))))
        UNION ALL
         SELECT 'creditnote.issued'::text,
            note.enterprise_id,
            note.invoice_id,
            note.id,
            'settled'::text,
            note.issued_at,
            ((note.issued_at = invoice.settled_at))::integer AS int4,
                CASE
                    WHEN (note.issued_at = invoice.settled_at) THEN ((invoice.net_minor)::numeric - ( SELECT sum(other.net_minor) AS sum
                       FROM public.credit_note other
                      WHERE ((other.enterprise_id = invoice.enterprise_id) AND (other.invoice_id = invoice.id) AND (other.issued_at <= invoice.settled_at))))
                    ELSE ((- note.net_minor))::numeric
                END AS "case"
           FROM (public.credit_note note
             JOIN public.invoice ON (((invoice.enterprise_id = note.enterprise_id) AND (invoice.id = note.invoice_id))))
          WHERE (note.issued_at >= invoice.settled_at)) told
     JOIN public.invoice bill ON (((bill.enterprise_id = told.enterprise_id) AND (bill.id = told.invoice_id))));

CREATE TABLE public.competent_body (
    source_id uuid NOT NULL,
    party_id uuid NOT NULL,
    valid tstzrange NOT NULL,
    basis text NOT NULL,
    CONSTRAINT competent_body_has_basis CHECK ((btrim(basis) <> ''::text)),
    CONSTRAINT competent_body_valid_not_empty CHECK ((NOT isempty(valid)))
);

CREATE TABLE public.condition_flag (
    id uuid NOT NULL,
    offer_id uuid NOT NULL,
    kind text NOT NULL,
    directory_value jsonb NOT NULL,
    offered_value jsonb NOT NULL,
    basis text,
    raised_at timestamp with time zone NOT NULL,
    decision text,
    reason text,
    decided_at timestamp with time zone,
    decided_by uuid,
    CONSTRAINT condition_flag_decided_later CHECK ((decided_at >= raised_at)),
    CONSTRAINT condition_flag_decision_is_whole CHECK ((num_nonnulls(decision, reason, decided_at, decided_by) = ANY (ARRAY[0, 4]))),
    CONSTRAINT condition_flag_decision_known CHECK ((decision = ANY (ARRAY['accepted'::text, 'refused'::text]))),
    CONSTRAINT condition_flag_reason_not_blank CHECK ((btrim(reason) <> ''::text))
);

CREATE TABLE public.consent (
    id uuid NOT NULL,
    entry_id uuid NOT NULL,
    party_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    product_id uuid,
    state text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    reason text,
    valid daterange,
    document text,
    document_sha256 bytea,
    answered_at timestamp with time zone,
    answered_by uuid,
    withdrawn_at timestamp with time zone,
    withdrawn_by uuid,
    withdrawal_reason text,
    CONSTRAINT consent_answer_has_author CHECK (((answered_at IS NULL) = (answered_by IS NULL))),
    CONSTRAINT consent_answer_has_time CHECK (((state = 'asked'::text) = (answered_at IS NULL))),
    CONSTRAINT consent_answered_later CHECK ((answered_at >= asked_at)),
    CONSTRAINT consent_document_not_blank CHECK ((btrim(document) <> ''::text)),
    CONSTRAINT consent_document_sha256_length CHECK ((octet_length(document_sha256) = 32)),
    CONSTRAINT consent_given_has_period_and_document CHECK (((state = ANY (ARRAY['given'::text, 'withdrawn'::text])) = ((valid IS NOT NULL) AND (document IS NOT NULL) AND (document_sha256 IS NOT NULL)))),
    CONSTRAINT consent_reason_not_blank CHECK ((btrim(reason) <> ''::text)),
    CONSTRAINT consent_refused_has_reason CHECK (((state <> 'refused'::text) OR (reason IS NOT NULL))),
    CONSTRAINT consent_state_known CHECK ((state = ANY (ARRAY['asked'::text, 'given'::text, 'refused'::text, 'withdrawn'::text]))),
    CONSTRAINT consent_valid_not_empty CHECK ((NOT isempty(valid))),
    CONSTRAINT consent_withdrawal_reason_not_blank CHECK ((btrim(withdrawal_reason) <> ''::text)),
    CONSTRAINT consent_withdrawn_after_answer CHECK ((withdrawn_at >= answered_at)),
    CONSTRAINT consent_withdrawn_has_author_and_reason CHECK ((((withdrawn_at IS NULL) = (withdrawn_by IS NULL)) AND ((withdrawn_at IS NULL) = (withdrawal_reason IS NULL)))),
    CONSTRAINT consent_withdrawn_has_time CHECK (((state = 'withdrawn'::text) = (withdrawn_at IS NOT NULL)))
);

CREATE TABLE public.content (
    sha256 bytea NOT NULL,
    bytes bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    sm3 bytea,
    CONSTRAINT content_bytes_not_negative CHECK ((bytes >= 0)),
    CONSTRAINT content_sha256_length CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT content_sm3_length CHECK ((octet_length(sm3) = 32))
);

CREATE TABLE public.content_chunk (
    sha256 bytea NOT NULL,
    number integer NOT NULL,
    bytes bytea NOT NULL
);
ALTER TABLE ONLY public.content_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE public.correction (
    enterprise_id uuid NOT NULL,
    id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    product_id uuid NOT NULL,
    revision integer NOT NULL,
    kind text NOT NULL,
    field text,
    row_key text,
    description text NOT NULL,
    evidence text,
    link text NOT NULL,
    entry_id uuid,
    party_id uuid NOT NULL,
    state text NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    returned_at timestamp with time zone,
    fed_back_at timestamp with time zone,
    answers integer DEFAULT 0 NOT NULL,
    steps integer DEFAULT 1 NOT NULL,
    fixed_entry_version integer,
    fixed_revision integer,
    CONSTRAINT correction_answered_has_answer CHECK (((state <> ALL (ARRAY['corrected'::text, 'confirmed_correct'::text, 'fed_back'::text])) OR (answers > 0))),
    CONSTRAINT correction_fed_back_has_time CHECK (((state = 'fed_back'::text) = (fed_back_at IS NOT NULL))),
    CONSTRAINT correction_has_description CHECK ((btrim(description) <> ''::text)),
    CONSTRAINT correction_kind_known CHECK ((kind = ANY (ARRAY['wrong_value'::text, 'missing_row'::text, 'outdated'::text, 'wrong_description'::text, 'duplicate_row'::text, 'wrong_unit'::text, 'delivery'::text]))),
    CONSTRAINT correction_link_known CHECK ((link = ANY (ARRAY['source'::text, 'publication'::text, 'processing'::text, 'delivery'::text]))),
    CONSTRAINT correction_of_entry_links_to_entry CHECK (((link = ANY (ARRAY['source'::text, 'publication'::text])) = (entry_id IS NOT NULL))),
    CONSTRAINT correction_returned_has_time CHECK (((state <> 'returned'::text) OR (returned_at IS NOT NULL))),
    CONSTRAINT correction_state_known CHECK ((state = ANY (ARRAY['raised'::text, 'returned'::text, 'checking'::text, 'extended'::text, 'corrected'::text, 'confirmed_correct'::text, 'fed_back'::text])))
);

CREATE TABLE public.correction_step (
    enterprise_id uuid NOT NULL,
    correction_id uuid NOT NULL,
    number integer NOT NULL,
    step text NOT NULL,
    party_id uuid NOT NULL,
    answer integer,
    text text NOT NULL,
    basis text,
    fixed_entry_version integer,
    fixed_revision integer,
    taken_at timestamp with time zone NOT NULL,
    link text,
    CONSTRAINT correction_step_answers_are_numbered CHECK (((step = ANY (ARRAY['correct'::text, 'confirm_correct'::text])) = (answer IS NOT NULL))),
    CONSTRAINT correction_step_has_text CHECK ((btrim(text) <> ''::text)),
    CONSTRAINT correction_step_known CHECK ((step = ANY (ARRAY['raise'::text, 'check'::text, 'return'::text, 'complete'::text, 'pass_on'::text, 'extend'::text, 'correct'::text, 'confirm_correct'::text, 'feed_back'::text]))),
    CONSTRAINT correction_step_link_known CHECK (((link IS NULL) OR ((link = ANY (ARRAY['source'::text, 'publication'::text, 'processing'::text, 'delivery'::text])) AND (step = ANY (ARRAY['raise'::text, 'pass_on'::text])))))
);

CREATE TABLE public.market_event (
    enterprise_id uuid NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL,
    purchase_id uuid,
    subject_id uuid NOT NULL,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    "position" bigint,
    told_at timestamp with time zone,
    CONSTRAINT market_event_type_form CHECK ((type ~ '^[a-z]+\.[a-z_]+$'::text))
);

CREATE VIEW public.counted_event AS
 SELECT market_event.enterprise_id,
    market_event.id AS event_id,
    market_event."position",
        CASE
            WHEN (market_event.type ~~ 'purchase.%'::text) THEN 'purchase'::text
            ELSE market_event.type
        END AS source,
        CASE
            WHEN (market_event.type ~~ 'purchase.%'::text) THEN market_event.purchase_id
            ELSE market_event.subject_id
        END AS subject_id,
        CASE
            WHEN (market_event.type ~~ 'purchase.%'::text) THEN ((market_event.data ->> 'number'::text))::integer
            ELSE 0
        END AS number
   FROM public.market_event
  WHERE (((market_event.type ~~ 'purchase.%'::text) AND (market_event.data ? 'number'::text)) OR (market_event.type = ANY (ARRAY['invoice.issued'::text, 'invoice.paid'::text, 'creditnote.issued'::text])));

CREATE TABLE public.credential (
    id uuid NOT NULL,
    product_id uuid NOT NULL,
    kind text NOT NULL,
    procedure text NOT NULL,
    max_years integer NOT NULL,
    holder_id uuid NOT NULL,
    issuer_id uuid NOT NULL,
    number text,
    valid daterange,
    state text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT credential_in_force_is_numbered CHECK (((state <> ALL (ARRAY['in_force'::text, 'expired'::text, 'revoked'::text, 'cancelled'::text])) OR ((number IS NOT NULL) AND (valid IS NOT NULL)))),
    CONSTRAINT credential_number_not_blank CHECK ((btrim(number) <> ''::text)),
    CONSTRAINT credential_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'accepted'::text, 'returned'::text, 'rejected'::text, 'in_review'::text, 'in_publicity'::text, 'objected'::text, 'terminated'::text, 'signed'::text, 'filed'::text, 'in_force'::text, 'expired'::text, 'cancelled'::text, 'revoked'::text]))),
    CONSTRAINT credential_term_within_limit CHECK ((upper(valid) <= (lower(valid) + make_interval(years => max_years)))),
    CONSTRAINT credential_valid_has_ends CHECK (((NOT isempty(valid)) AND (NOT lower_inf(valid)) AND (NOT upper_inf(valid))))
);

CREATE TABLE public.credential_kind (
    kind text NOT NULL,
    procedure text NOT NULL,
    needed_for text NOT NULL,
    max_years integer NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    source text NOT NULL,
    verified boolean NOT NULL,
    CONSTRAINT credential_kind_max_years_positive CHECK ((max_years > 0)),
    CONSTRAINT credential_kind_need_known CHECK ((needed_for = ANY (ARRAY['all'::text, 'priced'::text, 'none'::text]))),
    CONSTRAINT credential_kind_procedure_known CHECK ((procedure = ANY (ARRAY['registration'::text, 'agreement'::text, 'approval'::text])))
);

CREATE TABLE public.credential_step (
    credential_id uuid NOT NULL,
    number integer NOT NULL,
    procedure text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    party_id uuid,
    reason text,
    taken_at timestamp with time zone NOT NULL,
    CONSTRAINT credential_step_counts_from_one CHECK ((number >= 1)),
    CONSTRAINT credential_step_reason_not_blank CHECK ((btrim(reason) <> ''::text))
);

CREATE TABLE public.credential_transition (
    procedure text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    mover text NOT NULL,
    needs_reason boolean NOT NULL,
    opens text,
    meets text,
    CONSTRAINT credential_transition_mover_known CHECK ((mover = ANY (ARRAY['holder'::text, 'issuer'::text, 'market'::text])))
);

CREATE TABLE public.deadline (
    id uuid NOT NULL,
    rule text NOT NULL,
    party_id uuid NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    subject_code text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    due_on date NOT NULL,
    state text NOT NULL,
    paused_at timestamp with time zone,
    extended_at timestamp with time zone,
    extension_basis text,
    ended_at timestamp with time zone,
    paused_days integer DEFAULT 0 NOT NULL,
    extended_days integer,
    is_fixed boolean GENERATED ALWAYS AS ((rule = ANY (ARRAY['registration_renewal'::text, 'consent_renewal'::text]))) STORED NOT NULL,
    CONSTRAINT deadline_ended_has_time CHECK (((state = ANY (ARRAY['met'::text, 'void'::text])) = (ended_at IS NOT NULL))),
    CONSTRAINT deadline_extended_days_positive CHECK ((extended_days > 0)),
    CONSTRAINT deadline_extension_has_basis CHECK (((extended_at IS NULL) = (extension_basis IS NULL))),
    CONSTRAINT deadline_fixed_runs_on CHECK (((NOT is_fixed) OR ((state <> 'paused'::text) AND (extended_at IS NULL)))),
    CONSTRAINT deadline_paused_days_not_negative CHECK ((paused_days >= 0)),
    CONSTRAINT deadline_paused_has_time CHECK (((state = 'paused'::text) = (paused_at IS NOT NULL))),
    CONSTRAINT deadline_state_known CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'met'::text, 'void'::text]))),
    CONSTRAINT deadline_subject_known CHECK ((subject_kind = ANY (ARRAY['directory_draft'::text, 'directory_entry'::text, 'correction'::text, 'consent'::text, 'credential'::text, 'product'::text, 'purchase_decision'::text])))
);

CREATE TABLE public.deadline_pause (
    deadline_id uuid NOT NULL,
    number integer NOT NULL,
    reason text NOT NULL,
    awaited_id uuid NOT NULL,
    paused_by uuid NOT NULL,
    paused_at timestamp with time zone NOT NULL,
    resumed_at timestamp with time zone,
    resumed_by uuid,
    days integer,
    CONSTRAINT deadline_pause_counts_from_one CHECK ((number >= 1)),
    CONSTRAINT deadline_pause_days_not_negative CHECK ((days >= 0)),
    CONSTRAINT deadline_pause_end_is_whole CHECK (((resumed_at IS NULL) = (days IS NULL))),
    CONSTRAINT deadline_pause_has_reason CHECK ((btrim(reason) <> ''::text)),
    CONSTRAINT deadline_pause_resumed_later CHECK ((resumed_at >= paused_at))
);

CREATE TABLE public.declared_purchase (
    declared_by uuid NOT NULL,
    reference text NOT NULL,
    number integer NOT NULL,
    enterprise_code text NOT NULL,
    accepted_on date NOT NULL,
    channel text NOT NULL,
    product text NOT NULL,
    seller text,
    value_minor bigint NOT NULL,
    currency text NOT NULL,
    basis text NOT NULL,
    industry_section text,
    province text,
    enterprise_kind text,
    synthetic boolean NOT NULL,
    withdrawn boolean NOT NULL,
    recorded tstzrange NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT declared_purchase_channel_known CHECK ((channel = ANY (ARRAY['on_exchange'::text, 'filed'::text, 'off_exchange'::text]))),
    CONSTRAINT declared_purchase_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT declared_purchase_recorded_not_empty CHECK ((NOT isempty(recorded))),
    CONSTRAINT declared_purchase_value_not_negative CHECK ((value_minor >= 0))
);

CREATE TABLE public.delivery (
    enterprise_id uuid NOT NULL,
    id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    product_id uuid NOT NULL,
    revision integer NOT NULL,
    way text NOT NULL,
    format text NOT NULL,
    file text,
    purpose text NOT NULL,
    files integer NOT NULL,
    rows bigint,
    bytes bigint NOT NULL,
    mark text,
    occurred_at timestamp with time zone NOT NULL,
    CONSTRAINT delivery_bytes_not_negative CHECK ((bytes >= 0)),
    CONSTRAINT delivery_files_not_negative CHECK ((files >= 0)),
    CONSTRAINT delivery_rows_not_negative CHECK ((rows >= 0)),
    CONSTRAINT delivery_way_known CHECK ((way = ANY (ARRAY['download'::text, 'delta_sharing'::text, 'rows'::text])))
);

CREATE TABLE public.directory_change (
    id uuid NOT NULL,
    entry_id uuid NOT NULL,
    happened_on date NOT NULL,
    reason text NOT NULL,
    reported_by uuid NOT NULL,
    reported_at timestamp with time zone NOT NULL,
    CONSTRAINT directory_change_has_reason CHECK ((btrim(reason) <> ''::text))
);

CREATE TABLE public.directory_count (
    source_id uuid NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    took interval NOT NULL
);

CREATE TABLE public.directory_draft (
    id uuid NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    source_id uuid NOT NULL,
    entry_code text NOT NULL,
    entry_id uuid,
    base_version integer,
    document jsonb,
    restated_version integer,
    valid_from timestamp with time zone,
    valid_until timestamp with time zone,
    provider_id uuid,
    contact_id uuid,
    security_id uuid,
    reason text NOT NULL,
    basis text NOT NULL,
    compiled_by uuid NOT NULL,
    compiled_at timestamp with time zone NOT NULL,
    key text NOT NULL,
    key_digest bytea NOT NULL,
    secrecy text,
    assessed_at timestamp with time zone,
    submitted_at timestamp with time zone,
    returned_at timestamp with time zone,
    decided_by uuid,
    decided_at timestamp with time zone,
    decision_basis text,
    released_at timestamp with time zone,
    release_id uuid,
    withdrawn_at timestamp with time zone,
    steps integer DEFAULT 1 NOT NULL,
    CONSTRAINT directory_draft_assessed_has_time CHECK ((((secrecy IS NULL) = (assessed_at IS NULL)) AND ((document IS NULL) OR (state = ANY (ARRAY['draft'::text, 'withdrawn'::text])) OR (assessed_at IS NOT NULL)))),
    CONSTRAINT directory_draft_decided_has_time CHECK ((((state = ANY (ARRAY['approved'::text, 'refused'::text, 'released'::text])) = (decided_at IS NOT NULL)) AND ((decided_at IS NULL) = (decided_by IS NULL)))),
    CONSTRAINT directory_draft_entry_comes_with_release CHECK (((entry_id IS NULL) = ((kind = 'new'::text) AND (state <> 'released'::text)))),
    CONSTRAINT directory_draft_has_basis CHECK ((btrim(basis) <> ''::text)),
    CONSTRAINT directory_draft_has_document CHECK (((kind = 'correction'::text) OR ((document IS NOT NULL) = (kind = ANY (ARRAY['new'::text, 'update'::text]))))),
    CONSTRAINT directory_draft_has_reason CHECK ((btrim(reason) <> ''::text)),
    CONSTRAINT directory_draft_key_length CHECK (((length(key) >= 1) AND (length(key) <= 200))),
    CONSTRAINT directory_draft_kind_known CHECK ((kind = ANY (ARRAY['new'::text, 'update'::text, 'correction'::text, 'withdrawal'::text]))),
    CONSTRAINT directory_draft_only_corrections_have_period CHECK ((((valid_from IS NOT NULL) = (kind = 'correction'::text)) AND ((valid_until IS NULL) OR (valid_until > valid_from)))),
    CONSTRAINT directory_draft_only_corrections_restate CHECK (((restated_version IS NULL) OR ((kind = 'correction'::text) AND (document IS NULL)))),
    CONSTRAINT directory_draft_open_is_shared_with_basis CHECK (((state = ANY (ARRAY['draft'::text, 'withdrawn'::text])) OR ((document ->> 'sharingClass'::text) IS DISTINCT FROM 'not_shared'::text) OR (document ? 'sharingBasis'::text))),
    CONSTRAINT directory_draft_own_decision_has_basis CHECK (((decided_by <> compiled_by) OR (decision_basis IS NOT NULL))),
    CONSTRAINT directory_draft_released_has_time CHECK ((((state = 'released'::text) = (released_at IS NOT NULL)) AND ((released_at IS NULL) = (release_id IS NULL)))),
    CONSTRAINT directory_draft_returned_has_time CHECK (((state <> 'returned'::text) OR (returned_at IS NOT NULL))),
    CONSTRAINT directory_draft_secrecy_known CHECK ((secrecy = ANY (ARRAY['none'::text, 'work_secret'::text, 'state_secret'::text]))),
    CONSTRAINT directory_draft_secret_is_barred CHECK (((state = 'barred'::text) = ((secrecy IS NOT NULL) AND (secrecy <> 'none'::text)))),
    CONSTRAINT directory_draft_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'barred'::text, 'assessed'::text, 'submitted'::text, 'returned'::text, 'approved'::text, 'refused'::text, 'released'::text, 'withdrawn'::text]))),
    CONSTRAINT directory_draft_submitted_has_time CHECK (((state <> ALL (ARRAY['submitted'::text, 'returned'::text, 'approved'::text, 'refused'::text, 'released'::text])) OR (submitted_at IS NOT NULL))),
    CONSTRAINT directory_draft_withdrawn_has_time CHECK (((state = 'withdrawn'::text) = (withdrawn_at IS NOT NULL)))
);

CREATE TABLE public.directory_draft_step (
    draft_id uuid NOT NULL,
    number integer NOT NULL,
    step text NOT NULL,
    party_id uuid NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    reason text,
    details jsonb,
    CONSTRAINT directory_draft_step_known CHECK ((step = ANY (ARRAY['compiled'::text, 'edited'::text, 'assessed'::text, 'submitted'::text, 'returned'::text, 'approved'::text, 'refused'::text, 'released'::text, 'withdrawn'::text])))
);

CREATE TABLE public.directory_entry_validity (
    entry_id uuid NOT NULL,
    number integer NOT NULL,
    valid tstzrange NOT NULL,
    recorded tstzrange NOT NULL,
    draft_id uuid,
    CONSTRAINT directory_entry_validity_recorded_not_empty CHECK ((NOT isempty(recorded))),
    CONSTRAINT directory_entry_validity_valid_not_empty CHECK ((NOT isempty(valid)))
);

CREATE TABLE public.directory_import (
    id uuid NOT NULL,
    source_id uuid NOT NULL,
    party_id uuid NOT NULL,
    file_name text NOT NULL,
    file_format text NOT NULL,
    added integer NOT NULL,
    changed integer NOT NULL,
    unchanged integer NOT NULL,
    withdrawn integer NOT NULL,
    refused integer NOT NULL,
    finished_at timestamp with time zone,
    state text DEFAULT 'landed'::text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    dry_run boolean DEFAULT false NOT NULL,
    digest bytea,
    reader integer DEFAULT 0 NOT NULL,
    read_to integer DEFAULT 0 NOT NULL,
    problems integer DEFAULT 0 NOT NULL,
    nodes integer DEFAULT 0 NOT NULL,
    nodes_complete boolean DEFAULT false NOT NULL,
    node_place integer DEFAULT 0 NOT NULL,
    refusal text,
    CONSTRAINT directory_import_finished_has_time CHECK (((state = 'reading'::text) = (finished_at IS NULL))),
    CONSTRAINT directory_import_refused_has_reason CHECK (((state = 'refused'::text) = (refusal IS NOT NULL))),
    CONSTRAINT directory_import_state_known CHECK ((state = ANY (ARRAY['reading'::text, 'landed'::text, 'unchanged'::text, 'refused'::text])))
);

CREATE TABLE public.directory_import_node (
    import_id uuid NOT NULL,
    number integer NOT NULL,
    key uuid NOT NULL,
    is_dataset boolean NOT NULL,
    links uuid[] NOT NULL,
    body text NOT NULL
);
ALTER TABLE ONLY public.directory_import_node ALTER COLUMN body SET COMPRESSION lz4;

CREATE TABLE public.directory_import_problem (
    import_id uuid NOT NULL,
    number integer NOT NULL,
    "position" integer NOT NULL,
    line integer,
    identifier text,
    severity text NOT NULL,
    reason text NOT NULL,
    field text,
    message text NOT NULL,
    duplicate_of text,
    CONSTRAINT directory_import_problem_severity_known CHECK ((severity = ANY (ARRAY['refused'::text, 'noted'::text])))
);

CREATE TABLE public.directory_import_row (
    import_id uuid NOT NULL,
    "position" integer NOT NULL,
    identifier text NOT NULL,
    document jsonb,
    digest bytea GENERATED ALWAYS AS (public.document_digest(document)) STORED
);
ALTER TABLE ONLY public.directory_import_row ALTER COLUMN document SET COMPRESSION lz4;

CREATE TABLE public.directory_recount (
    id bigint NOT NULL,
    source_id uuid NOT NULL
);

ALTER TABLE public.directory_recount ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.directory_recount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.directory_source (
    id uuid NOT NULL,
    code text NOT NULL,
    title text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    last_number integer DEFAULT 0 NOT NULL,
    CONSTRAINT directory_source_code_form CHECK ((code ~ '^[A-Z0-9][A-Z0-9-]{0,39}$'::text))
);

CREATE TABLE public.directory_source_address (
    source_id uuid NOT NULL,
    url text NOT NULL,
    etag text,
    last_modified text,
    checked_at timestamp with time zone NOT NULL,
    import_id uuid
);

CREATE TABLE public.directory_total (
    source_id uuid NOT NULL,
    dimension text NOT NULL,
    class text NOT NULL,
    required smallint NOT NULL,
    optional smallint NOT NULL,
    updated_on date NOT NULL,
    update_days integer,
    since_on date NOT NULL,
    until_on date,
    known_on date NOT NULL,
    known_until_on date,
    follows boolean NOT NULL,
    is_followed boolean NOT NULL,
    entries integer NOT NULL
);

CREATE TABLE public.dry_run (
    id uuid NOT NULL,
    party_id uuid NOT NULL,
    source text NOT NULL,
    file_name text NOT NULL,
    file_format text NOT NULL,
    rows integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone NOT NULL,
    report json,
    refusal text,
    CONSTRAINT dry_run_reported_or_refused CHECK (((report IS NULL) <> (refusal IS NULL))),
    CONSTRAINT dry_run_rows_not_negative CHECK ((rows >= 0))
);

CREATE TABLE public.ended_session (
    id uuid NOT NULL,
    ends_at timestamp with time zone NOT NULL
);

CREATE TABLE public.enterprise_step (
    enterprise_id uuid NOT NULL,
    measure text NOT NULL,
    standing text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    change integer NOT NULL,
    cohort text NOT NULL,
    CONSTRAINT enterprise_step_changes CHECK (((change <> 0) AND (abs(change) <= 2))),
    CONSTRAINT enterprise_step_measure_known CHECK ((measure = ANY (ARRAY['bought'::text, 'returned'::text, 'used'::text])))
);

CREATE TABLE public.entitlement_grant (
    enterprise_id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    meter text NOT NULL,
    id uuid NOT NULL,
    quantity numeric NOT NULL,
    period text,
    hard boolean NOT NULL,
    carry_over numeric NOT NULL,
    priority smallint NOT NULL,
    valid tstzrange NOT NULL,
    since timestamp with time zone NOT NULL,
    carried numeric DEFAULT 0 NOT NULL,
    used numeric DEFAULT 0 NOT NULL,
    granted_by uuid,
    reason text,
    granted_at timestamp with time zone NOT NULL,
    CONSTRAINT entitlement_grant_carried_within_limit CHECK (((carried >= (0)::numeric) AND (carried <= carry_over))),
    CONSTRAINT entitlement_grant_carry_over_not_negative CHECK ((carry_over >= (0)::numeric)),
    CONSTRAINT entitlement_grant_hard_is_never_exceeded CHECK (((NOT hard) OR (used <= (quantity + carried)))),
    CONSTRAINT entitlement_grant_once_carries_nothing CHECK (((period IS NOT NULL) OR (carry_over = (0)::numeric))),
    CONSTRAINT entitlement_grant_period_known CHECK ((period = ANY (ARRAY['day'::text, 'month'::text, 'quarter'::text, 'year'::text]))),
    CONSTRAINT entitlement_grant_positive CHECK ((quantity > (0)::numeric)),
    CONSTRAINT entitlement_grant_reason_not_blank CHECK ((btrim(reason) <> ''::text)),
    CONSTRAINT entitlement_grant_top_up_is_whole CHECK (((granted_by IS NULL) = (reason IS NULL))),
    CONSTRAINT entitlement_grant_used_not_negative CHECK ((used >= (0)::numeric)),
    CONSTRAINT entitlement_grant_valid_not_empty CHECK ((NOT isempty(valid)))
);

CREATE TABLE public.entitlement_mark (
    enterprise_id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    mark text NOT NULL,
    seed bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT entitlement_mark_form CHECK ((mark ~ '^[0-9a-f]{12}$'::text)),
    CONSTRAINT entitlement_mark_seed_length CHECK ((octet_length(seed) = 16))
);

CREATE TABLE public.entitlement_rendition (
    enterprise_id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    product_id uuid NOT NULL,
    number integer NOT NULL,
    format text NOT NULL,
    sha256 bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT entitlement_rendition_format_known CHECK ((format = ANY (ARRAY['csv'::text, 'csv.gz'::text, 'jsonl'::text, 'jsonl.gz'::text, 'parquet'::text, 'xlsx'::text])))
);

CREATE VIEW public.entry_condition AS
 SELECT version.entry_id,
    version.number AS entry_version,
    (stated.condition ->> 'kind'::text) AS kind,
    (stated.condition -> 'value'::text) AS value,
    (stated.condition ->> 'basis'::text) AS basis
   FROM public.directory_entry_version version,
    LATERAL jsonb_path_query(version.document, '$."conditions"[*]'::jsonpath) stated(condition)
  WHERE public.is_condition((stated.condition ->> 'kind'::text), (stated.condition -> 'value'::text));

CREATE VIEW public.entry_in_force AS
 SELECT directory_entry_validity.entry_id,
    directory_entry_validity.number,
    lower(directory_entry_validity.valid) AS since
   FROM public.directory_entry_validity
  WHERE (upper_inf(directory_entry_validity.valid) AND upper_inf(directory_entry_validity.recorded));

CREATE VIEW public.entry_organisation AS
 SELECT DISTINCT ON (responsibility.subject_id) responsibility.subject_id AS entry_id,
    responsibility.party_id
   FROM public.responsibility
  WHERE ((responsibility.entry_id IS NOT NULL) AND (responsibility.role = ANY (ARRAY['provider'::text, 'publisher'::text])) AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded))
  ORDER BY responsibility.subject_id, responsibility.role;

CREATE TABLE public.exact_reading (
    id uuid NOT NULL,
    metric text NOT NULL,
    version integer NOT NULL,
    definition text NOT NULL,
    parameters jsonb NOT NULL,
    reason text NOT NULL,
    read_by uuid NOT NULL,
    access_id uuid NOT NULL,
    read_at timestamp with time zone NOT NULL,
    CONSTRAINT exact_reading_has_reason CHECK (((btrim(reason) <> ''::text) AND (length(reason) <= 400)))
);

CREATE TABLE public.first_purchase (
    enterprise_id uuid NOT NULL,
    purchase_id uuid NOT NULL
);

CREATE TABLE public.funnel_step (
    enterprise_id uuid NOT NULL,
    product_id uuid NOT NULL,
    step text NOT NULL,
    revision integer,
    happened_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    waited_seconds numeric,
    CONSTRAINT funnel_step_known CHECK ((step = ANY (ARRAY['viewed'::text, 'requested'::text, 'agreed'::text, 'used'::text, 'renewed'::text]))),
    CONSTRAINT funnel_step_waits_for_use CHECK (((waited_seconds IS NOT NULL) = (step = 'used'::text)))
);

CREATE TABLE public.grant_use (
    enterprise_id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    meter text NOT NULL,
    grant_id uuid NOT NULL,
    usage_event_id uuid NOT NULL,
    since timestamp with time zone NOT NULL,
    quantity numeric NOT NULL,
    CONSTRAINT grant_use_positive CHECK ((quantity > (0)::numeric))
);

CREATE TABLE public.handed_duty (
    succession_id uuid NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    from_id uuid NOT NULL,
    to_id uuid NOT NULL,
    handed_at timestamp with time zone NOT NULL,
    taken_back_at timestamp with time zone,
    CONSTRAINT handed_duty_kind_known CHECK ((kind = ANY (ARRAY['correction'::text, 'purchase_decision'::text, 'deadline'::text, 'draft'::text, 'consent_provider'::text, 'consent_operator'::text, 'credential_holder'::text, 'credential_issuer'::text])))
);

CREATE VIEW public.import_claim AS
 SELECT (((pg_locks.classid)::bigint << 32) | (pg_locks.objid)::bigint) AS key
   FROM pg_locks
  WHERE ((pg_locks.locktype = 'advisory'::text) AND (pg_locks.objsubid = 1) AND pg_locks.granted AND (pg_locks.database = ( SELECT pg_database.oid
           FROM pg_database
          WHERE (pg_database.datname = current_database()))));

CREATE TABLE public.invoice_line (
    enterprise_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    number integer NOT NULL,
    kind text NOT NULL,
    period integer NOT NULL,
    meter text,
    rating_version integer NOT NULL,
    quantity numeric,
    unit_price numeric,
    net_minor bigint NOT NULL,
    vat_rate numeric(5,4) NOT NULL,
    vat_minor bigint NOT NULL,
    gross_minor bigint GENERATED ALWAYS AS ((net_minor + vat_minor)) STORED NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    CONSTRAINT invoice_line_counts_from_one CHECK ((number >= 1))
);

CREATE TABLE public.invoice_usage (
    enterprise_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    period integer NOT NULL,
    meter text NOT NULL,
    entitlement_id uuid NOT NULL,
    recorded tstzrange NOT NULL,
    events bigint NOT NULL,
    quantity numeric NOT NULL,
    first_at timestamp with time zone NOT NULL,
    first_id uuid NOT NULL,
    last_at timestamp with time zone NOT NULL,
    last_id uuid NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT invoice_usage_counts CHECK ((events > 0)),
    CONSTRAINT invoice_usage_digest_length CHECK ((octet_length(digest) = 32))
);

CREATE TABLE public.issuer_number (
    issuer_id uuid NOT NULL,
    series text NOT NULL,
    last bigint NOT NULL,
    CONSTRAINT issuer_number_not_negative CHECK ((last >= 0)),
    CONSTRAINT issuer_number_series_known CHECK ((series = ANY (ARRAY['invoice'::text, 'credit_note'::text])))
);

CREATE TABLE public.ledger_account (
    code text NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    CONSTRAINT ledger_account_code_form CHECK ((code ~ '^[a-z_]+$'::text))
);

CREATE TABLE public.ledger_posting (
    enterprise_id uuid NOT NULL,
    number bigint NOT NULL,
    id uuid NOT NULL,
    debit text NOT NULL,
    credit text NOT NULL,
    party_id uuid,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    cause text NOT NULL,
    cause_id uuid NOT NULL,
    posted_at timestamp with time zone NOT NULL,
    digest bytea GENERATED ALWAYS AS (public.posting_digest(number, id, debit, credit, party_id, amount_minor, currency, cause, cause_id, posted_at)) STORED NOT NULL,
    previous bigint GENERATED ALWAYS AS (
CASE
    WHEN (number > 1) THEN (number - 1)
    ELSE NULL::bigint
END) STORED,
    previous_digest bytea,
    CONSTRAINT ledger_posting_amount_positive CHECK ((amount_minor > 0)),
    CONSTRAINT ledger_posting_cause_known CHECK ((cause = ANY (ARRAY['invoice'::text, 'credit_note'::text, 'payment'::text, 'match'::text, 'refund'::text, 'share'::text]))),
    CONSTRAINT ledger_posting_counts_from_one CHECK ((number >= 1)),
    CONSTRAINT ledger_posting_first_has_none_before CHECK (((number = 1) = (previous_digest IS NULL))),
    CONSTRAINT ledger_posting_moves CHECK ((debit <> credit)),
    CONSTRAINT ledger_posting_share_has_party CHECK ((((debit = 'share'::text) OR (credit = 'share'::text)) = (party_id IS NOT NULL)))
);

CREATE TABLE public.log_head (
    size bigint NOT NULL,
    root bytea NOT NULL,
    previous_size bigint,
    previous bytea,
    document bytea NOT NULL,
    sha256 bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT log_head_grows CHECK ((previous_size < size)),
    CONSTRAINT log_head_hash_is_of_document CHECK ((sha256 = sha256(document))),
    CONSTRAINT log_head_size_positive CHECK ((size > 0))
);

CREATE TABLE public.log_leaf (
    enterprise_id uuid NOT NULL,
    event_id uuid NOT NULL,
    "position" bigint NOT NULL,
    level smallint GENERATED ALWAYS AS (0) STORED,
    hash bytea NOT NULL,
    document bytea NOT NULL,
    CONSTRAINT log_leaf_hash_is_of_document CHECK ((hash = sha256(('\x00'::bytea || document))))
);

CREATE TABLE public.log_node (
    level smallint NOT NULL,
    "position" bigint NOT NULL,
    hash bytea NOT NULL,
    left_hash bytea,
    right_hash bytea,
    level_below smallint GENERATED ALWAYS AS ((level - 1)) STORED,
    left_position bigint GENERATED ALWAYS AS ((2 * "position")) STORED,
    right_position bigint GENERATED ALWAYS AS (((2 * "position") + 1)) STORED,
    CONSTRAINT log_node_hash_is_of_both CHECK (
CASE
    WHEN (level = 0) THEN (num_nonnulls(left_hash, right_hash) = 0)
    ELSE ((hash = sha256((('\x01'::bytea || left_hash) || right_hash))) AND (num_nulls(left_hash, right_hash) = 0))
END),
    CONSTRAINT log_node_level_in_range CHECK (((level >= 0) AND (level <= 62))),
    CONSTRAINT log_node_position_not_negative CHECK (("position" >= 0))
);

CREATE TABLE public.new_company (
    company_code text NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    group_code text NOT NULL,
    group_name text NOT NULL,
    established_on date NOT NULL,
    industry_section text,
    province text,
    source text NOT NULL,
    synthetic boolean NOT NULL,
    withdrawn boolean NOT NULL,
    stated_by uuid NOT NULL,
    recorded tstzrange NOT NULL,
    CONSTRAINT new_company_code_valid CHECK (public.credit_code_is_valid(company_code)),
    CONSTRAINT new_company_group_code_valid CHECK (public.credit_code_is_valid(group_code)),
    CONSTRAINT new_company_is_not_its_group CHECK ((group_code <> company_code)),
    CONSTRAINT new_company_province_is_gbt2260 CHECK ((province ~ '^[0-9]{6}$'::text)),
    CONSTRAINT new_company_recorded_not_empty CHECK ((NOT isempty(recorded))),
    CONSTRAINT new_company_section_is_gbt4754 CHECK ((industry_section ~ '^[A-T]$'::text))
);

CREATE VIEW public.newest_source AS
 SELECT used.product_id,
    used.number AS revision,
    used.entry_id,
    used.entry_version
   FROM public.product_revision_source used
  WHERE (used.number = ( SELECT max(product_revision.number) AS max
           FROM public.product_revision
          WHERE (product_revision.product_id = used.product_id)));

CREATE TABLE public.notice (
    id uuid NOT NULL,
    party_id uuid NOT NULL,
    kind text NOT NULL,
    address text NOT NULL,
    message_zh text NOT NULL,
    message_en text NOT NULL,
    told_at timestamp with time zone NOT NULL,
    acknowledged_at timestamp with time zone,
    CONSTRAINT notice_acknowledged_later CHECK ((acknowledged_at >= told_at)),
    CONSTRAINT notice_address_is_path CHECK ((address ~ '^/'::text)),
    CONSTRAINT notice_kind_form CHECK ((kind ~ '^[a-z][a-z_.]*$'::text))
);

CREATE TABLE public.offer_condition (
    offer_id uuid NOT NULL,
    kind text NOT NULL,
    value jsonb,
    basis text,
    "position" integer NOT NULL,
    CONSTRAINT offer_condition_basis_not_blank CHECK ((btrim(basis) <> ''::text)),
    CONSTRAINT offer_condition_kind_known CHECK ((kind = ANY (ARRAY['purpose'::text, 'region'::text, 'sector'::text, 'redistribution'::text, 'retention'::text, 'fee'::text, 'qualification'::text]))),
    CONSTRAINT offer_condition_value_form CHECK (
CASE kind
    WHEN 'purpose'::text THEN (value IS NULL)
    WHEN 'fee'::text THEN ((value IS NULL) OR (value = ANY (ARRAY['"guided"'::jsonb, '"market"'::jsonb])))
    ELSE ((value IS NOT NULL) AND public.is_condition(kind, value))
END)
);

CREATE TABLE public.offer_place (
    offer_id uuid NOT NULL,
    places integer NOT NULL,
    taken integer DEFAULT 0 NOT NULL,
    CONSTRAINT offer_place_not_oversold CHECK (((taken >= 0) AND (taken <= places))),
    CONSTRAINT offer_place_positive CHECK ((places > 0))
);

CREATE TABLE public.offer_quota (
    offer_id uuid NOT NULL,
    meter text NOT NULL,
    trial boolean DEFAULT false NOT NULL,
    quantity numeric NOT NULL,
    period text,
    hard boolean DEFAULT true NOT NULL,
    carry_over numeric DEFAULT 0 NOT NULL,
    CONSTRAINT offer_quota_carry_over_not_negative CHECK ((carry_over >= (0)::numeric)),
    CONSTRAINT offer_quota_period_known CHECK ((period = ANY (ARRAY['day'::text, 'month'::text, 'quarter'::text, 'year'::text]))),
    CONSTRAINT offer_quota_positive CHECK ((quantity > (0)::numeric))
);

CREATE TABLE public.offer_usage_price (
    offer_id uuid NOT NULL,
    meter text NOT NULL,
    mode text NOT NULL,
    package_size numeric,
    CONSTRAINT offer_usage_price_mode_known CHECK ((mode = ANY (ARRAY['per_unit'::text, 'graduated'::text, 'volume'::text, 'package'::text]))),
    CONSTRAINT offer_usage_price_package_has_size CHECK (((mode = 'package'::text) = (package_size IS NOT NULL))),
    CONSTRAINT offer_usage_price_package_positive CHECK ((package_size > (0)::numeric))
);

CREATE TABLE public.offer_usage_tier (
    offer_id uuid NOT NULL,
    meter text NOT NULL,
    above numeric NOT NULL,
    unit_price numeric NOT NULL,
    flat_minor bigint DEFAULT 0 NOT NULL,
    CONSTRAINT offer_usage_tier_flat_not_negative CHECK ((flat_minor >= 0)),
    CONSTRAINT offer_usage_tier_not_negative CHECK ((above >= (0)::numeric)),
    CONSTRAINT offer_usage_tier_price_not_negative CHECK ((unit_price >= (0)::numeric))
);

CREATE VIEW public.offer_document AS
 SELECT offer.id,
    jsonb_strip_nulls(jsonb_build_object('code', offer.code, 'title_zh', offer.title_zh, 'title_en', offer.title_en, 'kind', offer.kind, 'price', jsonb_build_object('minor_units', offer.price_minor, 'currency', offer.currency), 'price_with_tax', jsonb_build_object('minor_units', ((offer.price_minor)::numeric + round(((offer.price_minor)::numeric * offer.vat_rate))), 'currency', offer.currency), 'vat_rate', offer.vat_rate, 'billing_period', offer.billing_period, 'minimum',
        CASE
            WHEN (offer.minimum_minor IS NOT NULL) THEN jsonb_build_object('minor_units', offer.minimum_minor, 'currency', offer.currency)
            ELSE NULL::jsonb
        END, 'maximum',
        CASE
            WHEN (offer.maximum_minor IS NOT NULL) THEN jsonb_build_object('minor_units', offer.maximum_minor, 'currency', offer.currency)
            ELSE NULL::jsonb
        END, 'usage', ( SELECT jsonb_agg(jsonb_build_object('meter', price.meter, 'title_zh', meter.title_zh, 'title_en', meter.title_en, 'mode', price.mode, 'package_size', trim_scale(price.package_size), 'tiers', ( SELECT jsonb_agg(jsonb_build_object('above', trim_scale(tier.above), 'unit_price', trim_scale(tier.unit_price), 'flat_minor', tier.flat_minor, 'unit_price_with_tax', trim_scale((tier.unit_price * ((1)::numeric + offer.vat_rate)))) ORDER BY tier.above) AS jsonb_agg
                   FROM public.offer_usage_tier tier
                  WHERE ((tier.offer_id = price.offer_id) AND (tier.meter = price.meter)))) ORDER BY price.meter) AS jsonb_agg
           FROM (public.offer_usage_price price
             JOIN public.meter ON ((meter.code = price.meter)))
          WHERE (price.offer_id = offer.id)), 'quotas', ( SELECT jsonb_agg(jsonb_build_object('meter', quota.meter, 'title_zh', meter.title_zh, 'title_en', meter.title_en, 'trial', quota.trial, 'quantity', trim_scale(quota.quantity), 'period', quota.period, 'hard', quota.hard, 'carry_over', trim_scale(quota.carry_over)) ORDER BY quota.trial, quota.meter) AS jsonb_agg
           FROM (public.offer_quota quota
             JOIN public.meter ON ((meter.code = quota.meter)))
          WHERE (quota.offer_id = offer.id)), 'trial_days', offer.trial_days, 'purposes', offer.purposes, 'term_days', offer.term_days, 'approval', offer.approval, 'private', (offer.reserved_for IS NOT NULL), 'offered_at', offer.offered_at, 'offered_until', offer.offered_until, 'replaces', ( SELECT old_1.code
           FROM public.offer old_1
          WHERE (old_1.id = offer.replaces)), 'places', ( SELECT jsonb_build_object('all', place.places, 'left', (place.places - place.taken)) AS jsonb_build_object
           FROM public.offer_place place
          WHERE (place.offer_id = offer.id)))) AS document
   FROM public.offer;

CREATE VIEW public.offer_need AS
 SELECT offer.id AS offer_id,
    offer.product_id,
    credential_kind.kind
   FROM (public.offer
     JOIN public.credential_kind ON (((credential_kind.needed_for = 'all'::text) OR ((credential_kind.needed_for = 'priced'::text) AND (offer.kind <> 'free'::text)))));

CREATE VIEW public.offered_condition AS
 SELECT offer.product_id,
    offer.id AS offer_id,
    part.kind,
    part.value,
    given.basis,
    COALESCE(given."position", 0) AS "position"
   FROM ((public.offer
     JOIN LATERAL ( SELECT 'purpose'::text AS kind,
            to_jsonb(offer.purposes) AS value
        UNION ALL
         SELECT 'fee'::text,
            COALESCE(( SELECT fee.value
                   FROM public.offer_condition fee
                  WHERE ((fee.offer_id = offer.id) AND (fee.kind = 'fee'::text))), '"guided"'::jsonb) AS "coalesce"
          WHERE (offer.kind <> 'free'::text)
        UNION ALL
         SELECT other.kind,
            other.value
           FROM public.offer_condition other
          WHERE ((other.offer_id = offer.id) AND (other.kind <> ALL (ARRAY['purpose'::text, 'fee'::text])))) part ON (true))
     LEFT JOIN public.offer_condition given ON (((given.offer_id = offer.id) AND (given.kind = part.kind))))
  WHERE (offer.withdrawn_at IS NULL);

CREATE VIEW public.offered_condition_by_entry AS
 SELECT offer.product_id,
    offer.id AS offer_id,
    source.entry_id,
    source.entry_version,
    kind.kind,
    stated.value AS directory_value,
    stated.basis AS directory_basis,
    offered.value AS offered_value,
    (NOT public.condition_within(kind.kind, stated.value, offered.value)) AS added,
    ((kind.kind <> 'fee'::text) AND (NOT public.condition_within(kind.kind, offered.value, stated.value))) AS loosened
   FROM ((((public.offer
     JOIN public.newest_source source ON ((source.product_id = offer.product_id)))
     JOIN LATERAL ( SELECT offered_condition.kind
           FROM public.offered_condition
          WHERE (offered_condition.offer_id = offer.id)
        UNION
         SELECT entry_condition.kind
           FROM public.entry_condition
          WHERE ((entry_condition.entry_id = source.entry_id) AND (entry_condition.entry_version = source.entry_version))) kind ON (true))
     LEFT JOIN public.offered_condition offered ON (((offered.offer_id = offer.id) AND (offered.kind = kind.kind))))
     LEFT JOIN LATERAL ( SELECT public.condition_together(entry_condition.kind, entry_condition.value) AS value,
            string_agg(entry_condition.basis, '; '::text) AS basis
           FROM public.entry_condition
          WHERE ((entry_condition.entry_id = source.entry_id) AND (entry_condition.entry_version = source.entry_version) AND (entry_condition.kind = kind.kind))) stated ON (true))
  WHERE (offer.withdrawn_at IS NULL);

CREATE VIEW public.offered_condition_together AS
 SELECT offered.product_id,
    offered.offer_id,
    offered.kind,
    offered.value,
    offered.basis,
    offered."position",
    stated.value AS directory_value,
    (NOT public.condition_within(offered.kind, stated.value, offered.value)) AS added,
    ((offered.kind <> 'fee'::text) AND (NOT public.condition_within(offered.kind, offered.value, stated.value))) AS loosened
   FROM (public.offered_condition offered
     LEFT JOIN LATERAL ( SELECT public.condition_together(entry_condition.kind, entry_condition.value) AS value
           FROM (public.newest_source source
             JOIN public.entry_condition ON (((entry_condition.entry_id = source.entry_id) AND (entry_condition.entry_version = source.entry_version) AND (entry_condition.kind = offered.kind))))
          WHERE (source.product_id = offered.product_id)) stated ON (true));

CREATE TABLE public.panel (
    id uuid NOT NULL,
    code text NOT NULL,
    CONSTRAINT panel_code_form CHECK ((code ~ '^[a-z0-9][a-z0-9-]{1,39}$'::text))
);

CREATE TABLE public.panel_import (
    party_id uuid NOT NULL,
    key text NOT NULL,
    command_digest bytea NOT NULL,
    answer json NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT panel_import_digest_length CHECK ((octet_length(command_digest) = 32)),
    CONSTRAINT panel_import_key_length CHECK (((length(key) >= 1) AND (length(key) <= 200)))
);

CREATE TABLE public.panel_member (
    panel_id uuid NOT NULL,
    reason text NOT NULL,
    industry_section text,
    province text,
    enterprise_kind text,
    synthetic boolean NOT NULL,
    version integer NOT NULL,
    enterprise_code text NOT NULL,
    name text,
    enterprise_group text,
    CONSTRAINT panel_member_credit_code_valid CHECK (public.credit_code_is_valid(enterprise_code)),
    CONSTRAINT panel_member_group_not_blank CHECK ((btrim(enterprise_group) <> ''::text)),
    CONSTRAINT panel_member_has_reason CHECK ((btrim(reason) <> ''::text)),
    CONSTRAINT panel_member_kind_known CHECK ((enterprise_kind = ANY (ARRAY['central_soe'::text, 'local_soe'::text, 'private'::text, 'foreign'::text, 'other'::text]))),
    CONSTRAINT panel_member_name_not_blank CHECK ((btrim(name) <> ''::text)),
    CONSTRAINT panel_member_province_is_gbt2260 CHECK ((province ~ '^[0-9]{6}$'::text)),
    CONSTRAINT panel_member_section_is_gbt4754 CHECK ((industry_section ~ '^[A-T]$'::text))
);

CREATE TABLE public.panel_version (
    panel_id uuid NOT NULL,
    number integer NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    dated_on date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    recorded_by uuid,
    sha256 bytea,
    members integer NOT NULL,
    CONSTRAINT panel_version_members_not_negative CHECK ((members >= 0)),
    CONSTRAINT panel_version_number_positive CHECK ((number > 0)),
    CONSTRAINT panel_version_sha256_length CHECK ((octet_length(sha256) = 32))
);

CREATE VIEW public.panel_version_document AS
 SELECT version.panel_id,
    panel.code,
    version.number,
    json_build_object('code', panel.code, 'version', version.number, 'title_zh', version.title_zh, 'title_en', version.title_en, 'dated_on', version.dated_on, 'members', version.members, 'recorded_at', version.recorded_at, 'recorded_by', ( SELECT party.code
           FROM public.party
          WHERE (party.id = version.recorded_by)), 'sha256', encode(version.sha256, 'hex'::text)) AS document
   FROM (public.panel_version version
     JOIN public.panel ON ((panel.id = version.panel_id)));

CREATE VIEW public.party_summary AS
 SELECT party.id,
    json_strip_nulls(json_build_object('code', party.code, 'name', party.name, 'name_zh', party.name_zh, 'name_en', party.name_en, 'kind', party.kind, 'synthetic', party.synthetic)) AS document
   FROM public.party;

CREATE TABLE public.payment (
    receiver_id uuid NOT NULL,
    id uuid NOT NULL,
    digest bytea NOT NULL,
    booked_on date NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    payer text NOT NULL,
    reference text NOT NULL,
    matched_minor bigint DEFAULT 0 NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT payment_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT payment_digest_length CHECK ((octet_length(digest) = 32)),
    CONSTRAINT payment_matched_not_above CHECK (
CASE
    WHEN (amount_minor > 0) THEN ((matched_minor >= 0) AND (matched_minor <= amount_minor))
    ELSE ((matched_minor >= amount_minor) AND (matched_minor <= 0))
END),
    CONSTRAINT payment_moves_money CHECK ((amount_minor <> 0))
);

CREATE TABLE public.payment_match (
    enterprise_id uuid NOT NULL,
    id uuid NOT NULL,
    receiver_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    credit_note_id uuid,
    amount_minor bigint NOT NULL,
    party_id uuid,
    matched_at timestamp with time zone NOT NULL,
    CONSTRAINT payment_match_positive CHECK ((amount_minor > 0))
);

CREATE TABLE public.portal_password (
    name text NOT NULL,
    id uuid NOT NULL,
    party_id uuid NOT NULL,
    role text NOT NULL,
    salt bytea NOT NULL,
    cost integer NOT NULL,
    block_size integer NOT NULL,
    parallelization integer NOT NULL,
    hash bytea NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT portal_password_hash_length CHECK ((octet_length(hash) = 32)),
    CONSTRAINT portal_password_name_form CHECK ((name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'::text)),
    CONSTRAINT portal_password_role_known CHECK ((role = ANY (ARRAY['enterprise'::text, 'operator'::text, 'administrator'::text, 'analyst'::text]))),
    CONSTRAINT portal_password_salt_length CHECK ((octet_length(salt) >= 16))
);

CREATE TABLE public.price_ceiling (
    id uuid NOT NULL,
    product_id uuid NOT NULL,
    unit text NOT NULL,
    meter text GENERATED ALWAYS AS (
CASE
    WHEN (unit <> ALL (ARRAY['product'::text, 'month'::text, 'quarter'::text, 'year'::text])) THEN unit
    ELSE NULL::text
END) STORED,
    ceiling_minor numeric NOT NULL,
    currency text NOT NULL,
    approval text NOT NULL,
    authority_id uuid NOT NULL,
    valid daterange NOT NULL,
    is_trial boolean NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT price_ceiling_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT price_ceiling_has_approval CHECK ((btrim(approval) <> ''::text)),
    CONSTRAINT price_ceiling_not_negative CHECK ((ceiling_minor >= (0)::numeric)),
    CONSTRAINT price_ceiling_valid_bounded CHECK (((NOT isempty(valid)) AND (NOT lower_inf(valid)) AND (NOT upper_inf(valid))))
);

CREATE TABLE public.price_statement (
    operator_id uuid NOT NULL,
    year integer NOT NULL,
    currency text NOT NULL,
    cost_minor bigint NOT NULL,
    subsidies_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    deducted_minor bigint NOT NULL,
    profit_rate numeric NOT NULL,
    surveyed_in integer NOT NULL,
    adjustments text,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT price_statement_cost_not_negative CHECK ((cost_minor >= 0)),
    CONSTRAINT price_statement_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT price_statement_deducted_not_negative CHECK ((deducted_minor >= 0)),
    CONSTRAINT price_statement_profit_not_negative CHECK ((profit_rate >= (0)::numeric)),
    CONSTRAINT price_statement_subsidies_not_above_cost CHECK (((subsidies_minor >= 0) AND (subsidies_minor <= cost_minor))),
    CONSTRAINT price_statement_tax_not_negative CHECK ((tax_minor >= 0)),
    CONSTRAINT price_statement_year_in_range CHECK (((year >= 2000) AND (year <= 2999)))
);

CREATE TABLE public.price_statement_version (
    operator_id uuid NOT NULL,
    year integer NOT NULL,
    currency text NOT NULL,
    cost_minor bigint NOT NULL,
    subsidies_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    deducted_minor bigint NOT NULL,
    profit_rate numeric NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

CREATE TABLE public.product_revision_profile (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    rules integer NOT NULL,
    document jsonb,
    profiled_at timestamp with time zone NOT NULL,
    CONSTRAINT product_revision_profile_rules_count_from_one CHECK ((rules >= 1))
);

CREATE TABLE public.product_step (
    product_id uuid NOT NULL,
    standing text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    change integer NOT NULL,
    came bigint NOT NULL,
    went bigint NOT NULL,
    CONSTRAINT product_step_changes CHECK ((abs(change) <= 2))
);

CREATE TABLE public.product_suspension (
    id uuid NOT NULL,
    product_id uuid NOT NULL,
    cause text NOT NULL,
    reason_zh text NOT NULL,
    reason_en text NOT NULL,
    entry_id uuid,
    suspended_at timestamp with time zone NOT NULL,
    suspended_by uuid,
    lifted_at timestamp with time zone,
    lifted_by uuid,
    lifting_reason text,
    CONSTRAINT product_suspension_cause_known CHECK ((cause = ANY (ARRAY['upstream'::text, 'credential'::text, 'condition'::text, 'responsibility'::text, 'consent'::text, 'officer'::text]))),
    CONSTRAINT product_suspension_lifted_later CHECK ((lifted_at >= suspended_at))
);

CREATE TABLE public.scenario_link (
    scenario_id uuid NOT NULL,
    product_id uuid NOT NULL,
    code text NOT NULL,
    domain text NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone
);

CREATE VIEW public.product_turn AS
 SELECT turn.product_id,
    array_agg(DISTINCT turn.at ORDER BY turn.at) AS turns
   FROM ( SELECT charged.product_id,
            bound.at
           FROM (( SELECT responsibility.subject_id AS product_id,
                    responsibility.valid,
                    responsibility.recorded
                   FROM public.responsibility
                  WHERE ((responsibility.role = 'operator'::text) AND (responsibility.product_id IS NOT NULL))
                UNION ALL
                 SELECT source.product_id,
                    provided.valid,
                    provided.recorded
                   FROM (public.product_revision_source source
                     JOIN public.responsibility provided ON (((provided.subject_id = source.entry_id) AND (provided.role = 'provider'::text))))) charged
             CROSS JOIN LATERAL ( VALUES (lower(charged.valid)), (upper(charged.valid)), (lower(charged.recorded)), (upper(charged.recorded))) bound(at))
        UNION ALL
         SELECT product_revision.product_id,
            product_revision.published_at
           FROM public.product_revision
        UNION ALL
         SELECT link.product_id,
            bound.at
           FROM (public.scenario_link link
             CROSS JOIN LATERAL ( VALUES (link.since), (link.until)) bound(at))) turn
  WHERE (turn.at IS NOT NULL)
  GROUP BY turn.product_id;

CREATE TABLE public.purchase_transition (
    enterprise_id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    number integer NOT NULL,
    previous integer GENERATED ALWAYS AS (
CASE
    WHEN (number > 1) THEN (number - 1)
    ELSE NULL::integer
END) STORED,
    from_state text,
    to_state text NOT NULL,
    party_id uuid,
    reason text NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    document text,
    CONSTRAINT purchase_transition_allowed CHECK (
CASE COALESCE(from_state, 'none'::text)
    WHEN 'none'::text THEN (to_state = ANY (ARRAY['requested'::text, 'agreed'::text, 'active'::text]))
    WHEN 'requested'::text THEN (to_state = ANY (ARRAY['returned'::text, 'approved'::text, 'rejected'::text, 'ended'::text]))
    WHEN 'returned'::text THEN (to_state = ANY (ARRAY['requested'::text, 'ended'::text]))
    WHEN 'approved'::text THEN (to_state = ANY (ARRAY['agreed'::text, 'ended'::text]))
    WHEN 'agreed'::text THEN (to_state = ANY (ARRAY['active'::text, 'ended'::text]))
    WHEN 'active'::text THEN (to_state = 'ended'::text)
    ELSE false
END),
    CONSTRAINT purchase_transition_counts_from_one CHECK ((number >= 1)),
    CONSTRAINT purchase_transition_document_not_blank CHECK ((btrim(document) <> ''::text)),
    CONSTRAINT purchase_transition_first_has_no_origin CHECK (((number = 1) = (from_state IS NULL))),
    CONSTRAINT purchase_transition_has_reason CHECK ((btrim(reason) <> ''::text))
);

CREATE VIEW public.purchase_change AS
 SELECT moved.enterprise_id,
    moved.purchase_id,
    moved.number,
    change.standing,
    change.happened_at,
    GREATEST(purchase.recorded_at, purchase.accepted_at,
        CASE
            WHEN (moved.to_state = 'ended'::text) THEN moved.moved_at
            ELSE NULL::timestamp with time zone
        END) AS recorded_at,
    change.step AS purchases,
    ((change.step * purchase.price_minor) *
        CASE
            WHEN (offer.billing_period IS NULL) THEN 1
            ELSE (1 + GREATEST(0, public.period_number(begun.at, offer.billing_period, (COALESCE(upper(purchase.wanted), (begun.at + make_interval(days => offer.term_days))) - '00:00:00.000001'::interval))))
        END) AS contracted_minor,
    purchase.currency,
    purchase.product_id,
    purchase.revision,
    purchase.accepted_at,
    GREATEST(purchase.recorded_at, purchase.accepted_at) AS accepted_known_at
   FROM ((((((public.purchase_transition moved
     JOIN public.purchase ON (((purchase.enterprise_id = moved.enterprise_id) AND (purchase.id = moved.purchase_id))))
     JOIN public.offer ON ((offer.id = purchase.offer_id)))
     JOIN public.party buyer ON ((buyer.id = purchase.enterprise_id)))
     CROSS JOIN LATERAL ( SELECT GREATEST(lower(purchase.wanted), purchase.accepted_at) AS at) begun)
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN buyer.synthetic THEN 'synthetic'::text
                    WHEN (buyer.kind <> 'enterprise'::text) THEN 'administration'::text
                    ELSE NULL::text
                END AS always,
                CASE
                    WHEN (offer.trial_days > 0) THEN (begun.at + make_interval(days => offer.trial_days))
                    ELSE NULL::timestamp with time zone
                END AS trial_until,
            ((moved.to_state = ANY (ARRAY['agreed'::text, 'active'::text])) AND (moved.from_state IS DISTINCT FROM 'agreed'::text)) AS accepts,
            ((moved.to_state = 'ended'::text) AND (purchase.ended_as = 'refunded'::text)) AS refunds,
            (moved.to_state = 'ended'::text) AS ends) rule)
     CROSS JOIN LATERAL ( SELECT COALESCE(rule.always,
                CASE
                    WHEN (rule.trial_until IS NULL) THEN 'market'::text
                    ELSE 'trial'::text
                END) AS standing,
            purchase.accepted_at AS happened_at,
            1 AS step
          WHERE rule.accepts
        UNION ALL
         SELECT becomes.standing,
            rule.trial_until,
            becomes.step
           FROM ( VALUES ('trial'::text,'-1'::integer), ('market'::text,1)) becomes(standing, step)
          WHERE (rule.accepts AND (rule.always IS NULL) AND (rule.trial_until IS NOT NULL))
        UNION ALL
         SELECT stays.standing,
            rule.trial_until,
            stays.step
           FROM ( VALUES ('trial'::text,1), ('market'::text,'-1'::integer)) stays(standing, step)
          WHERE (rule.ends AND (rule.always IS NULL) AND (moved.moved_at < rule.trial_until))
        UNION ALL
         SELECT
                CASE
                    WHEN (moved.moved_at < rule.trial_until) THEN 'trial'::text
                    ELSE 'market'::text
                END AS "case",
            moved.moved_at,
            '-1'::integer
          WHERE (rule.refunds AND (rule.always IS NULL))
        UNION ALL
         SELECT 'refunded'::text,
            moved.moved_at,
            1
          WHERE (rule.refunds AND (rule.always IS NULL))) change)
  WHERE ((purchase.accepted_at IS NOT NULL) AND (rule.accepts OR rule.ends));

CREATE TABLE public.purchase_command (
    enterprise_id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    party_id uuid NOT NULL,
    key text NOT NULL,
    digest bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT purchase_command_key_length CHECK (((length(key) >= 1) AND (length(key) <= 200)))
);

CREATE TABLE public.purchase_decision (
    enterprise_id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    round integer NOT NULL,
    party_id uuid NOT NULL,
    id uuid NOT NULL,
    role text NOT NULL,
    decision text,
    reason text,
    decided_by uuid,
    basis text,
    decided_at timestamp with time zone,
    CONSTRAINT purchase_decision_basis_not_blank CHECK ((btrim(basis) <> ''::text)),
    CONSTRAINT purchase_decision_for_another_has_basis CHECK (((decided_by = party_id) OR (basis IS NOT NULL))),
    CONSTRAINT purchase_decision_is_whole CHECK ((num_nonnulls(decision, reason, decided_by, decided_at) = ANY (ARRAY[0, 4]))),
    CONSTRAINT purchase_decision_known CHECK ((decision = ANY (ARRAY['approve'::text, 'reject'::text, 'return'::text]))),
    CONSTRAINT purchase_decision_reason_not_blank CHECK ((btrim(reason) <> ''::text)),
    CONSTRAINT purchase_decision_role_known CHECK ((role = ANY (ARRAY['operator'::text, 'provider'::text]))),
    CONSTRAINT purchase_decision_round_known CHECK ((round = ANY (ARRAY[1, 2])))
);

CREATE VIEW public.purchase_document AS
 SELECT purchase.enterprise_id,
    purchase.id,
    purchase.state,
    purchase.product_id,
    json_build_object('id', purchase.id, 'state', purchase.state, 'product', product.code, 'title_zh', product.title_zh, 'title_en', product.title_en, 'revision', purchase.revision, 'offer', offer.code, 'purpose', purchase.purpose, 'scope', purchase.scope, 'place', purchase.place, 'from', lower(purchase.wanted), 'until', upper(purchase.wanted), 'retention_days', purchase.retention_days, 'qualifications', purchase.qualifications, 'kind', offer.kind, 'billing_period', offer.billing_period, 'price', json_build_object('minor_units', purchase.price_minor, 'currency', purchase.currency), 'price_with_tax', json_build_object('minor_units', ((purchase.price_minor)::numeric + round(((purchase.price_minor)::numeric * offer.vat_rate))), 'currency', purchase.currency), 'requested_at', purchase.requested_at, 'accepted_at', purchase.accepted_at, 'ended_at', purchase.ended_at, 'ended_as', purchase.ended_as, 'reason', moved.reason, 'moved_at', moved.moved_at, 'cancelled_at', purchase.cancelled_at, 'entitlement',
        CASE
            WHEN (entitlement.id IS NOT NULL) THEN json_build_object('id', entitlement.id, 'since', lower(entitlement.valid), 'until', LEAST(upper(entitlement.valid), entitlement.ended_at))
            ELSE NULL::json
        END) AS document
   FROM ((((public.purchase
     JOIN public.purchase_transition moved ON (((moved.enterprise_id = purchase.enterprise_id) AND (moved.purchase_id = purchase.id) AND (moved.number = purchase.transition))))
     LEFT JOIN public.entitlement ON (((entitlement.enterprise_id = purchase.enterprise_id) AND (entitlement.purchase_id = purchase.id))))
     JOIN public.product ON ((product.id = purchase.product_id)))
     JOIN public.offer ON ((offer.id = purchase.offer_id)));

CREATE VIEW public.purchase_step AS
 SELECT moved.enterprise_id,
    moved.purchase_id,
    moved.number,
    taken.step,
    purchase.product_id,
    purchase.revision,
    taken.happened_at,
    taken.recorded_at
   FROM ((public.purchase_transition moved
     JOIN public.purchase ON (((purchase.enterprise_id = moved.enterprise_id) AND (purchase.id = moved.purchase_id))))
     CROSS JOIN LATERAL ( SELECT 'requested'::text AS step,
            purchase.requested_at AS happened_at,
                CASE
                    WHEN (moved.to_state = 'requested'::text) THEN moved.moved_at
                    ELSE GREATEST(purchase.recorded_at, purchase.requested_at)
                END AS recorded_at
          WHERE (moved.number = 1)
        UNION ALL
         SELECT 'agreed'::text,
            purchase.accepted_at,
            GREATEST(purchase.recorded_at, purchase.accepted_at) AS "greatest"
          WHERE ((moved.to_state = ANY (ARRAY['agreed'::text, 'active'::text])) AND (moved.from_state IS DISTINCT FROM 'agreed'::text))) taken);

CREATE VIEW public.quality_definition AS
 SELECT defined."position",
    defined.figure,
    defined.definition_zh,
    defined.definition_en
   FROM ( VALUES (1,'completeness'::text,'非空单元格占全部单元格的比例；只有空白字符的单元格算空。'::text,'The share of cells that are not empty; a cell that holds only blanks is empty.'::text), (2,'validity'::text,'非空单元格中符合所声明类型的比例：整数、数值（可带小数和指数）、日期（ISO 8601）、是非（0/1、true/false、yes/no、是/否）；文本总是符合。'::text,'The share of the cells that are not empty that are of the declared type: whole numbers, numbers with a fraction or exponent, dates of ISO 8601, truths as 0/1, true/false, yes/no or 是/否; a text always is.'::text), (3,'uniqueness'::text,'没有与前面某行每个单元格都相同的行所占的比例。'::text,'The share of rows that do not repeat an earlier row in every cell.'::text), (4,'freshness'::text,'本版本发布至今（或至下一版本）的天数，与所依据目录条目声明的最短更新周期相比；每月按31天、每年按366天计，期内为按时。'::text,'The days from the publication of this revision until now, or until the next one, against the shortest update frequency that the directory entries it was made of state; a month counts as 31 days, a year as 366. Within them it is on time.'::text)) defined("position", figure, definition_zh, definition_en);

CREATE TABLE public.revenue_share (
    product_id uuid NOT NULL,
    valid daterange NOT NULL,
    party_id uuid NOT NULL,
    role text NOT NULL,
    parts integer NOT NULL,
    basis text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT revenue_share_has_basis CHECK ((btrim(basis) <> ''::text)),
    CONSTRAINT revenue_share_parts_positive CHECK ((parts > 0)),
    CONSTRAINT revenue_share_role_known CHECK ((role = ANY (ARRAY['source'::text, 'operator'::text, 'market'::text]))),
    CONSTRAINT revenue_share_valid_not_empty CHECK ((NOT isempty(valid)))
);

CREATE TABLE public.revision_file (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    charset text,
    compression text,
    sha256 bytea NOT NULL,
    received_at timestamp with time zone NOT NULL,
    CONSTRAINT revision_file_compression_known CHECK ((compression = 'gzip'::text)),
    CONSTRAINT revision_file_name_form CHECK (((name ~ '^[^/\\[:cntrl:]]{1,200}$'::text) AND (name !~ '^\.'::text)))
);

CREATE TABLE public.revision_table (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    schema jsonb NOT NULL,
    rows bigint NOT NULL,
    changes jsonb,
    notes jsonb NOT NULL,
    has_change_data boolean NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT revision_table_rows_not_negative CHECK ((rows >= 0))
);

CREATE VIEW public.revision_document AS
 SELECT revision.product_id,
    revision.number,
    jsonb_build_object('number', revision.number, 'published_at', revision.published_at, 'file_name', revision.file_name, 'media_type', revision.media_type, 'bytes', content.bytes, 'sha256', encode(revision.sha256, 'hex'::text), 'sm3', encode(content.sm3, 'hex'::text), 'rows', revision.rows, 'columns', revision.columns, 'keys', to_jsonb(revision.keys), 'source', revision.source, 'schema', made.schema, 'changes', made.changes, 'notes', made.notes, 'is_table', (made.rows IS NOT NULL), 'has_change_data', COALESCE(made.has_change_data, false), 'files', ( SELECT COALESCE(jsonb_agg(jsonb_build_object('name', file.name, 'media_type', file.media_type, 'charset', file.charset, 'compression', file.compression, 'bytes', kept.bytes, 'sha256', encode(file.sha256, 'hex'::text), 'sm3', encode(kept.sm3, 'hex'::text)) ORDER BY file.name), '[]'::jsonb) AS "coalesce"
           FROM (public.revision_file file
             JOIN public.content kept ON ((kept.sha256 = file.sha256)))
          WHERE ((file.product_id = revision.product_id) AND (file.number = revision.number))), 'directory_entries', ( SELECT COALESCE(jsonb_agg(jsonb_build_object('code', entry.code, 'version', used.entry_version, 'basis', used.basis) ORDER BY entry.code), '[]'::jsonb) AS "coalesce"
           FROM (public.product_revision_source used
             JOIN public.directory_entry entry ON ((entry.id = used.entry_id)))
          WHERE ((used.product_id = revision.product_id) AND (used.number = revision.number)))) AS document
   FROM ((public.product_revision revision
     JOIN public.content ON ((content.sha256 = revision.sha256)))
     LEFT JOIN public.revision_table made ON (((made.product_id = revision.product_id) AND (made.number = revision.number))));

CREATE TABLE public.revision_part (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    kind text NOT NULL,
    place integer NOT NULL,
    sha256 bytea NOT NULL,
    rows bigint NOT NULL,
    statistics jsonb,
    CONSTRAINT revision_part_counts_from_one CHECK ((place >= 1)),
    CONSTRAINT revision_part_kind_known CHECK ((kind = ANY (ARRAY['rows'::text, 'changes'::text]))),
    CONSTRAINT revision_part_rows_not_negative CHECK ((rows >= 0))
);

CREATE TABLE public.revision_rendition (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    format text NOT NULL,
    sha256 bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT revision_rendition_format_known CHECK ((format = ANY (ARRAY['csv'::text, 'csv.gz'::text, 'jsonl'::text, 'jsonl.gz'::text, 'parquet'::text, 'xlsx'::text])))
);

CREATE TABLE public.revision_upload (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    state text NOT NULL,
    contract jsonb NOT NULL,
    opened_by uuid NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    submitted_at timestamp with time zone,
    ended_at timestamp with time zone,
    refusal jsonb,
    taken_until timestamp with time zone,
    CONSTRAINT revision_upload_counts_from_one CHECK ((number >= 1)),
    CONSTRAINT revision_upload_ended_with_its_state CHECK (((state = ANY (ARRAY['refused'::text, 'published'::text])) = (ended_at IS NOT NULL))),
    CONSTRAINT revision_upload_refused_for_a_reason CHECK (((state = 'refused'::text) = (refusal IS NOT NULL))),
    CONSTRAINT revision_upload_state_known CHECK ((state = ANY (ARRAY['receiving'::text, 'checking'::text, 'refused'::text, 'published'::text]))),
    CONSTRAINT revision_upload_submitted_to_be_checked CHECK (((state = 'receiving'::text) OR (submitted_at IS NOT NULL)))
);

CREATE TABLE public.revision_without_table (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    reason jsonb NOT NULL,
    tried_at timestamp with time zone NOT NULL
);

CREATE TABLE public.scenario (
    id uuid NOT NULL,
    code text NOT NULL,
    batch integer,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    domain text NOT NULL,
    published_on date,
    document jsonb NOT NULL,
    digest bytea NOT NULL,
    revision integer NOT NULL,
    publisher_id uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT scenario_batch_positive CHECK ((batch > 0)),
    CONSTRAINT scenario_code_form CHECK ((code ~ '^SC-[0-9]{4}-[0-9]{3}$'::text)),
    CONSTRAINT scenario_domain_known CHECK ((domain = ANY (ARRAY['industrial_development'::text, 'social_governance'::text, 'livelihood'::text])))
);

CREATE TABLE public.scenario_entry (
    scenario_id uuid NOT NULL,
    entry_id uuid NOT NULL
);

CREATE TABLE public.scenario_product (
    scenario_id uuid NOT NULL,
    product_id uuid NOT NULL,
    note text
);

CREATE TABLE public.scenario_revision (
    scenario_id uuid NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    publisher_id uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

CREATE TABLE public.scenario_step (
    enterprise_id uuid NOT NULL,
    step text NOT NULL,
    dimension text NOT NULL,
    class text NOT NULL,
    product_id uuid NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT scenario_step_dimension_known CHECK ((dimension = ANY (ARRAY[''::text, 'scenario'::text, 'domain'::text]))),
    CONSTRAINT scenario_step_known CHECK ((step = ANY (ARRAY['agreed'::text, 'used'::text])))
);

CREATE TABLE public.schema_migration (
    name text NOT NULL,
    digest text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.schema_view (
    name text NOT NULL,
    digest text NOT NULL
);

CREATE TABLE public.search_document (
    subject_id uuid NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    version integer NOT NULL,
    digest bytea NOT NULL,
    quality real NOT NULL,
    title_words smallint NOT NULL,
    stale_at timestamp with time zone,
    facet_set integer NOT NULL,
    head tsvector NOT NULL,
    phrases integer[] NOT NULL,
    terms tsvector NOT NULL,
    CONSTRAINT search_document_kind_known CHECK ((kind = ANY (ARRAY['entry'::text, 'product'::text, 'scenario'::text])))
)
WITH (toast_tuple_target='128');
ALTER TABLE ONLY public.search_document ALTER COLUMN kind SET STORAGE PLAIN;
ALTER TABLE ONLY public.search_document ALTER COLUMN code SET STORAGE PLAIN;
ALTER TABLE ONLY public.search_document ALTER COLUMN digest SET STORAGE PLAIN;
ALTER TABLE ONLY public.search_document ALTER COLUMN head SET STORAGE MAIN;
ALTER TABLE ONLY public.search_document ALTER COLUMN phrases SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.search_document ALTER COLUMN terms SET STORAGE EXTERNAL;

CREATE TABLE public.search_facet (
    id integer NOT NULL,
    facet text NOT NULL,
    value text NOT NULL
);

ALTER TABLE public.search_facet ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.search_facet_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.search_facet_set (
    id integer NOT NULL,
    facets integer[] NOT NULL
);

ALTER TABLE public.search_facet_set ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.search_facet_set_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.search_pending (
    id bigint NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    CONSTRAINT search_pending_kind_known CHECK ((kind = ANY (ARRAY['subject'::text, 'source'::text, 'party'::text])))
);

ALTER TABLE public.search_pending ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.search_pending_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.search_phrase (
    id integer NOT NULL,
    folded text NOT NULL,
    phrase text NOT NULL,
    is_word boolean NOT NULL,
    documents integer NOT NULL
);

ALTER TABLE public.search_phrase ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.search_phrase_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.search_synonym (
    word text NOT NULL,
    synonyms text[] NOT NULL,
    folded text[] NOT NULL,
    changed_by uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT search_synonym_has_some CHECK (((cardinality(synonyms) >= 1) AND (cardinality(synonyms) <= 30))),
    CONSTRAINT search_synonym_word_length CHECK (((length(word) >= 1) AND (length(word) <= 60)))
);

CREATE TABLE public.session_key (
    is_only boolean DEFAULT true NOT NULL,
    version integer NOT NULL,
    secret bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT session_key_is_only CHECK (is_only),
    CONSTRAINT session_key_length CHECK ((octet_length(secret) = 32)),
    CONSTRAINT session_key_version_positive CHECK ((version > 0))
);

CREATE TABLE public.sharing_credential (
    enterprise_id uuid NOT NULL,
    id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    token_sha256 bytea NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT sharing_credential_expires_later CHECK ((expires_at > issued_at)),
    CONSTRAINT sharing_credential_revoked_later CHECK ((revoked_at >= issued_at)),
    CONSTRAINT sharing_credential_token_length CHECK ((octet_length(token_sha256) = 32))
);

CREATE TABLE public.signing_key (
    id text NOT NULL,
    algorithm text NOT NULL,
    version integer NOT NULL,
    public_key bytea NOT NULL,
    valid tstzrange NOT NULL,
    CONSTRAINT signing_key_algorithm_known CHECK ((algorithm = ANY (ARRAY['SM2-SM3'::text, 'Ed25519'::text]))),
    CONSTRAINT signing_key_id_is_its_hash CHECK ((id = encode(sha256(public_key), 'hex'::text))),
    CONSTRAINT signing_key_valid_not_empty CHECK ((NOT isempty(valid))),
    CONSTRAINT signing_key_version_positive CHECK ((version >= 1))
);

CREATE VIEW public.source_competent_body AS
 SELECT source.id AS source_id,
    COALESCE(heir.party_id, body.party_id) AS party_id
   FROM (((public.directory_source source
     LEFT JOIN public.competent_body stated ON (((stated.source_id = source.id) AND upper_inf(stated.valid))))
     CROSS JOIN LATERAL ( SELECT COALESCE(stated.party_id, ( SELECT directory_import.party_id
                   FROM public.directory_import
                  WHERE (directory_import.source_id = source.id)
                  ORDER BY directory_import.finished_at DESC
                 LIMIT 1)) AS party_id) body)
     LEFT JOIN LATERAL public.successor_now(body.party_id, 'publisher'::text, NULL::uuid, 'infinity'::timestamp with time zone) heir(party_id, kind, effective_at, basis, basis_sha256) ON (true));

CREATE VIEW public.told_change AS
 SELECT 'purchase'::text AS source,
    change.enterprise_id,
    change.purchase_id AS subject_id,
    change.number,
    'purchased'::text AS measure,
        CASE
            WHEN (change.contracted_minor <> 0) THEN change.currency
            ELSE ''::text
        END AS unit,
    change.standing,
    change.happened_at,
    change.recorded_at,
    change.purchases AS times,
    change.contracted_minor AS amount,
    change.product_id,
    change.revision,
    change.accepted_at AS class_at,
    change.accepted_known_at AS class_known_at,
    true AS is_purchase,
    (change.purchases)::bigint AS held
   FROM public.purchase_change change
UNION ALL
 SELECT bill.type AS source,
    bill.enterprise_id,
    bill.subject_id,
    0 AS number,
    bill.measure,
    bill.currency AS unit,
    public.enterprise_base(buyer.kind, buyer.synthetic) AS standing,
    bill.happened_at,
    bill.happened_at AS recorded_at,
    bill.times,
    bill.amount,
    purchase.product_id,
    purchase.revision,
    purchase.accepted_at AS class_at,
    GREATEST(purchase.recorded_at, purchase.accepted_at) AS class_known_at,
    false AS is_purchase,
    (bill.amount)::bigint AS held
   FROM ((public.bill_change bill
     JOIN public.purchase ON (((purchase.enterprise_id = bill.enterprise_id) AND (purchase.id = bill.purchase_id))))
     JOIN public.party buyer ON ((buyer.id = bill.enterprise_id)))
  WHERE (bill.amount <> (0)::numeric)
UNION ALL
 SELECT reached.step AS source,
    reached.enterprise_id,
    reached.product_id AS subject_id,
    0 AS number,
    measured.measure,
    ''::text AS unit,
    public.enterprise_base(buyer.kind, buyer.synthetic) AS standing,
    reached.happened_at,
    reached.recorded_at,
    1 AS times,
        CASE
            WHEN (measured.measure = 'waited'::text) THEN reached.waited_seconds
            ELSE (0)::numeric
        END AS amount,
    reached.product_id,
    reached.revision,
    reached.happened_at AS class_at,
    reached.recorded_at AS class_known_at,
    false AS is_purchase,
    NULL::bigint AS held
   FROM ((public.funnel_step reached
     JOIN public.party buyer ON ((buyer.id = reached.enterprise_id)))
     CROSS JOIN LATERAL ( VALUES (reached.step,true), ('waited'::text,(reached.step = 'used'::text)), ('waited_hour'::text,(reached.waited_seconds <= (3600)::numeric)), ('waited_day'::text,((reached.waited_seconds > (3600)::numeric) AND (reached.waited_seconds <= (86400)::numeric))), ('waited_week'::text,((reached.waited_seconds > (86400)::numeric) AND (reached.waited_seconds <= ((7 * 86400))::numeric))), ('waited_month'::text,((reached.waited_seconds > ((7 * 86400))::numeric) AND (reached.waited_seconds <= ((30 * 86400))::numeric))), ('waited_longer'::text,(reached.waited_seconds > ((30 * 86400))::numeric))) measured(measure, holds))
  WHERE measured.holds;

CREATE VIEW public.total_change AS
 SELECT told.source,
    told.enterprise_id,
    told.subject_id,
    told.number,
    told.measure,
    told.unit,
    of.dimension,
    of.class,
    told.standing,
    public.legal_day(told.happened_at) AS happened_on,
    public.legal_day(told.recorded_at) AS recorded_on,
    told.times,
    told.amount,
    ((1)::bigint << ((uuid_hash_extended(told.enterprise_id, (0)::bigint) & (63)::bigint))::integer) AS mark,
    (1 + ((uuid_hash_extended(told.enterprise_id, (0)::bigint) >> 6) & (3)::bigint)) AS part,
    told.held
   FROM (public.told_change told
     CROSS JOIN LATERAL ( SELECT buyer_class.dimension,
            buyer_class.class
           FROM public.buyer_class(told.enterprise_id) buyer_class(dimension, class)
        UNION ALL
         SELECT product_class.dimension,
            product_class.class
           FROM public.product_class(told.product_id, told.revision, told.class_at, told.class_known_at) product_class(dimension, class)
        UNION ALL
         SELECT purchase_class.dimension,
            purchase_class.class
           FROM public.purchase_class(told.enterprise_id, told.subject_id) purchase_class(dimension, class)
          WHERE told.is_purchase) of)
UNION ALL
 SELECT reached.step AS source,
    reached.enterprise_id,
    reached.product_id AS subject_id,
    0 AS number,
    ('enterprises_'::text || reached.step) AS measure,
    ''::text AS unit,
    reached.dimension,
    reached.class,
    public.enterprise_base(buyer.kind, buyer.synthetic) AS standing,
    public.legal_day(reached.happened_at) AS happened_on,
    public.legal_day(reached.recorded_at) AS recorded_on,
    1 AS times,
    0 AS amount,
    ((1)::bigint << ((uuid_hash_extended(reached.enterprise_id, (0)::bigint) & (63)::bigint))::integer) AS mark,
    1 AS part,
    NULL::bigint AS held
   FROM (public.scenario_step reached
     JOIN public.party buyer ON ((buyer.id = reached.enterprise_id)))
UNION ALL
 SELECT 'step'::text AS source,
    step.enterprise_id,
    step.enterprise_id AS subject_id,
    0 AS number,
    ('first_'::text || step.measure) AS measure,
    ''::text AS unit,
    of.dimension,
    of.class,
    step.standing,
    public.legal_day(step.happened_at) AS happened_on,
    public.legal_day(step.recorded_at) AS recorded_on,
    step.change AS times,
    0 AS amount,
    0 AS mark,
    1 AS part,
    NULL::bigint AS held
   FROM (public.enterprise_step step
     CROSS JOIN LATERAL public.step_class(step.enterprise_id, step.cohort) of(dimension, class));

CREATE TABLE public.usage_archive (
    month date NOT NULL,
    since timestamp with time zone GENERATED ALWAYS AS (((month)::timestamp without time zone AT TIME ZONE 'UTC'::text)) STORED NOT NULL,
    until timestamp with time zone GENERATED ALWAYS AS (((month + '1 mon'::interval) AT TIME ZONE 'UTC'::text)) STORED NOT NULL,
    sha256 bytea NOT NULL,
    rows bigint NOT NULL,
    archived_at timestamp with time zone NOT NULL,
    CONSTRAINT usage_archive_month_is_its_first_day CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT usage_archive_rows_positive CHECK ((rows > 0))
);

CREATE TABLE public.usage_event_default (
    enterprise_id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    meter text NOT NULL,
    quantity numeric NOT NULL,
    bytes bigint NOT NULL,
    product_id uuid NOT NULL,
    revision integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    source text,
    source_id text,
    dimensions jsonb DEFAULT '{}'::jsonb NOT NULL,
    value text DEFAULT ''::text NOT NULL,
    CONSTRAINT usage_event_bytes_not_negative CHECK ((bytes >= 0)),
    CONSTRAINT usage_event_name_is_whole CHECK (((source IS NULL) = (source_id IS NULL))),
    CONSTRAINT usage_event_quantity_not_negative CHECK ((quantity >= (0)::numeric)),
    CONSTRAINT usage_event_source_id_length CHECK (((length(source_id) >= 1) AND (length(source_id) <= 255))),
    CONSTRAINT usage_event_source_length CHECK (((length(source) >= 1) AND (length(source) <= 500)))
);

CREATE TABLE public.usage_event_key (
    enterprise_id uuid NOT NULL,
    digest bytea NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    usage_event_id uuid NOT NULL,
    name uuid NOT NULL,
    CONSTRAINT usage_event_key_digest_length CHECK ((length(digest) = 32))
);

CREATE TABLE public.usage_recall (
    enterprise_id uuid NOT NULL,
    month date NOT NULL,
    recalled_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone NOT NULL
);

CREATE TABLE public.usage_total (
    enterprise_id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    meter text NOT NULL,
    day date NOT NULL,
    events bigint NOT NULL,
    quantity numeric NOT NULL,
    bytes bigint NOT NULL,
    CONSTRAINT usage_total_bytes_not_negative CHECK ((bytes >= 0)),
    CONSTRAINT usage_total_counts CHECK ((events > 0)),
    CONSTRAINT usage_total_quantity_not_negative CHECK ((quantity >= (0)::numeric))
);

CREATE TABLE public.usage_window (
    enterprise_id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    meter text NOT NULL,
    since timestamp with time zone NOT NULL,
    dimensions jsonb DEFAULT '{}'::jsonb NOT NULL,
    value text DEFAULT ''::text NOT NULL,
    events bigint NOT NULL,
    quantity numeric NOT NULL,
    "least" numeric NOT NULL,
    most numeric NOT NULL,
    latest numeric NOT NULL,
    latest_at timestamp with time zone NOT NULL,
    latest_id uuid NOT NULL,
    CONSTRAINT usage_window_begins_with_quarter CHECK ((since = date_bin('00:15:00'::interval, since, '2000-01-01 00:00:00+00'::timestamp with time zone))),
    CONSTRAINT usage_window_counts CHECK ((events > 0))
);

CREATE VIEW public.version_fact AS
 SELECT fact.source_id,
    of.dimension,
    COALESCE(of.class, ''::text) AS class,
    fact.required,
    fact.optional,
    fact.updated_on,
    fact.update_days,
    fact.since_on,
    fact.until_on,
    fact.known_on,
    fact.known_until_on,
    fact.follows,
    fact.is_followed
   FROM (( SELECT entry.source_id,
            answering.province,
            (version.document ->> 'sharingClass'::text) AS sharing_class,
            ((version.document -> 'themes'::text) ->> 0) AS theme,
            ((((3 + ((COALESCE((version.document -> 'descriptions'::text), '[]'::jsonb) <> '[]'::jsonb))::integer) + ((version.document ? 'publisher'::text))::integer) + (((version.document ? 'classification'::text) OR (COALESCE((version.document -> 'themes'::text), '[]'::jsonb) <> '[]'::jsonb)))::integer))::smallint AS required,
            ((((((((version.document ? 'issued'::text))::integer + ((COALESCE((version.document -> 'keywords'::text), '[]'::jsonb) <> '[]'::jsonb))::integer) + ((version.document ? 'spatial'::text))::integer) + ((version.document ?| '{conditions,licence,accessLevel}'::text[]))::integer) + (((version.document ? 'landingPage'::text) OR (COALESCE((version.document -> 'distributions'::text), '[]'::jsonb) <> '[]'::jsonb)))::integer) + ((version.document ? 'modified'::text))::integer))::smallint AS optional,
            COALESCE(
                CASE
                    WHEN (said.modified ~ '^[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])'::text) THEN LEAST((((("left"(said.modified, 8) || '01'::text))::date + (substr(said.modified, 9, 2))::integer) - 1), ((((("left"(said.modified, 8) || '01'::text))::date + '1 mon'::interval))::date - 1))
                    ELSE NULL::date
                END, public.legal_day(lower(validity.valid))) AS updated_on,
            rhythm.days AS update_days,
            public.legal_day(lower(validity.valid)) AS since_on,
            public.legal_day(upper(validity.valid)) AS until_on,
            public.legal_day(lower(validity.recorded)) AS known_on,
            public.legal_day(upper(validity.recorded)) AS known_until_on,
            (EXISTS ( SELECT
                   FROM public.directory_entry_validity other
                  WHERE ((other.entry_id = validity.entry_id) AND (upper(other.valid) = lower(validity.valid)) AND (other.recorded @> lower(validity.recorded))))) AS follows,
            (EXISTS ( SELECT
                   FROM public.directory_entry_validity other
                  WHERE ((other.entry_id = validity.entry_id) AND (lower(other.valid) = upper(validity.valid)) AND (other.recorded @> lower(validity.recorded))))) AS is_followed
           FROM (((((public.directory_entry entry
             JOIN public.directory_entry_validity validity ON ((validity.entry_id = entry.id)))
             JOIN public.directory_entry_version version ON (((version.entry_id = validity.entry_id) AND (version.number = validity.number))))
             CROSS JOIN LATERAL ( SELECT (version.document ->> 'modified'::text) AS modified,
                    (version.document ->> 'updateFrequency'::text) AS frequency
                 OFFSET 0) said)
             CROSS JOIN LATERAL ( SELECT public.update_days(said.frequency) AS days
                 OFFSET 0) rhythm)
             LEFT JOIN LATERAL ( SELECT party.province
                   FROM (public.responsibility
                     JOIN public.party ON ((party.id = responsibility.party_id)))
                  WHERE ((responsibility.subject_id = entry.id) AND (responsibility.role = ANY (ARRAY['provider'::text, 'publisher'::text])) AND (responsibility.valid @> lower(validity.valid)) AND (responsibility.recorded @> lower(validity.recorded)))
                  ORDER BY responsibility.role
                 LIMIT 1) answering ON (true))
         OFFSET 0) fact
     CROSS JOIN LATERAL ( VALUES (''::text,NULL::text), ('province'::text,fact.province), ('sharing_class'::text,fact.sharing_class), ('theme'::text,fact.theme)) of(dimension, class));

CREATE TABLE public.webhook (
    id uuid NOT NULL,
    party_id uuid NOT NULL,
    number integer NOT NULL,
    url text NOT NULL,
    description text NOT NULL,
    types text[],
    secret bytea NOT NULL,
    old_secret bytea,
    old_secret_until timestamp with time zone,
    state text NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    failing_since timestamp with time zone,
    CONSTRAINT webhook_number_in_range CHECK (((number >= 1) AND (number <= 20))),
    CONSTRAINT webhook_old_secret_ends CHECK (((old_secret IS NULL) = (old_secret_until IS NULL))),
    CONSTRAINT webhook_secret_length CHECK (((length(secret) >= 24) AND (length(secret) <= 64))),
    CONSTRAINT webhook_state_known CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'gone'::text]))),
    CONSTRAINT webhook_types_not_empty CHECK ((cardinality(types) > 0)),
    CONSTRAINT webhook_url_form CHECK (((url ~ '^https?://'::text) AND (length(url) <= 2000)))
);

CREATE TABLE public.webhook_delivery (
    enterprise_id uuid NOT NULL,
    webhook_id uuid NOT NULL,
    event_id uuid NOT NULL,
    purchase_id uuid,
    occurred_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    tried_at timestamp with time zone,
    status integer,
    answer text,
    failure text,
    CONSTRAINT webhook_delivery_attempts_not_negative CHECK ((attempts >= 0)),
    CONSTRAINT webhook_delivery_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'delivered'::text, 'dead'::text])))
);

CREATE VIEW public.withdrawn_source AS
 SELECT suspension.product_id,
    suspension.reason_zh,
    suspension.reason_en
   FROM public.product_suspension suspension
  WHERE ((suspension.lifted_at IS NULL) AND ((suspension.cause = 'consent'::text) OR ((suspension.cause = 'upstream'::text) AND (NOT (EXISTS ( SELECT
           FROM public.entry_in_force in_force
          WHERE (in_force.entry_id = suspension.entry_id)))))));

CREATE VIEW reporting.directory_entry WITH (security_barrier='true') AS
 SELECT entry.code,
    version.number AS version,
    version.title,
    lower(validity.valid) AS in_force_since,
    NULLIF(upper(validity.valid), 'infinity'::timestamp with time zone) AS in_force_until,
    source.code AS catalogue_code,
    source.title AS catalogue_title,
    provider.code AS provider_code,
    provider.name AS provider_name,
    provider.province AS provider_province
   FROM (((((public.directory_entry_validity validity
     JOIN public.directory_entry entry ON ((entry.id = validity.entry_id)))
     JOIN public.directory_entry_version version ON (((version.entry_id = validity.entry_id) AND (version.number = validity.number))))
     JOIN public.directory_source source ON ((source.id = entry.source_id)))
     LEFT JOIN public.responsibility provided ON (((provided.entry_id = entry.id) AND (provided.role = 'provider'::text) AND (provided.valid @> lower(validity.valid)) AND upper_inf(provided.recorded))))
     LEFT JOIN public.party provider ON ((provider.id = provided.party_id)))
  WHERE upper_inf(validity.recorded);

COMMENT ON VIEW reporting.directory_entry IS 'Each version of each entry of the directory, when it was in force as is known now, and who provided it when it began';

CREATE VIEW reporting.figure WITH (security_barrier='true') AS
 SELECT snapshot.id AS snapshot_id,
    snapshot.made_at,
    stated.number AS table_number,
    (stated.document ->> 'metric'::text) AS metric,
    ((stated.document ->> 'version'::text))::integer AS version,
    (stated.document ->> 'definition'::text) AS definition_sha256,
    (parameters.stated ->> 'panel'::text) AS panel,
    COALESCE((parameters.stated ->> 'standing'::text), ((stated.document -> 'result'::text) ->> 'holds'::text)) AS holds,
    (parameters.stated ->> 'from'::text) AS from_time,
    (parameters.stated ->> 'to'::text) AS to_time,
    ((parameters.stated ->> 'as_of'::text))::timestamp with time zone AS as_of,
    ((parameters.stated ->> 'recorded_by'::text))::timestamp with time zone AS recorded_by,
        CASE
            WHEN (cell.class IS NOT NULL) THEN (parameters.stated ->> 'by'::text)
            ELSE NULL::text
        END AS by,
    cell.class,
    cell.name,
    cell.unit,
    cell.value,
    (cell.value IS NULL) AS is_suppressed
   FROM (((( SELECT adoption_snapshot.id,
            adoption_snapshot.made_at,
            (convert_from(adoption_snapshot.document, 'UTF8'::name))::jsonb AS document
           FROM public.adoption_snapshot) snapshot
     CROSS JOIN LATERAL jsonb_array_elements(COALESCE((snapshot.document -> 'tables'::text), jsonb_build_array(snapshot.document))) WITH ORDINALITY stated(document, number))
     CROSS JOIN LATERAL ( SELECT (COALESCE((snapshot.document -> 'parameters'::text), '{}'::jsonb) || COALESCE((stated.document -> 'parameters'::text), '{}'::jsonb)) AS stated) parameters)
     CROSS JOIN LATERAL ( SELECT part.class,
            (value.value ->> 'name'::text) AS name,
            (value.value ->> 'unit'::text) AS unit,
            ((value.value ->> 'value'::text))::numeric AS value
           FROM (( SELECT NULL::text AS class,
                    ((stated.document -> 'result'::text) -> 'whole'::text) AS "values"
                UNION ALL
                 SELECT (member.value ->> 'class'::text),
                    (member.value -> 'values'::text)
                   FROM jsonb_array_elements(((stated.document -> 'result'::text) -> 'breakdown'::text)) member(value)
                  WHERE (member.value ? 'values'::text)) part
             CROSS JOIN LATERAL jsonb_array_elements(part."values") value(value))
          WHERE (jsonb_typeof(part."values") = 'array'::text)
        UNION ALL
         SELECT part.class,
            named.name,
                CASE named.name
                    WHEN 'rate'::text THEN 'ratio'::text
                    ELSE 'count'::text
                END AS "case",
            ((part.document ->> named.name))::numeric AS "numeric"
           FROM (( SELECT NULL::text AS class,
                    (stated.document -> 'result'::text) AS document
                UNION ALL
                 SELECT COALESCE((member.value ->> 'class'::text), ''::text) AS "coalesce",
                    member.value AS member
                   FROM jsonb_array_elements(((stated.document -> 'result'::text) -> 'breakdown'::text)) member(value)) part
             CROSS JOIN ( VALUES ('numerator'::text), ('denominator'::text), ('rate'::text)) named(name))
          WHERE (part.document ? 'denominator'::text)) cell);

COMMENT ON VIEW reporting.figure IS 'The values of figures that were kept, a row for each; class is null in the whole, value where it would tell of an enterprise';

CREATE VIEW reporting.offer WITH (security_barrier='true') AS
 SELECT offer.code,
    product.code AS product_code,
    offer.title_zh,
    offer.title_en,
    offer.kind,
    offer.use_class,
    offer.price_minor,
    offer.currency,
    offer.billing_period,
    offer.term_days,
    offer.trial_days,
    offer.vat_rate,
    offer.offered_at,
    offer.offered_until,
    offer.withdrawn_at
   FROM (public.offer
     JOIN public.product ON (((product.id = offer.product_id) AND (product.listed_at IS NOT NULL))))
  WHERE (offer.reserved_for IS NULL);

COMMENT ON VIEW reporting.offer IS 'What everybody may buy, and what could be bought; prices in minor units, net of tax';

CREATE VIEW reporting.price_ceiling WITH (security_barrier='true') AS
 SELECT product.code AS product_code,
    ceiling.unit,
    ceiling.ceiling_minor,
    ceiling.currency,
    ceiling.is_trial,
    ceiling.approval,
    authority.code AS authority_code,
    authority.name AS authority_name,
    lower(ceiling.valid) AS valid_from,
    upper(ceiling.valid) AS valid_until
   FROM ((public.price_ceiling ceiling
     JOIN public.product ON (((product.id = ceiling.product_id) AND (product.listed_at IS NOT NULL))))
     JOIN public.party authority ON ((authority.id = ceiling.authority_id)));

COMMENT ON VIEW reporting.price_ceiling IS 'What may be asked for at most, by whose approval; the day valid_until is not in it';

CREATE VIEW reporting.product WITH (security_barrier='true') AS
 SELECT product.code,
    product.title_zh,
    product.title_en,
    product.kind,
    product.use_class,
    product.listed_at,
    product.delisted_at,
    operator.code AS operator_code,
    operator.name AS operator_name,
    operator.province AS operator_province,
    revision.number AS revision,
    revision.published_at AS revised_at,
    revision.rows
   FROM (((public.product
     LEFT JOIN public.responsibility operated ON (((operated.product_id = product.id) AND (operated.role = 'operator'::text) AND upper_inf(operated.valid) AND upper_inf(operated.recorded))))
     LEFT JOIN public.party operator ON ((operator.id = operated.party_id)))
     LEFT JOIN LATERAL ( SELECT made.number,
            made.published_at,
            made.rows
           FROM public.product_revision made
          WHERE (made.product_id = product.id)
          ORDER BY made.number DESC
         LIMIT 1) revision ON (true))
  WHERE (product.listed_at IS NOT NULL);

COMMENT ON VIEW reporting.product IS 'Each product that is or was listed, with its operator and its newest revision';

CREATE VIEW reporting.product_source WITH (security_barrier='true') AS
 SELECT product.code AS product_code,
    used.number AS revision,
    entry.code AS entry_code,
    used.entry_version,
    used.basis
   FROM ((public.product_revision_source used
     JOIN public.product ON (((product.id = used.product_id) AND (product.listed_at IS NOT NULL))))
     JOIN public.directory_entry entry ON ((entry.id = used.entry_id)));

COMMENT ON VIEW reporting.product_source IS 'The versions of directory entries that each revision of a product was made of';

CREATE VIEW reporting.responsibility WITH (security_barrier='true') AS
 SELECT COALESCE(entry.code, product.code) AS subject_code,
        CASE
            WHEN (entry.id IS NULL) THEN 'product'::text
            ELSE 'directory_entry'::text
        END AS subject_kind,
    held.role,
    party.code AS party_code,
    party.name AS party_name,
    lower(held.valid) AS valid_from,
    upper(held.valid) AS valid_until,
    lower(held.recorded) AS recorded_from,
    upper(held.recorded) AS recorded_until,
    held.basis
   FROM (((public.responsibility held
     JOIN public.party ON ((party.id = held.party_id)))
     LEFT JOIN public.directory_entry entry ON ((entry.id = held.entry_id)))
     LEFT JOIN public.product ON ((product.id = held.product_id)))
  WHERE ((entry.id IS NOT NULL) OR (product.listed_at IS NOT NULL));

COMMENT ON VIEW reporting.responsibility IS 'Who answers for what, when it held (valid) and when that was believed (recorded); no end where it goes on';

CREATE VIEW reporting.scenario WITH (security_barrier='true') AS
 SELECT scenario.code,
    scenario.batch,
    scenario.title_zh,
    scenario.title_en,
    scenario.domain,
    scenario.published_on
   FROM public.scenario;

COMMENT ON VIEW reporting.scenario IS 'Demonstration scenarios';

CREATE VIEW reporting.scenario_product WITH (security_barrier='true') AS
 SELECT link.code AS scenario_code,
    product.code AS product_code,
    NULLIF(link.since, '-infinity'::timestamp with time zone) AS named_since,
    link.until AS named_until
   FROM (public.scenario_link link
     JOIN public.product ON (((product.id = link.product_id) AND (product.listed_at IS NOT NULL))));

COMMENT ON VIEW reporting.scenario_product IS 'The products that each scenario names, and named';

CREATE VIEW reporting.snapshot WITH (security_barrier='true') AS
 SELECT snapshot.id,
    snapshot.made_at,
    maker.code AS made_by,
    encode(snapshot.sha256, 'hex'::text) AS sha256
   FROM (public.adoption_snapshot snapshot
     JOIN public.party maker ON ((maker.id = snapshot.made_by)));

COMMENT ON VIEW reporting.snapshot IS 'Figures that were kept, with the SHA-256 of the document that was signed';

ALTER TABLE ONLY public.usage_event ATTACH PARTITION public.usage_event_default DEFAULT;

ALTER TABLE ONLY public.access_token
    ADD CONSTRAINT access_token_id_unique UNIQUE (id);

ALTER TABLE ONLY public.access_token
    ADD CONSTRAINT access_token_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.adoption_feed
    ADD CONSTRAINT adoption_feed_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.adoption_progress
    ADD CONSTRAINT adoption_progress_pkey PRIMARY KEY (only_one);

ALTER TABLE ONLY public.adoption_snapshot
    ADD CONSTRAINT adoption_snapshot_one_per_command UNIQUE (made_by, key);

ALTER TABLE ONLY public.adoption_snapshot
    ADD CONSTRAINT adoption_snapshot_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.adoption_total
    ADD CONSTRAINT adoption_total_pkey PRIMARY KEY (measure, dimension, standing, grain, happened_on, class, unit, recorded_on);

ALTER TABLE ONLY public.agreement
    ADD CONSTRAINT agreement_pkey PRIMARY KEY (enterprise_id, purchase_id);

ALTER TABLE ONLY public.billing_period
    ADD CONSTRAINT billing_period_pkey PRIMARY KEY (enterprise_id, purchase_id, number);

ALTER TABLE ONLY public.calendar_day
    ADD CONSTRAINT calendar_day_pkey PRIMARY KEY (day);

ALTER TABLE ONLY public.chain_link
    ADD CONSTRAINT chain_link_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.chain_link
    ADD CONSTRAINT chain_link_position_unique UNIQUE ("position");

ALTER TABLE ONLY public.command_key
    ADD CONSTRAINT command_key_pkey PRIMARY KEY (enterprise_id, key);

ALTER TABLE ONLY public.competent_body
    ADD CONSTRAINT competent_body_one_at_a_time EXCLUDE USING gist (source_id WITH =, valid WITH &&);

ALTER TABLE ONLY public.competent_body
    ADD CONSTRAINT competent_body_pkey PRIMARY KEY (source_id, valid);

ALTER TABLE ONLY public.condition_flag
    ADD CONSTRAINT condition_flag_once UNIQUE (offer_id, kind, directory_value);

ALTER TABLE ONLY public.condition_flag
    ADD CONSTRAINT condition_flag_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.content_chunk
    ADD CONSTRAINT content_chunk_pkey PRIMARY KEY (sha256, number);

ALTER TABLE ONLY public.content
    ADD CONSTRAINT content_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY public.correction
    ADD CONSTRAINT correction_pkey PRIMARY KEY (enterprise_id, id);

ALTER TABLE ONLY public.correction_step
    ADD CONSTRAINT correction_step_pkey PRIMARY KEY (enterprise_id, correction_id, number);

ALTER TABLE ONLY public.credential_kind
    ADD CONSTRAINT credential_kind_pkey PRIMARY KEY (kind);

ALTER TABLE ONLY public.credential_kind
    ADD CONSTRAINT credential_kind_target UNIQUE (kind, procedure, max_years);

ALTER TABLE ONLY public.credential
    ADD CONSTRAINT credential_one_in_force EXCLUDE USING gist (product_id WITH =, kind WITH =, valid WITH &&) WHERE ((state = 'in_force'::text));

ALTER TABLE ONLY public.credential
    ADD CONSTRAINT credential_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.credential_step
    ADD CONSTRAINT credential_step_pkey PRIMARY KEY (credential_id, number);

ALTER TABLE ONLY public.credential_transition
    ADD CONSTRAINT credential_transition_pkey PRIMARY KEY (procedure, from_state, to_state);

ALTER TABLE ONLY public.credit_note
    ADD CONSTRAINT credit_note_one_per_command UNIQUE (enterprise_id, invoice_id, key);

ALTER TABLE ONLY public.credit_note
    ADD CONSTRAINT credit_note_pkey PRIMARY KEY (enterprise_id, id);

ALTER TABLE ONLY public.deadline_pause
    ADD CONSTRAINT deadline_pause_pkey PRIMARY KEY (deadline_id, number);

ALTER TABLE ONLY public.deadline
    ADD CONSTRAINT deadline_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.declared_purchase
    ADD CONSTRAINT declared_purchase_pkey PRIMARY KEY (declared_by, reference, number);

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (enterprise_id, id);

ALTER TABLE ONLY public.directory_change
    ADD CONSTRAINT directory_change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_change
    ADD CONSTRAINT directory_change_reported_once UNIQUE (entry_id, happened_on, reason);

ALTER TABLE ONLY public.directory_count
    ADD CONSTRAINT directory_count_pkey PRIMARY KEY (source_id);

ALTER TABLE ONLY public.directory_draft
    ADD CONSTRAINT directory_draft_compiled_once UNIQUE (compiled_by, key);

ALTER TABLE ONLY public.directory_draft
    ADD CONSTRAINT directory_draft_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_draft_step
    ADD CONSTRAINT directory_draft_step_pkey PRIMARY KEY (draft_id, number);

ALTER TABLE ONLY public.directory_entry
    ADD CONSTRAINT directory_entry_code_unique UNIQUE (code);

ALTER TABLE ONLY public.directory_entry
    ADD CONSTRAINT directory_entry_identifier_unique UNIQUE (source_id, identifier);

ALTER TABLE ONLY public.directory_entry_validity
    ADD CONSTRAINT directory_entry_one_version_in_force EXCLUDE USING gist (uuid_hash_extended(entry_id, (0)::bigint) WITH =, uuid_hash_extended(entry_id, (1)::bigint) WITH =, ((valid * '(,)'::tstzrange)) WITH &&, ((recorded * '(,)'::tstzrange)) WITH &&);

ALTER TABLE ONLY public.directory_entry
    ADD CONSTRAINT directory_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_entry_validity
    ADD CONSTRAINT directory_entry_validity_pkey PRIMARY KEY (entry_id, number, valid, recorded);

ALTER TABLE ONLY public.directory_entry_version
    ADD CONSTRAINT directory_entry_version_pkey PRIMARY KEY (entry_id, number);

ALTER TABLE ONLY public.directory_import_node
    ADD CONSTRAINT directory_import_node_pkey PRIMARY KEY (import_id, number);

ALTER TABLE ONLY public.directory_import
    ADD CONSTRAINT directory_import_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_import_problem
    ADD CONSTRAINT directory_import_problem_pkey PRIMARY KEY (import_id, number);

ALTER TABLE ONLY public.directory_import_row
    ADD CONSTRAINT directory_import_row_pkey PRIMARY KEY (import_id, "position");

ALTER TABLE ONLY public.directory_recount
    ADD CONSTRAINT directory_recount_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_source_address
    ADD CONSTRAINT directory_source_address_pkey PRIMARY KEY (source_id, url);

ALTER TABLE ONLY public.directory_source
    ADD CONSTRAINT directory_source_code_unique UNIQUE (code);

ALTER TABLE ONLY public.directory_source
    ADD CONSTRAINT directory_source_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dry_run
    ADD CONSTRAINT dry_run_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ended_session
    ADD CONSTRAINT ended_session_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprise_step
    ADD CONSTRAINT enterprise_step_pkey PRIMARY KEY (enterprise_id, measure, standing, happened_at, recorded_at, cohort);

ALTER TABLE ONLY public.entitlement_grant
    ADD CONSTRAINT entitlement_grant_pkey PRIMARY KEY (enterprise_id, entitlement_id, meter, id);

ALTER TABLE ONLY public.entitlement_mark
    ADD CONSTRAINT entitlement_mark_pkey PRIMARY KEY (enterprise_id, entitlement_id);

ALTER TABLE ONLY public.entitlement
    ADD CONSTRAINT entitlement_one_per_purchase UNIQUE (enterprise_id, purchase_id);

ALTER TABLE ONLY public.entitlement
    ADD CONSTRAINT entitlement_pkey PRIMARY KEY (enterprise_id, id);

ALTER TABLE ONLY public.entitlement_rendition
    ADD CONSTRAINT entitlement_rendition_pkey PRIMARY KEY (enterprise_id, entitlement_id, number, format);

ALTER TABLE ONLY public.exact_reading
    ADD CONSTRAINT exact_reading_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.first_purchase
    ADD CONSTRAINT first_purchase_pkey PRIMARY KEY (enterprise_id);

ALTER TABLE ONLY public.funnel_step
    ADD CONSTRAINT funnel_step_pkey PRIMARY KEY (enterprise_id, product_id, step);

ALTER TABLE ONLY public.grant_use
    ADD CONSTRAINT grant_use_pkey PRIMARY KEY (enterprise_id, entitlement_id, meter, grant_id, usage_event_id);

ALTER TABLE ONLY public.handed_duty
    ADD CONSTRAINT handed_duty_pkey PRIMARY KEY (succession_id, kind, subject_id);

ALTER TABLE ONLY public.invoice_line
    ADD CONSTRAINT invoice_line_pkey PRIMARY KEY (enterprise_id, invoice_id, number);

ALTER TABLE ONLY public.invoice
    ADD CONSTRAINT invoice_one_per_period UNIQUE (enterprise_id, purchase_id, period);

ALTER TABLE ONLY public.invoice
    ADD CONSTRAINT invoice_pkey PRIMARY KEY (enterprise_id, id);

ALTER TABLE ONLY public.invoice_usage
    ADD CONSTRAINT invoice_usage_pkey PRIMARY KEY (enterprise_id, invoice_id, period, meter);

ALTER TABLE ONLY public.issuer_number
    ADD CONSTRAINT issuer_number_pkey PRIMARY KEY (issuer_id, series);

ALTER TABLE ONLY public.ledger_account
    ADD CONSTRAINT ledger_account_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.ledger_posting
    ADD CONSTRAINT ledger_posting_pkey PRIMARY KEY (enterprise_id, number);

ALTER TABLE ONLY public.ledger_posting
    ADD CONSTRAINT ledger_posting_target UNIQUE (enterprise_id, number, digest);

ALTER TABLE ONLY public.log_head
    ADD CONSTRAINT log_head_follows_once UNIQUE (previous_size);

ALTER TABLE ONLY public.log_head
    ADD CONSTRAINT log_head_pkey PRIMARY KEY (size);

ALTER TABLE ONLY public.log_head
    ADD CONSTRAINT log_head_target UNIQUE (size, sha256);

ALTER TABLE ONLY public.log_leaf
    ADD CONSTRAINT log_leaf_pkey PRIMARY KEY (enterprise_id, event_id);

ALTER TABLE ONLY public.log_leaf
    ADD CONSTRAINT log_leaf_target UNIQUE (enterprise_id, event_id, "position");

ALTER TABLE ONLY public.log_node
    ADD CONSTRAINT log_node_pkey PRIMARY KEY (level, "position");

ALTER TABLE ONLY public.log_node
    ADD CONSTRAINT log_node_target UNIQUE (level, "position", hash);

ALTER TABLE ONLY public.market_event
    ADD CONSTRAINT market_event_pkey PRIMARY KEY (enterprise_id, id);

ALTER TABLE ONLY public.meter
    ADD CONSTRAINT meter_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.new_company
    ADD CONSTRAINT new_company_pkey PRIMARY KEY (company_code, number);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.offer
    ADD CONSTRAINT offer_code_unique UNIQUE (code);

ALTER TABLE ONLY public.offer_condition
    ADD CONSTRAINT offer_condition_pkey PRIMARY KEY (offer_id, kind);

ALTER TABLE ONLY public.offer
    ADD CONSTRAINT offer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.offer_place
    ADD CONSTRAINT offer_place_pkey PRIMARY KEY (offer_id);

ALTER TABLE ONLY public.offer_quota
    ADD CONSTRAINT offer_quota_pkey PRIMARY KEY (offer_id, meter, trial);

ALTER TABLE ONLY public.offer
    ADD CONSTRAINT offer_replaced_once UNIQUE (replaces);

ALTER TABLE ONLY public.offer_usage_price
    ADD CONSTRAINT offer_usage_price_pkey PRIMARY KEY (offer_id, meter);

ALTER TABLE ONLY public.offer_usage_tier
    ADD CONSTRAINT offer_usage_tier_pkey PRIMARY KEY (offer_id, meter, above);

ALTER TABLE ONLY public.panel
    ADD CONSTRAINT panel_code_unique UNIQUE (code);

ALTER TABLE ONLY public.panel_import
    ADD CONSTRAINT panel_import_pkey PRIMARY KEY (party_id, key);

ALTER TABLE ONLY public.panel_member
    ADD CONSTRAINT panel_member_pkey PRIMARY KEY (panel_id, version, enterprise_code);

ALTER TABLE ONLY public.panel
    ADD CONSTRAINT panel_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.panel_version
    ADD CONSTRAINT panel_version_pkey PRIMARY KEY (panel_id, number);

ALTER TABLE ONLY public.party
    ADD CONSTRAINT party_code_unique UNIQUE (code);

ALTER TABLE ONLY public.party
    ADD CONSTRAINT party_identifier_unique UNIQUE (scheme, identifier) INCLUDE (id, synthetic, recorded_at);

ALTER TABLE ONLY public.party_name
    ADD CONSTRAINT party_name_one_at_a_time EXCLUDE USING gist (party_id WITH =, valid WITH &&, recorded WITH &&);

ALTER TABLE ONLY public.party_name
    ADD CONSTRAINT party_name_pkey PRIMARY KEY (party_id, valid, recorded);

ALTER TABLE ONLY public.party
    ADD CONSTRAINT party_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.party_succession
    ADD CONSTRAINT party_succession_corrects_once UNIQUE (corrects_id);

ALTER TABLE ONLY public.party_succession
    ADD CONSTRAINT party_succession_one_at_a_time EXCLUDE USING gist (predecessor_id WITH =, recorded WITH &&);

ALTER TABLE ONLY public.party_succession
    ADD CONSTRAINT party_succession_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.party_successor
    ADD CONSTRAINT party_successor_pkey PRIMARY KEY (succession_id, "position");

ALTER TABLE ONLY public.party_successor_subject
    ADD CONSTRAINT party_successor_subject_pkey PRIMARY KEY (succession_id, "position", subject_id);

ALTER TABLE ONLY public.payment_match
    ADD CONSTRAINT payment_match_pkey PRIMARY KEY (enterprise_id, id);

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_pkey PRIMARY KEY (receiver_id, id);

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_recorded_once UNIQUE (receiver_id, digest);

ALTER TABLE ONLY public.policy
    ADD CONSTRAINT policy_one_at_a_time EXCLUDE USING gist (rule WITH =, effective WITH &&);

ALTER TABLE ONLY public.policy
    ADD CONSTRAINT policy_pkey PRIMARY KEY (rule, effective);

ALTER TABLE ONLY public.portal_password
    ADD CONSTRAINT portal_password_id_unique UNIQUE (id);

ALTER TABLE ONLY public.portal_password
    ADD CONSTRAINT portal_password_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.price_ceiling
    ADD CONSTRAINT price_ceiling_one_at_a_time EXCLUDE USING gist (product_id WITH =, unit WITH =, currency WITH =, valid WITH &&);

ALTER TABLE ONLY public.price_ceiling
    ADD CONSTRAINT price_ceiling_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.price_statement
    ADD CONSTRAINT price_statement_pkey PRIMARY KEY (operator_id, year);

ALTER TABLE ONLY public.price_statement_version
    ADD CONSTRAINT price_statement_version_pkey PRIMARY KEY (operator_id, year, recorded_at);

ALTER TABLE ONLY public.product
    ADD CONSTRAINT product_code_unique UNIQUE (code);

ALTER TABLE ONLY public.product
    ADD CONSTRAINT product_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.product_revision
    ADD CONSTRAINT product_revision_pkey PRIMARY KEY (product_id, number);

ALTER TABLE ONLY public.product_revision_profile
    ADD CONSTRAINT product_revision_profile_pkey PRIMARY KEY (product_id, number);

ALTER TABLE ONLY public.product_revision_source
    ADD CONSTRAINT product_revision_source_pkey PRIMARY KEY (product_id, number, entry_id);

ALTER TABLE ONLY public.product_step
    ADD CONSTRAINT product_step_pkey PRIMARY KEY (product_id, standing, happened_at, recorded_at);

ALTER TABLE ONLY public.product_suspension
    ADD CONSTRAINT product_suspension_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.product
    ADD CONSTRAINT product_use_class_target UNIQUE (id, use_class);

ALTER TABLE ONLY public.purchase_command
    ADD CONSTRAINT purchase_command_pkey PRIMARY KEY (enterprise_id, purchase_id, party_id, key);

ALTER TABLE ONLY public.purchase_decision
    ADD CONSTRAINT purchase_decision_pkey PRIMARY KEY (enterprise_id, purchase_id, round, party_id);

ALTER TABLE ONLY public.purchase
    ADD CONSTRAINT purchase_pkey PRIMARY KEY (enterprise_id, id);

ALTER TABLE ONLY public.purchase_transition
    ADD CONSTRAINT purchase_transition_pkey PRIMARY KEY (enterprise_id, purchase_id, number);

ALTER TABLE ONLY public.purchase_transition
    ADD CONSTRAINT purchase_transition_target UNIQUE (enterprise_id, purchase_id, number, to_state);

ALTER TABLE ONLY public.recalled_usage
    ADD CONSTRAINT recalled_usage_pkey PRIMARY KEY (enterprise_id, entitlement_id, occurred_at, id, meter);

ALTER TABLE ONLY public.responsibility
    ADD CONSTRAINT responsibility_one_party_at_a_time EXCLUDE USING gist (uuid_hash_extended(subject_id, (0)::bigint) WITH =, uuid_hash_extended(subject_id, (1)::bigint) WITH =, role WITH =, ((valid * '(,)'::tstzrange)) WITH &&, ((recorded * '(,)'::tstzrange)) WITH &&);

ALTER TABLE ONLY public.responsibility
    ADD CONSTRAINT responsibility_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.revenue_share
    ADD CONSTRAINT revenue_share_one_at_a_time EXCLUDE USING gist (product_id WITH =, party_id WITH =, valid WITH &&);

ALTER TABLE ONLY public.revenue_share
    ADD CONSTRAINT revenue_share_pkey PRIMARY KEY (product_id, valid, party_id);

ALTER TABLE ONLY public.revision_file
    ADD CONSTRAINT revision_file_pkey PRIMARY KEY (product_id, number, name);

ALTER TABLE ONLY public.revision_part
    ADD CONSTRAINT revision_part_pkey PRIMARY KEY (product_id, number, kind, place);

ALTER TABLE ONLY public.revision_rendition
    ADD CONSTRAINT revision_rendition_pkey PRIMARY KEY (product_id, number, format);

ALTER TABLE ONLY public.revision_table
    ADD CONSTRAINT revision_table_pkey PRIMARY KEY (product_id, number);

ALTER TABLE ONLY public.revision_upload
    ADD CONSTRAINT revision_upload_pkey PRIMARY KEY (product_id, number);

ALTER TABLE ONLY public.revision_without_table
    ADD CONSTRAINT revision_without_table_pkey PRIMARY KEY (product_id, number);

ALTER TABLE ONLY public.scenario
    ADD CONSTRAINT scenario_code_unique UNIQUE (code);

ALTER TABLE ONLY public.scenario_entry
    ADD CONSTRAINT scenario_entry_pkey PRIMARY KEY (scenario_id, entry_id);

ALTER TABLE ONLY public.scenario_link
    ADD CONSTRAINT scenario_link_pkey PRIMARY KEY (product_id, scenario_id, since);

ALTER TABLE ONLY public.scenario
    ADD CONSTRAINT scenario_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.scenario_product
    ADD CONSTRAINT scenario_product_pkey PRIMARY KEY (scenario_id, product_id);

ALTER TABLE ONLY public.scenario_revision
    ADD CONSTRAINT scenario_revision_pkey PRIMARY KEY (scenario_id, revision);

ALTER TABLE ONLY public.scenario_step
    ADD CONSTRAINT scenario_step_pkey PRIMARY KEY (enterprise_id, step, dimension, class);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.schema_view
    ADD CONSTRAINT schema_view_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.search_document
    ADD CONSTRAINT search_document_pkey PRIMARY KEY (subject_id);

ALTER TABLE ONLY public.search_facet
    ADD CONSTRAINT search_facet_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.search_facet_set
    ADD CONSTRAINT search_facet_set_facets_unique UNIQUE (facets);

ALTER TABLE ONLY public.search_facet_set
    ADD CONSTRAINT search_facet_set_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.search_facet
    ADD CONSTRAINT search_facet_value_unique UNIQUE (facet, value);

ALTER TABLE ONLY public.search_pending
    ADD CONSTRAINT search_pending_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.search_phrase
    ADD CONSTRAINT search_phrase_folded_unique UNIQUE (folded);

ALTER TABLE ONLY public.search_phrase
    ADD CONSTRAINT search_phrase_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.search_synonym
    ADD CONSTRAINT search_synonym_pkey PRIMARY KEY (word);

ALTER TABLE ONLY public.session_key
    ADD CONSTRAINT session_key_pkey PRIMARY KEY (is_only);

ALTER TABLE ONLY public.sharing_credential
    ADD CONSTRAINT sharing_credential_pkey PRIMARY KEY (enterprise_id, id);

ALTER TABLE ONLY public.signing_key
    ADD CONSTRAINT signing_key_one_at_a_time EXCLUDE USING gist (algorithm WITH =, valid WITH &&);

ALTER TABLE ONLY public.signing_key
    ADD CONSTRAINT signing_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.signing_key
    ADD CONSTRAINT signing_key_version_unique UNIQUE (algorithm, version);

ALTER TABLE ONLY public.usage_archive
    ADD CONSTRAINT usage_archive_pkey PRIMARY KEY (month);

ALTER TABLE ONLY public.usage_event
    ADD CONSTRAINT usage_event_pkey PRIMARY KEY (enterprise_id, entitlement_id, occurred_at, id, meter);

ALTER TABLE ONLY public.usage_event_default
    ADD CONSTRAINT usage_event_default_pkey PRIMARY KEY (enterprise_id, entitlement_id, occurred_at, id, meter);

ALTER TABLE ONLY public.usage_event_key
    ADD CONSTRAINT usage_event_key_pkey PRIMARY KEY (enterprise_id, name);

ALTER TABLE ONLY public.usage_recall
    ADD CONSTRAINT usage_recall_pkey PRIMARY KEY (enterprise_id, month);

ALTER TABLE ONLY public.usage_total
    ADD CONSTRAINT usage_total_pkey PRIMARY KEY (enterprise_id, entitlement_id, meter, day);

ALTER TABLE ONLY public.usage_window
    ADD CONSTRAINT usage_window_pkey PRIMARY KEY (enterprise_id, entitlement_id, meter, since, dimensions, value);

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_pkey PRIMARY KEY (enterprise_id, webhook_id, event_id);

ALTER TABLE ONLY public.webhook
    ADD CONSTRAINT webhook_number_unique UNIQUE (party_id, number);

ALTER TABLE ONLY public.webhook
    ADD CONSTRAINT webhook_pkey PRIMARY KEY (id);

CREATE INDEX adoption_total_recorded ON public.adoption_total USING btree (measure, dimension, standing, recorded_on) WHERE (grain = 'day'::text);

CREATE INDEX command_key_by_purchase ON public.command_key USING btree (enterprise_id, purchase_id);

CREATE INDEX condition_flag_open ON public.condition_flag USING btree (id) WHERE (decision IS NULL);

CREATE UNIQUE INDEX consent_asked_once ON public.consent USING btree (entry_id, party_id, operator_id, COALESCE(product_id, operator_id)) WHERE (state = 'asked'::text);

CREATE INDEX consent_by_operator ON public.consent USING btree (operator_id);

CREATE INDEX consent_by_party ON public.consent USING btree (party_id);

CREATE INDEX consent_given ON public.consent USING btree (entry_id, party_id) WHERE (state = ANY (ARRAY['given'::text, 'withdrawn'::text]));

CREATE INDEX correction_by_party ON public.correction USING btree (party_id, id);

CREATE INDEX correction_by_product ON public.correction USING btree (product_id, id);

CREATE INDEX credential_by_holder ON public.credential USING btree (holder_id);

CREATE INDEX credential_by_issuer ON public.credential USING btree (issuer_id);

CREATE INDEX credential_by_product ON public.credential USING btree (product_id, kind);

CREATE INDEX credential_in_force_by_end ON public.credential USING btree (upper(valid)) WHERE (state = 'in_force'::text);

CREATE UNIQUE INDEX credential_one_application ON public.credential USING btree (product_id, kind) WHERE (state = ANY (ARRAY['draft'::text, 'submitted'::text, 'accepted'::text, 'returned'::text, 'in_review'::text, 'in_publicity'::text, 'objected'::text, 'signed'::text, 'filed'::text]));

CREATE INDEX credit_note_by_invoice ON public.credit_note USING btree (enterprise_id, invoice_id);

CREATE INDEX credit_note_by_number ON public.credit_note USING btree (issuer_id, number);

CREATE UNIQUE INDEX credit_note_number_once ON public.credit_note USING btree (enterprise_id, issuer_id, number);

CREATE INDEX deadline_by_due_date ON public.deadline USING btree (due_on, id);

CREATE INDEX deadline_by_subject ON public.deadline USING btree (subject_kind, subject_id);

CREATE UNIQUE INDEX deadline_one_open_per_duty ON public.deadline USING btree (subject_kind, subject_id, rule) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text]));

CREATE INDEX deadline_open ON public.deadline USING btree (due_on, id) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text]));

CREATE INDEX deadline_open_by_party ON public.deadline USING btree (party_id, due_on, id) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text]));

CREATE UNIQUE INDEX deadline_pause_one_open ON public.deadline_pause USING btree (deadline_id) WHERE (resumed_at IS NULL);

CREATE UNIQUE INDEX declared_purchase_stands ON public.declared_purchase USING btree (declared_by, reference) WHERE upper_inf(recorded);

CREATE INDEX delivery_by_entitlement ON public.delivery USING btree (enterprise_id, entitlement_id, occurred_at, id);

CREATE INDEX directory_draft_by_compiler ON public.directory_draft USING btree (compiled_by, id);

CREATE INDEX directory_draft_by_release ON public.directory_draft USING btree (release_id) WHERE (release_id IS NOT NULL);

CREATE INDEX directory_draft_by_source ON public.directory_draft USING btree (source_id, id);

CREATE UNIQUE INDEX directory_draft_one_open_per_entry ON public.directory_draft USING btree (entry_id) WHERE (state <> ALL (ARRAY['barred'::text, 'refused'::text, 'released'::text, 'withdrawn'::text]));

CREATE INDEX directory_draft_released_of_entry ON public.directory_draft USING btree (entry_id) WHERE (state = 'released'::text);

CREATE INDEX directory_entry_by_identifier ON public.directory_entry USING btree (identifier);

CREATE INDEX directory_entry_validity_current ON public.directory_entry_validity USING btree (entry_id) WHERE (upper_inf(valid) AND upper_inf(recorded));

CREATE INDEX directory_entry_version_by_digest ON public.directory_entry_version USING btree (digest);

CREATE INDEX directory_entry_version_title_trigrams ON public.directory_entry_version USING gin (title public.gin_trgm_ops);

CREATE INDEX directory_import_by_source ON public.directory_import USING btree (source_id, finished_at);

CREATE INDEX directory_import_node_by_key ON public.directory_import_node USING btree (import_id, key);

CREATE INDEX directory_import_node_datasets ON public.directory_import_node USING btree (import_id, number) WHERE is_dataset;

CREATE UNIQUE INDEX directory_import_one_reading_per_source ON public.directory_import USING btree (source_id) WHERE (state = 'reading'::text);

CREATE INDEX directory_import_problem_by_position ON public.directory_import_problem USING btree (import_id, "position");

CREATE INDEX directory_import_row_by_identifier ON public.directory_import_row USING btree (import_id, identifier);

CREATE INDEX directory_source_address_import ON public.directory_source_address USING btree (import_id);

CREATE INDEX directory_total_by_dimension ON public.directory_total USING btree (dimension);

CREATE INDEX directory_total_by_source ON public.directory_total USING btree (source_id);

CREATE INDEX dry_run_finished_at ON public.dry_run USING btree (finished_at);

CREATE INDEX dry_run_party_id ON public.dry_run USING btree (party_id);

CREATE INDEX ended_session_ends_at ON public.ended_session USING btree (ends_at);

CREATE INDEX enterprise_step_bought ON public.enterprise_step USING btree (enterprise_id) INCLUDE (happened_at, recorded_at) WHERE ((measure = 'bought'::text) AND (change > 0));

CREATE INDEX entitlement_by_end ON public.entitlement USING btree (upper(valid)) WHERE (ended_at IS NULL);

CREATE INDEX entitlement_by_id ON public.entitlement USING btree (id);

CREATE INDEX entitlement_rendition_by_content ON public.entitlement_rendition USING btree (sha256);

CREATE INDEX handed_duty_from ON public.handed_duty USING btree (from_id);

CREATE INDEX handed_duty_to ON public.handed_duty USING btree (to_id);

CREATE INDEX invoice_by_id ON public.invoice USING btree (id);

CREATE INDEX invoice_by_issuer ON public.invoice USING btree (issuer_id, id);

CREATE INDEX invoice_by_number ON public.invoice USING btree (issuer_id, number);

CREATE INDEX invoice_drafts ON public.invoice USING btree (enterprise_id, id) WHERE (state = 'draft'::text);

CREATE UNIQUE INDEX invoice_number_once ON public.invoice USING btree (enterprise_id, issuer_id, number);

CREATE INDEX invoice_usage_by_entitlement ON public.invoice_usage USING btree (enterprise_id, entitlement_id, period);

CREATE INDEX ledger_posting_by_cause ON public.ledger_posting USING btree (enterprise_id, cause_id);

CREATE UNIQUE INDEX log_head_one_first ON public.log_head USING btree ((true)) WHERE (previous_size IS NULL);

CREATE INDEX log_leaf_by_event ON public.log_leaf USING btree (event_id);

CREATE INDEX log_leaf_by_position ON public.log_leaf USING btree ("position");

CREATE INDEX market_event_of_purchase ON public.market_event USING btree (enterprise_id, purchase_id, id);

CREATE INDEX market_event_unrecorded ON public.market_event USING btree (id) WHERE ("position" IS NULL);

CREATE INDEX market_event_untold ON public.market_event USING btree (id) WHERE (told_at IS NULL);

CREATE INDEX meter_by_event_type ON public.meter USING btree (event_type);

CREATE UNIQUE INDEX new_company_stands ON public.new_company USING btree (company_code) WHERE upper_inf(recorded);

CREATE INDEX notice_by_party ON public.notice USING btree (party_id, id);

CREATE INDEX notice_unacknowledged ON public.notice USING btree (party_id) WHERE (acknowledged_at IS NULL);

CREATE INDEX offer_by_product ON public.offer USING btree (product_id);

CREATE INDEX party_successor_by_party ON public.party_successor USING btree (party_id);

CREATE INDEX payment_match_by_invoice ON public.payment_match USING btree (enterprise_id, invoice_id);

CREATE INDEX payment_match_by_payment ON public.payment_match USING btree (receiver_id, payment_id);

CREATE INDEX payment_unmatched ON public.payment USING btree (receiver_id, id) WHERE (matched_minor <> amount_minor);

CREATE INDEX portal_password_party_id ON public.portal_password USING btree (party_id);

CREATE INDEX price_ceiling_by_product ON public.price_ceiling USING btree (product_id, id);

CREATE INDEX product_revision_by_content ON public.product_revision USING btree (sha256);

CREATE INDEX product_revision_newest ON public.product_revision USING btree (published_at DESC, product_id);

CREATE INDEX product_revision_source_by_entry ON public.product_revision_source USING btree (entry_id, entry_version);

CREATE INDEX product_suspension_by_product ON public.product_suspension USING btree (product_id, id);

CREATE UNIQUE INDEX product_suspension_one_open_per_cause ON public.product_suspension USING btree (product_id, cause, COALESCE(entry_id, product_id)) WHERE (lifted_at IS NULL);

CREATE INDEX product_title_trigrams ON public.product USING gin ((((title_zh || ' '::text) || title_en)) public.gin_trgm_ops);

CREATE INDEX purchase_by_acceptance ON public.purchase USING btree (enterprise_id, accepted_at) INCLUDE (recorded_at) WHERE (accepted_at IS NOT NULL);

CREATE INDEX purchase_by_product ON public.purchase USING btree (product_id, id);

CREATE INDEX purchase_by_revision ON public.purchase USING btree (product_id, revision, id);

CREATE INDEX purchase_cancelled ON public.purchase USING btree (enterprise_id, id) WHERE ((state = 'active'::text) AND (cancelled_at IS NOT NULL));

CREATE INDEX purchase_decision_by_party ON public.purchase_decision USING btree (party_id, purchase_id);

CREATE INDEX purchase_decision_by_purchase ON public.purchase_decision USING btree (purchase_id);

CREATE INDEX purchase_decision_open ON public.purchase_decision USING btree (party_id, purchase_id) WHERE (decision IS NULL);

CREATE UNIQUE INDEX purchase_transition_returned_once ON public.purchase_transition USING btree (enterprise_id, purchase_id) WHERE (to_state = 'returned'::text);

CREATE INDEX purchase_waiting ON public.purchase USING btree (state, lower(wanted)) WHERE (state = ANY (ARRAY['requested'::text, 'returned'::text, 'approved'::text, 'agreed'::text]));

CREATE INDEX responsibility_by_party_and_id ON public.responsibility USING btree (party_id, id);

CREATE INDEX responsibility_by_subject ON public.responsibility USING btree (subject_id);

CREATE INDEX responsibility_by_succession ON public.responsibility USING gin (succession_ids) WHERE (succession_ids <> '{}'::uuid[]);

CREATE INDEX responsibility_of_operators ON public.responsibility USING btree (product_id) WHERE ((role = 'operator'::text) AND (product_id IS NOT NULL));

CREATE INDEX revision_file_by_content ON public.revision_file USING btree (sha256);

CREATE INDEX revision_part_by_content ON public.revision_part USING btree (sha256);

CREATE INDEX revision_rendition_by_content ON public.revision_rendition USING btree (sha256);

CREATE INDEX revision_upload_to_check ON public.revision_upload USING btree (submitted_at) WHERE (state = 'checking'::text);

CREATE INDEX scenario_link_stands ON public.scenario_link USING btree (scenario_id) WHERE (until IS NULL);

CREATE INDEX scenario_product_by_product ON public.scenario_product USING btree (product_id);

CREATE INDEX scenario_step_by_product ON public.scenario_step USING btree (enterprise_id, product_id, step);

CREATE INDEX search_document_best ON public.search_document USING btree (quality DESC, code);

CREATE INDEX search_document_by_code ON public.search_document USING btree (code);

CREATE INDEX search_document_stale ON public.search_document USING btree (stale_at) WHERE (stale_at IS NOT NULL);

CREATE INDEX search_document_terms ON public.search_document USING gin (terms);

CREATE INDEX search_phrase_beginnings ON public.search_phrase USING btree (folded text_pattern_ops, documents DESC);

CREATE INDEX search_phrase_trigrams ON public.search_phrase USING gin (folded public.gin_trgm_ops) WHERE is_word;

CREATE INDEX search_synonym_folded ON public.search_synonym USING gin (folded);

CREATE INDEX sharing_credential_by_entitlement ON public.sharing_credential USING btree (enterprise_id, entitlement_id);

CREATE INDEX sharing_credential_by_token ON public.sharing_credential USING btree (token_sha256);

CREATE INDEX usage_archive_by_content ON public.usage_archive USING btree (sha256);

CREATE INDEX usage_recall_by_use ON public.usage_recall USING btree (used_at);

CREATE INDEX webhook_delivery_due ON public.webhook_delivery USING btree (webhook_id, due_at) WHERE (state = 'pending'::text);

CREATE INDEX webhook_delivery_listed ON public.webhook_delivery USING btree (webhook_id, event_id);

CREATE INDEX webhook_delivery_order ON public.webhook_delivery USING btree (webhook_id, purchase_id, occurred_at, event_id) WHERE (state = 'pending'::text);

ALTER INDEX public.usage_event_pkey ATTACH PARTITION public.usage_event_default_pkey;

ALTER TABLE ONLY public.access_token
    ADD CONSTRAINT access_token_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.adoption_snapshot
    ADD CONSTRAINT adoption_snapshot_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.agreement
    ADD CONSTRAINT agreement_enterprise_id_purchase_id_fkey FOREIGN KEY (enterprise_id, purchase_id) REFERENCES public.purchase(enterprise_id, id);

ALTER TABLE ONLY public.billing_period
    ADD CONSTRAINT billing_period_purchase FOREIGN KEY (enterprise_id, purchase_id) REFERENCES public.purchase(enterprise_id, id);

ALTER TABLE ONLY public.command_key
    ADD CONSTRAINT command_key_correction FOREIGN KEY (enterprise_id, correction_id) REFERENCES public.correction(enterprise_id, id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.command_key
    ADD CONSTRAINT command_key_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.command_key
    ADD CONSTRAINT command_key_purchase FOREIGN KEY (enterprise_id, purchase_id) REFERENCES public.purchase(enterprise_id, id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.competent_body
    ADD CONSTRAINT competent_body_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.competent_body
    ADD CONSTRAINT competent_body_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.directory_source(id);

ALTER TABLE ONLY public.condition_flag
    ADD CONSTRAINT condition_flag_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.condition_flag
    ADD CONSTRAINT condition_flag_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES public.offer(id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_answered_by_fkey FOREIGN KEY (answered_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.directory_entry(id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_withdrawn_by_fkey FOREIGN KEY (withdrawn_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.content_chunk
    ADD CONSTRAINT content_chunk_sha256_fkey FOREIGN KEY (sha256) REFERENCES public.content(sha256);

ALTER TABLE ONLY public.correction
    ADD CONSTRAINT correction_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.correction
    ADD CONSTRAINT correction_entry_id_fixed_entry_version_fkey FOREIGN KEY (entry_id, fixed_entry_version) REFERENCES public.directory_entry_version(entry_id, number);

ALTER TABLE ONLY public.correction
    ADD CONSTRAINT correction_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.directory_entry(id);

ALTER TABLE ONLY public.correction
    ADD CONSTRAINT correction_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.correction
    ADD CONSTRAINT correction_product_id_fixed_revision_fkey FOREIGN KEY (product_id, fixed_revision) REFERENCES public.product_revision(product_id, number);

ALTER TABLE ONLY public.correction
    ADD CONSTRAINT correction_product_id_revision_fkey FOREIGN KEY (product_id, revision) REFERENCES public.product_revision(product_id, number);

ALTER TABLE ONLY public.correction
    ADD CONSTRAINT correction_purchase FOREIGN KEY (enterprise_id, purchase_id) REFERENCES public.purchase(enterprise_id, id);

ALTER TABLE ONLY public.correction_step
    ADD CONSTRAINT correction_step_correction FOREIGN KEY (enterprise_id, correction_id) REFERENCES public.correction(enterprise_id, id);

ALTER TABLE ONLY public.correction_step
    ADD CONSTRAINT correction_step_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.credential
    ADD CONSTRAINT credential_holder_id_fkey FOREIGN KEY (holder_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.credential
    ADD CONSTRAINT credential_is_of_a_kind FOREIGN KEY (kind, procedure, max_years) REFERENCES public.credential_kind(kind, procedure, max_years);

ALTER TABLE ONLY public.credential
    ADD CONSTRAINT credential_issuer_id_fkey FOREIGN KEY (issuer_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.credential
    ADD CONSTRAINT credential_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

ALTER TABLE ONLY public.credential_step
    ADD CONSTRAINT credential_step_credential_id_fkey FOREIGN KEY (credential_id) REFERENCES public.credential(id);

ALTER TABLE ONLY public.credential_step
    ADD CONSTRAINT credential_step_is_allowed FOREIGN KEY (procedure, from_state, to_state) REFERENCES public.credential_transition(procedure, from_state, to_state);

ALTER TABLE ONLY public.credential_step
    ADD CONSTRAINT credential_step_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.credit_note
    ADD CONSTRAINT credit_note_invoice FOREIGN KEY (enterprise_id, invoice_id) REFERENCES public.invoice(enterprise_id, id);

ALTER TABLE ONLY public.credit_note
    ADD CONSTRAINT credit_note_issuer_id_fkey FOREIGN KEY (issuer_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.credit_note
    ADD CONSTRAINT credit_note_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.deadline
    ADD CONSTRAINT deadline_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.deadline_pause
    ADD CONSTRAINT deadline_pause_awaited_id_fkey FOREIGN KEY (awaited_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.deadline_pause
    ADD CONSTRAINT deadline_pause_deadline_id_fkey FOREIGN KEY (deadline_id) REFERENCES public.deadline(id);

ALTER TABLE ONLY public.deadline_pause
    ADD CONSTRAINT deadline_pause_paused_by_fkey FOREIGN KEY (paused_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.deadline_pause
    ADD CONSTRAINT deadline_pause_resumed_by_fkey FOREIGN KEY (resumed_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.declared_purchase
    ADD CONSTRAINT declared_purchase_declared_by_fkey FOREIGN KEY (declared_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_entitlement FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES public.entitlement(enterprise_id, id);

ALTER TABLE ONLY public.directory_change
    ADD CONSTRAINT directory_change_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.directory_entry(id);

ALTER TABLE ONLY public.directory_change
    ADD CONSTRAINT directory_change_reported_by_fkey FOREIGN KEY (reported_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.directory_count
    ADD CONSTRAINT directory_count_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.directory_source(id);

ALTER TABLE ONLY public.directory_draft
    ADD CONSTRAINT directory_draft_compiled_by_fkey FOREIGN KEY (compiled_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.directory_draft
    ADD CONSTRAINT directory_draft_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.directory_draft
    ADD CONSTRAINT directory_draft_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.directory_draft
    ADD CONSTRAINT directory_draft_entry_id_base_version_fkey FOREIGN KEY (entry_id, base_version) REFERENCES public.directory_entry_version(entry_id, number);

ALTER TABLE ONLY public.directory_draft
    ADD CONSTRAINT directory_draft_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.directory_entry(id);

ALTER TABLE ONLY public.directory_draft
    ADD CONSTRAINT directory_draft_entry_id_restated_version_fkey FOREIGN KEY (entry_id, restated_version) REFERENCES public.directory_entry_version(entry_id, number);

ALTER TABLE ONLY public.directory_draft
    ADD CONSTRAINT directory_draft_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.directory_draft
    ADD CONSTRAINT directory_draft_security_id_fkey FOREIGN KEY (security_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.directory_draft
    ADD CONSTRAINT directory_draft_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.directory_source(id);

ALTER TABLE ONLY public.directory_draft_step
    ADD CONSTRAINT directory_draft_step_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES public.directory_draft(id);

ALTER TABLE ONLY public.directory_draft_step
    ADD CONSTRAINT directory_draft_step_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.directory_entry
    ADD CONSTRAINT directory_entry_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.directory_source(id);

ALTER TABLE ONLY public.directory_entry_validity
    ADD CONSTRAINT directory_entry_validity_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES public.directory_draft(id);

ALTER TABLE ONLY public.directory_entry_validity
    ADD CONSTRAINT directory_entry_validity_entry_id_number_fkey FOREIGN KEY (entry_id, number) REFERENCES public.directory_entry_version(entry_id, number);

ALTER TABLE ONLY public.directory_entry_version
    ADD CONSTRAINT directory_entry_version_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES public.directory_draft(id);

ALTER TABLE ONLY public.directory_entry_version
    ADD CONSTRAINT directory_entry_version_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.directory_entry(id);

ALTER TABLE ONLY public.directory_entry_version
    ADD CONSTRAINT directory_entry_version_import_id_fkey FOREIGN KEY (import_id) REFERENCES public.directory_import(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.directory_import
    ADD CONSTRAINT directory_import_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.directory_import_problem
    ADD CONSTRAINT directory_import_problem_import_id_fkey FOREIGN KEY (import_id) REFERENCES public.directory_import(id);

ALTER TABLE ONLY public.directory_import
    ADD CONSTRAINT directory_import_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.directory_source(id);

ALTER TABLE ONLY public.directory_recount
    ADD CONSTRAINT directory_recount_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.directory_source(id);

ALTER TABLE ONLY public.directory_source_address
    ADD CONSTRAINT directory_source_address_import_id_fkey FOREIGN KEY (import_id) REFERENCES public.directory_import(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.directory_source_address
    ADD CONSTRAINT directory_source_address_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.directory_source(id);

ALTER TABLE ONLY public.directory_total
    ADD CONSTRAINT directory_total_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.directory_source(id);

ALTER TABLE ONLY public.dry_run
    ADD CONSTRAINT dry_run_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.entitlement_grant
    ADD CONSTRAINT entitlement_grant_entitlement FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES public.entitlement(enterprise_id, id);

ALTER TABLE ONLY public.entitlement_grant
    ADD CONSTRAINT entitlement_grant_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.entitlement_grant
    ADD CONSTRAINT entitlement_grant_meter_fkey FOREIGN KEY (meter) REFERENCES public.meter(code);

ALTER TABLE ONLY public.entitlement_mark
    ADD CONSTRAINT entitlement_mark_entitlement FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES public.entitlement(enterprise_id, id);

ALTER TABLE ONLY public.entitlement
    ADD CONSTRAINT entitlement_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

ALTER TABLE ONLY public.entitlement
    ADD CONSTRAINT entitlement_purchase FOREIGN KEY (enterprise_id, purchase_id) REFERENCES public.purchase(enterprise_id, id);

ALTER TABLE ONLY public.entitlement_rendition
    ADD CONSTRAINT entitlement_rendition_entitlement FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES public.entitlement(enterprise_id, id);

ALTER TABLE ONLY public.entitlement_rendition
    ADD CONSTRAINT entitlement_rendition_sha256_fkey FOREIGN KEY (sha256) REFERENCES public.content(sha256);

ALTER TABLE ONLY public.entitlement
    ADD CONSTRAINT entitlement_suspended_by_fkey FOREIGN KEY (suspended_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.exact_reading
    ADD CONSTRAINT exact_reading_read_by_fkey FOREIGN KEY (read_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.first_purchase
    ADD CONSTRAINT first_purchase_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.grant_use
    ADD CONSTRAINT grant_use_grant FOREIGN KEY (enterprise_id, entitlement_id, meter, grant_id) REFERENCES public.entitlement_grant(enterprise_id, entitlement_id, meter, id);

ALTER TABLE ONLY public.handed_duty
    ADD CONSTRAINT handed_duty_from_id_fkey FOREIGN KEY (from_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.handed_duty
    ADD CONSTRAINT handed_duty_succession_id_fkey FOREIGN KEY (succession_id) REFERENCES public.party_succession(id);

ALTER TABLE ONLY public.handed_duty
    ADD CONSTRAINT handed_duty_to_id_fkey FOREIGN KEY (to_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.invoice
    ADD CONSTRAINT invoice_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.invoice
    ADD CONSTRAINT invoice_issuer_id_fkey FOREIGN KEY (issuer_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.invoice_line
    ADD CONSTRAINT invoice_line_invoice FOREIGN KEY (enterprise_id, invoice_id) REFERENCES public.invoice(enterprise_id, id);

ALTER TABLE ONLY public.invoice_line
    ADD CONSTRAINT invoice_line_meter_fkey FOREIGN KEY (meter) REFERENCES public.meter(code);

ALTER TABLE ONLY public.invoice
    ADD CONSTRAINT invoice_period FOREIGN KEY (enterprise_id, purchase_id, period) REFERENCES public.billing_period(enterprise_id, purchase_id, number);

ALTER TABLE ONLY public.invoice_usage
    ADD CONSTRAINT invoice_usage_entitlement FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES public.entitlement(enterprise_id, id);

ALTER TABLE ONLY public.invoice_usage
    ADD CONSTRAINT invoice_usage_invoice FOREIGN KEY (enterprise_id, invoice_id) REFERENCES public.invoice(enterprise_id, id);

ALTER TABLE ONLY public.invoice_usage
    ADD CONSTRAINT invoice_usage_meter_fkey FOREIGN KEY (meter) REFERENCES public.meter(code);

ALTER TABLE ONLY public.issuer_number
    ADD CONSTRAINT issuer_number_issuer_id_fkey FOREIGN KEY (issuer_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.ledger_posting
    ADD CONSTRAINT ledger_posting_credit_fkey FOREIGN KEY (credit) REFERENCES public.ledger_account(code);

ALTER TABLE ONLY public.ledger_posting
    ADD CONSTRAINT ledger_posting_debit_fkey FOREIGN KEY (debit) REFERENCES public.ledger_account(code);

ALTER TABLE ONLY public.ledger_posting
    ADD CONSTRAINT ledger_posting_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.ledger_posting
    ADD CONSTRAINT ledger_posting_follows FOREIGN KEY (enterprise_id, previous, previous_digest) REFERENCES public.ledger_posting(enterprise_id, number, digest);

ALTER TABLE ONLY public.ledger_posting
    ADD CONSTRAINT ledger_posting_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.log_head
    ADD CONSTRAINT log_head_follows FOREIGN KEY (previous_size, previous) REFERENCES public.log_head(size, sha256) MATCH FULL;

ALTER TABLE ONLY public.log_leaf
    ADD CONSTRAINT log_leaf_enterprise_id_event_id_fkey FOREIGN KEY (enterprise_id, event_id) REFERENCES public.market_event(enterprise_id, id);

ALTER TABLE ONLY public.log_leaf
    ADD CONSTRAINT log_leaf_node FOREIGN KEY (level, "position", hash) REFERENCES public.log_node(level, "position", hash);

ALTER TABLE ONLY public.log_node
    ADD CONSTRAINT log_node_left FOREIGN KEY (level_below, left_position, left_hash) REFERENCES public.log_node(level, "position", hash);

ALTER TABLE ONLY public.log_node
    ADD CONSTRAINT log_node_right FOREIGN KEY (level_below, right_position, right_hash) REFERENCES public.log_node(level, "position", hash);

ALTER TABLE ONLY public.market_event
    ADD CONSTRAINT market_event_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.market_event
    ADD CONSTRAINT market_event_purchase FOREIGN KEY (enterprise_id, purchase_id) REFERENCES public.purchase(enterprise_id, id);

ALTER TABLE ONLY public.market_event
    ADD CONSTRAINT market_event_stands_in_log FOREIGN KEY (enterprise_id, id, "position") REFERENCES public.log_leaf(enterprise_id, event_id, "position");

ALTER TABLE ONLY public.meter
    ADD CONSTRAINT meter_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.meter
    ADD CONSTRAINT meter_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

ALTER TABLE ONLY public.new_company
    ADD CONSTRAINT new_company_stated_by_fkey FOREIGN KEY (stated_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.offer_condition
    ADD CONSTRAINT offer_condition_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES public.offer(id);

ALTER TABLE ONLY public.offer
    ADD CONSTRAINT offer_has_use_class_of_product FOREIGN KEY (product_id, use_class) REFERENCES public.product(id, use_class);

ALTER TABLE ONLY public.offer_place
    ADD CONSTRAINT offer_place_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES public.offer(id);

ALTER TABLE ONLY public.offer_quota
    ADD CONSTRAINT offer_quota_meter_fkey FOREIGN KEY (meter) REFERENCES public.meter(code);

ALTER TABLE ONLY public.offer_quota
    ADD CONSTRAINT offer_quota_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES public.offer(id);

ALTER TABLE ONLY public.offer
    ADD CONSTRAINT offer_replaces_fkey FOREIGN KEY (replaces) REFERENCES public.offer(id);

ALTER TABLE ONLY public.offer
    ADD CONSTRAINT offer_reserved_for_fkey FOREIGN KEY (reserved_for) REFERENCES public.party(id);

ALTER TABLE ONLY public.offer_usage_price
    ADD CONSTRAINT offer_usage_price_meter_fkey FOREIGN KEY (meter) REFERENCES public.meter(code);

ALTER TABLE ONLY public.offer_usage_price
    ADD CONSTRAINT offer_usage_price_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES public.offer(id);

ALTER TABLE ONLY public.offer_usage_tier
    ADD CONSTRAINT offer_usage_tier_offer_id_meter_fkey FOREIGN KEY (offer_id, meter) REFERENCES public.offer_usage_price(offer_id, meter);

ALTER TABLE ONLY public.panel_import
    ADD CONSTRAINT panel_import_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.panel_member
    ADD CONSTRAINT panel_member_of_version FOREIGN KEY (panel_id, version) REFERENCES public.panel_version(panel_id, number);

ALTER TABLE ONLY public.panel_version
    ADD CONSTRAINT panel_version_panel_id_fkey FOREIGN KEY (panel_id) REFERENCES public.panel(id);

ALTER TABLE ONLY public.panel_version
    ADD CONSTRAINT panel_version_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.party_name
    ADD CONSTRAINT party_name_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.party_succession
    ADD CONSTRAINT party_succession_corrected_by_fkey FOREIGN KEY (corrected_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.party_succession
    ADD CONSTRAINT party_succession_corrects_id_fkey FOREIGN KEY (corrects_id) REFERENCES public.party_succession(id);

ALTER TABLE ONLY public.party_succession
    ADD CONSTRAINT party_succession_predecessor_id_fkey FOREIGN KEY (predecessor_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.party_succession
    ADD CONSTRAINT party_succession_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.party_successor
    ADD CONSTRAINT party_successor_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.party_successor_subject
    ADD CONSTRAINT party_successor_subject_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.directory_entry(id);

ALTER TABLE ONLY public.party_successor_subject
    ADD CONSTRAINT party_successor_subject_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

ALTER TABLE ONLY public.party_successor_subject
    ADD CONSTRAINT party_successor_subject_succession_id_position_fkey FOREIGN KEY (succession_id, "position") REFERENCES public.party_successor(succession_id, "position");

ALTER TABLE ONLY public.party_successor
    ADD CONSTRAINT party_successor_succession_id_fkey FOREIGN KEY (succession_id) REFERENCES public.party_succession(id);

ALTER TABLE ONLY public.payment_match
    ADD CONSTRAINT payment_match_credit_note FOREIGN KEY (enterprise_id, credit_note_id) REFERENCES public.credit_note(enterprise_id, id);

ALTER TABLE ONLY public.payment_match
    ADD CONSTRAINT payment_match_invoice FOREIGN KEY (enterprise_id, invoice_id) REFERENCES public.invoice(enterprise_id, id);

ALTER TABLE ONLY public.payment_match
    ADD CONSTRAINT payment_match_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_receiver_id_fkey FOREIGN KEY (receiver_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.policy
    ADD CONSTRAINT policy_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.portal_password
    ADD CONSTRAINT portal_password_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.price_ceiling
    ADD CONSTRAINT price_ceiling_authority_id_fkey FOREIGN KEY (authority_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.price_ceiling
    ADD CONSTRAINT price_ceiling_meter_fkey FOREIGN KEY (meter) REFERENCES public.meter(code);

ALTER TABLE ONLY public.price_ceiling
    ADD CONSTRAINT price_ceiling_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

ALTER TABLE ONLY public.price_ceiling
    ADD CONSTRAINT price_ceiling_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.price_statement
    ADD CONSTRAINT price_statement_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.price_statement_version
    ADD CONSTRAINT price_statement_version_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.product_revision
    ADD CONSTRAINT product_revision_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

ALTER TABLE ONLY public.product_revision_profile
    ADD CONSTRAINT product_revision_profile_product_id_number_fkey FOREIGN KEY (product_id, number) REFERENCES public.product_revision(product_id, number);

ALTER TABLE ONLY public.product_revision
    ADD CONSTRAINT product_revision_sha256_fkey FOREIGN KEY (sha256) REFERENCES public.content(sha256);

ALTER TABLE ONLY public.product_revision_source
    ADD CONSTRAINT product_revision_source_entry_id_entry_version_fkey FOREIGN KEY (entry_id, entry_version) REFERENCES public.directory_entry_version(entry_id, number);

ALTER TABLE ONLY public.product_revision_source
    ADD CONSTRAINT product_revision_source_product_id_number_fkey FOREIGN KEY (product_id, number) REFERENCES public.product_revision(product_id, number);

ALTER TABLE ONLY public.product_suspension
    ADD CONSTRAINT product_suspension_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.directory_entry(id);

ALTER TABLE ONLY public.product_suspension
    ADD CONSTRAINT product_suspension_lifted_by_fkey FOREIGN KEY (lifted_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.product_suspension
    ADD CONSTRAINT product_suspension_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

ALTER TABLE ONLY public.product_suspension
    ADD CONSTRAINT product_suspension_suspended_by_fkey FOREIGN KEY (suspended_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.purchase_command
    ADD CONSTRAINT purchase_command_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.purchase_command
    ADD CONSTRAINT purchase_command_purchase FOREIGN KEY (enterprise_id, purchase_id) REFERENCES public.purchase(enterprise_id, id);

ALTER TABLE ONLY public.purchase_decision
    ADD CONSTRAINT purchase_decision_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.purchase_decision
    ADD CONSTRAINT purchase_decision_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.purchase_decision
    ADD CONSTRAINT purchase_decision_purchase FOREIGN KEY (enterprise_id, purchase_id) REFERENCES public.purchase(enterprise_id, id);

ALTER TABLE ONLY public.purchase
    ADD CONSTRAINT purchase_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.purchase
    ADD CONSTRAINT purchase_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES public.offer(id);

ALTER TABLE ONLY public.purchase
    ADD CONSTRAINT purchase_product_id_revision_fkey FOREIGN KEY (product_id, revision) REFERENCES public.product_revision(product_id, number);

ALTER TABLE ONLY public.purchase
    ADD CONSTRAINT purchase_stands_where_it_was_led FOREIGN KEY (enterprise_id, id, transition, state) REFERENCES public.purchase_transition(enterprise_id, purchase_id, number, to_state);

ALTER TABLE ONLY public.purchase_transition
    ADD CONSTRAINT purchase_transition_follows FOREIGN KEY (enterprise_id, purchase_id, previous, from_state) REFERENCES public.purchase_transition(enterprise_id, purchase_id, number, to_state);

ALTER TABLE ONLY public.purchase_transition
    ADD CONSTRAINT purchase_transition_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.purchase_transition
    ADD CONSTRAINT purchase_transition_purchase FOREIGN KEY (enterprise_id, purchase_id) REFERENCES public.purchase(enterprise_id, id);

ALTER TABLE ONLY public.responsibility
    ADD CONSTRAINT responsibility_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.directory_entry(id);

ALTER TABLE ONLY public.responsibility
    ADD CONSTRAINT responsibility_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.responsibility
    ADD CONSTRAINT responsibility_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

ALTER TABLE ONLY public.revenue_share
    ADD CONSTRAINT revenue_share_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.revenue_share
    ADD CONSTRAINT revenue_share_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

ALTER TABLE ONLY public.revision_file
    ADD CONSTRAINT revision_file_sha256_fkey FOREIGN KEY (sha256) REFERENCES public.content(sha256);

ALTER TABLE ONLY public.revision_file
    ADD CONSTRAINT revision_file_upload FOREIGN KEY (product_id, number) REFERENCES public.revision_upload(product_id, number);

ALTER TABLE ONLY public.revision_part
    ADD CONSTRAINT revision_part_sha256_fkey FOREIGN KEY (sha256) REFERENCES public.content(sha256);

ALTER TABLE ONLY public.revision_part
    ADD CONSTRAINT revision_part_table FOREIGN KEY (product_id, number) REFERENCES public.revision_table(product_id, number);

ALTER TABLE ONLY public.revision_rendition
    ADD CONSTRAINT revision_rendition_sha256_fkey FOREIGN KEY (sha256) REFERENCES public.content(sha256);

ALTER TABLE ONLY public.revision_rendition
    ADD CONSTRAINT revision_rendition_table FOREIGN KEY (product_id, number) REFERENCES public.revision_table(product_id, number);

ALTER TABLE ONLY public.revision_table
    ADD CONSTRAINT revision_table_revision FOREIGN KEY (product_id, number) REFERENCES public.product_revision(product_id, number);

ALTER TABLE ONLY public.revision_upload
    ADD CONSTRAINT revision_upload_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.revision_upload
    ADD CONSTRAINT revision_upload_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

ALTER TABLE ONLY public.revision_without_table
    ADD CONSTRAINT revision_without_table_revision FOREIGN KEY (product_id, number) REFERENCES public.product_revision(product_id, number);

ALTER TABLE ONLY public.scenario_entry
    ADD CONSTRAINT scenario_entry_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.directory_entry(id);

ALTER TABLE ONLY public.scenario_entry
    ADD CONSTRAINT scenario_entry_scenario_id_fkey FOREIGN KEY (scenario_id) REFERENCES public.scenario(id);

ALTER TABLE ONLY public.scenario_link
    ADD CONSTRAINT scenario_link_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

ALTER TABLE ONLY public.scenario_link
    ADD CONSTRAINT scenario_link_scenario_id_fkey FOREIGN KEY (scenario_id) REFERENCES public.scenario(id);

ALTER TABLE ONLY public.scenario_product
    ADD CONSTRAINT scenario_product_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

ALTER TABLE ONLY public.scenario_product
    ADD CONSTRAINT scenario_product_scenario_id_fkey FOREIGN KEY (scenario_id) REFERENCES public.scenario(id);

ALTER TABLE ONLY public.scenario
    ADD CONSTRAINT scenario_publisher_id_fkey FOREIGN KEY (publisher_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.scenario_revision
    ADD CONSTRAINT scenario_revision_publisher_id_fkey FOREIGN KEY (publisher_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.scenario_revision
    ADD CONSTRAINT scenario_revision_scenario_id_fkey FOREIGN KEY (scenario_id) REFERENCES public.scenario(id);

ALTER TABLE ONLY public.search_document
    ADD CONSTRAINT search_document_facet_set_fkey FOREIGN KEY (facet_set) REFERENCES public.search_facet_set(id);

ALTER TABLE ONLY public.search_synonym
    ADD CONSTRAINT search_synonym_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES public.party(id);

ALTER TABLE ONLY public.sharing_credential
    ADD CONSTRAINT sharing_credential_entitlement FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES public.entitlement(enterprise_id, id);

ALTER TABLE ONLY public.usage_archive
    ADD CONSTRAINT usage_archive_sha256_fkey FOREIGN KEY (sha256) REFERENCES public.content(sha256);

ALTER TABLE public.usage_event
    ADD CONSTRAINT usage_event_entitlement FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES public.entitlement(enterprise_id, id);

ALTER TABLE ONLY public.usage_recall
    ADD CONSTRAINT usage_recall_month_fkey FOREIGN KEY (month) REFERENCES public.usage_archive(month);

ALTER TABLE ONLY public.usage_total
    ADD CONSTRAINT usage_total_entitlement FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES public.entitlement(enterprise_id, id);

ALTER TABLE ONLY public.usage_total
    ADD CONSTRAINT usage_total_meter_fkey FOREIGN KEY (meter) REFERENCES public.meter(code);

ALTER TABLE ONLY public.usage_window
    ADD CONSTRAINT usage_window_entitlement FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES public.entitlement(enterprise_id, id);

ALTER TABLE ONLY public.usage_window
    ADD CONSTRAINT usage_window_meter_fkey FOREIGN KEY (meter) REFERENCES public.meter(code);

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_enterprise_id_event_id_fkey FOREIGN KEY (enterprise_id, event_id) REFERENCES public.market_event(enterprise_id, id);

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES public.webhook(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhook
    ADD CONSTRAINT webhook_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

