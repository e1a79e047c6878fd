CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

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

CREATE FUNCTION public.credit_code_is_valid(code text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((code ~ '^[0-9ABCDEFGHJKLMNPQRTUWXY]{18}$'::text) AND ((SELECT ((31 - (sum(((strpos('0123456789ABCDEFGHJKLMNPQRTUWXY'::text, substr(credit_code_is_valid.code, (weight."position")::integer, 1)) - 1) * weight.value)) % (31)::bigint)) % (31)::bigint) FROM unnest(ARRAY[1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]) WITH ORDINALITY weight(value, "position")) = (strpos('0123456789ABCDEFGHJKLMNPQRTUWXY'::text, substr(code, 18, 1)) - 1)));

CREATE FUNCTION public.legal_day(moment timestamp with time zone) RETURNS date
    LANGUAGE sql IMMUTABLE
    RETURN ((moment AT TIME ZONE 'Asia/Shanghai'::text))::date;

CREATE TABLE public.policy (
    rule text NOT NULL,
    effective daterange NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    days integer NOT NULL,
    unit text NOT NULL,
    extension_days integer,
    article text,
    source text NOT NULL,
    verified boolean NOT NULL,
    CONSTRAINT policy_days_positive CHECK ((days > 0)),
    CONSTRAINT policy_effective_not_empty CHECK ((NOT isempty(effective))),
    CONSTRAINT policy_extension_positive CHECK ((extension_days > 0)),
    CONSTRAINT policy_rule_form CHECK ((rule ~ '^[a-z][a-z_]*$'::text)),
    CONSTRAINT policy_unit_known CHECK ((unit = ANY (ARRAY['working_day'::text, 'day'::text])))
);

CREATE FUNCTION public.due_on(rule text, began_at timestamp with time zone) RETURNS date
    LANGUAGE sql STABLE
    RETURN (SELECT CASE policy.unit WHEN 'day'::text THEN (public.legal_day(due_on.began_at) + policy.days) ELSE public.add_working_days(public.legal_day(due_on.began_at), policy.days) END AS add_working_days FROM public.policy WHERE ((policy.rule = due_on.rule) AND (policy.effective @> public.legal_day(due_on.began_at))));

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

CREATE TABLE public.command_key (
    enterprise_id uuid NOT NULL,
    key text NOT NULL,
    command text NOT NULL,
    digest bytea NOT NULL,
    purchase_id uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT command_key_length CHECK (((length(key) >= 1) AND (length(key) <= 200)))
);

CREATE TABLE public.content (
    sha256 bytea NOT NULL,
    bytes bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT content_bytes_not_negative CHECK ((bytes >= 0)),
    CONSTRAINT content_sha256_length CHECK ((octet_length(sha256) = 32))
);

CREATE TABLE public.content_chunk (
    sha256 bytea NOT NULL,
    number integer NOT NULL,
    bytes bytea NOT NULL
);
ALTER TABLE ONLY public.content_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

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
    CONSTRAINT deadline_ended_has_time CHECK (((state = ANY (ARRAY['met'::text, 'void'::text])) = (ended_at IS NOT NULL))),
    CONSTRAINT deadline_extension_has_basis CHECK (((extended_at IS NULL) = (extension_basis IS NULL))),
    CONSTRAINT deadline_paused_has_time CHECK (((state = 'paused'::text) = (paused_at IS NOT NULL))),
    CONSTRAINT deadline_state_known CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'met'::text, 'void'::text]))),
    CONSTRAINT deadline_subject_known CHECK ((subject_kind = ANY (ARRAY['directory_draft'::text, 'directory_entry'::text, 'correction'::text, 'consent'::text, 'credential'::text, 'product'::text])))
);

CREATE TABLE public.directory_entry (
    id uuid NOT NULL,
    code text NOT NULL,
    source_id uuid NOT NULL,
    identifier text NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

CREATE TABLE public.directory_entry_validity (
    entry_id uuid NOT NULL,
    number integer NOT NULL,
    valid tstzrange NOT NULL,
    recorded tstzrange NOT NULL,
    CONSTRAINT directory_entry_validity_recorded_not_empty CHECK ((NOT isempty(recorded))),
    CONSTRAINT directory_entry_validity_valid_not_empty CHECK ((NOT isempty(valid)))
);

CREATE TABLE public.directory_entry_version (
    entry_id uuid NOT NULL,
    number integer NOT NULL,
    title text NOT NULL,
    document jsonb NOT NULL,
    digest bytea NOT NULL,
    import_id uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT directory_entry_version_counts_from_one CHECK ((number >= 1)),
    CONSTRAINT directory_entry_version_has_title CHECK ((btrim(title) <> ''::text))
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
    finished_at timestamp with time zone NOT NULL
);

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
    CONSTRAINT directory_import_problem_severity_known CHECK ((severity = ANY (ARRAY['refused'::text, 'noted'::text])))
);

CREATE TABLE public.directory_import_row (
    import_id uuid NOT NULL,
    "position" integer NOT NULL,
    identifier text NOT NULL,
    document jsonb
);

CREATE TABLE public.directory_source (
    id uuid NOT NULL,
    code text NOT NULL,
    title text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT directory_source_code_form CHECK ((code ~ '^[A-Z0-9][A-Z0-9-]{0,39}$'::text))
);

CREATE TABLE public.entitlement (
    enterprise_id uuid NOT NULL,
    id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    product_id uuid NOT NULL,
    valid tstzrange NOT NULL,
    suspended_at timestamp with time zone,
    CONSTRAINT entitlement_valid_not_empty CHECK ((NOT isempty(valid)))
);

CREATE VIEW public.entry_in_force AS
 SELECT directory_entry_validity.entry_id,
    directory_entry_validity.number,
    lower(directory_entry_validity.valid) AS since
   FROM public.directory_entry_validity
  WHERE (upper_inf(directory_entry_validity.valid) AND upper_inf(directory_entry_validity.recorded));

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
    CONSTRAINT responsibility_has_basis CHECK ((btrim(basis) <> ''::text)),
    CONSTRAINT responsibility_has_one_subject CHECK ((num_nonnulls(entry_id, product_id) = 1)),
    CONSTRAINT responsibility_recorded_not_empty CHECK ((NOT isempty(recorded))),
    CONSTRAINT responsibility_role_known CHECK ((role = ANY (ARRAY['source'::text, 'provider'::text, 'publisher'::text, 'operator'::text, 'seller'::text, 'user'::text, 'security'::text, 'contact'::text]))),
    CONSTRAINT responsibility_valid_not_empty CHECK ((NOT isempty(valid)))
);

CREATE VIEW public.entry_organisation AS
 SELECT DISTINCT ON (responsibility.subject_id) responsibility.subject_id AS entry_id,
    responsibility.party_id
   FROM public.responsibility
  WHERE ((responsibility.entry_id IS NOT NULL) AND (responsibility.role = ANY (ARRAY['provider'::text, 'publisher'::text])) AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded))
  ORDER BY responsibility.subject_id, responsibility.role;

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
    CONSTRAINT offer_allows_a_purpose CHECK ((cardinality(purposes) > 0)),
    CONSTRAINT offer_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT offer_free_costs_nothing CHECK (((kind = 'free'::text) = (price_minor = 0))),
    CONSTRAINT offer_kind_known CHECK ((kind = ANY (ARRAY['free'::text, 'one_off'::text]))),
    CONSTRAINT offer_price_not_negative CHECK ((price_minor >= 0)),
    CONSTRAINT offer_public_benefit_is_free CHECK (((use_class <> 'public_benefit'::text) OR (kind = 'free'::text))),
    CONSTRAINT offer_term_positive CHECK ((term_days > 0)),
    CONSTRAINT offer_withdrawn_after_offered CHECK ((withdrawn_at >= offered_at))
);

CREATE TABLE public.panel (
    id uuid NOT NULL,
    code text NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    dated_on date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT panel_code_form CHECK ((code ~ '^[a-z0-9][a-z0-9-]{1,39}$'::text))
);

CREATE TABLE public.panel_member (
    panel_id uuid NOT NULL,
    enterprise_id uuid NOT NULL,
    reason text NOT NULL,
    CONSTRAINT panel_member_has_reason CHECK ((btrim(reason) <> ''::text))
);

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

CREATE VIEW public.party_summary AS
 SELECT party.id,
    json_strip_nulls(json_build_object('code', party.code, 'name', party.name, 'name_zh', party.name_zh, 'name_en', party.name_en, 'kind', party.kind, 'synthetic', party.synthetic)) AS document
   FROM public.party;

CREATE TABLE public.product (
    id uuid NOT NULL,
    code text NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    description_zh text NOT NULL,
    description_en text NOT NULL,
    kind text NOT NULL,
    use_class text NOT NULL,
    listed_at timestamp with time zone NOT NULL,
    delisted_at timestamp with time zone,
    CONSTRAINT product_code_form CHECK ((code ~ '^[A-Z0-9][A-Z0-9-]{1,39}$'::text)),
    CONSTRAINT product_delisted_after_listed CHECK ((delisted_at >= listed_at)),
    CONSTRAINT product_kind_known CHECK ((kind = ANY (ARRAY['data_set'::text, 'report'::text, 'visual_product'::text, 'index'::text, 'api'::text, 'encrypted_data'::text]))),
    CONSTRAINT product_use_class_known CHECK ((use_class = ANY (ARRAY['public_benefit'::text, 'industry'::text])))
);

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
    CONSTRAINT product_revision_counts_from_one CHECK ((number >= 1))
);

CREATE TABLE public.product_revision_source (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    entry_id uuid NOT NULL,
    entry_version integer NOT NULL,
    basis text NOT NULL
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
    CONSTRAINT product_suspension_cause_known CHECK ((cause = ANY (ARRAY['upstream'::text, 'credential'::text, 'condition'::text, 'responsibility'::text, 'officer'::text]))),
    CONSTRAINT product_suspension_lifted_later CHECK ((lifted_at >= suspended_at))
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
    accepted_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT purchase_ended_has_time CHECK (((state = 'ended'::text) = (ended_at IS NOT NULL))),
    CONSTRAINT purchase_has_purpose CHECK ((btrim(purpose) <> ''::text)),
    CONSTRAINT purchase_price_not_negative CHECK ((price_minor >= 0)),
    CONSTRAINT purchase_state_known CHECK ((state = ANY (ARRAY['active'::text, 'ended'::text])))
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

CREATE TABLE public.schema_migration (
    name text NOT NULL,
    digest text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.schema_view (
    name text NOT NULL,
    digest text NOT NULL
);

CREATE TABLE public.usage_event (
    enterprise_id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    meter text NOT NULL,
    quantity bigint NOT NULL,
    bytes bigint NOT NULL,
    product_id uuid NOT NULL,
    revision integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT usage_event_bytes_not_negative CHECK ((bytes >= 0)),
    CONSTRAINT usage_event_meter_known CHECK ((meter = 'download'::text)),
    CONSTRAINT usage_event_quantity_positive CHECK ((quantity > 0))
)
PARTITION BY RANGE (occurred_at);

CREATE TABLE public.usage_event_default (
    enterprise_id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    meter text NOT NULL,
    quantity bigint NOT NULL,
    bytes bigint NOT NULL,
    product_id uuid NOT NULL,
    revision integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT usage_event_bytes_not_negative CHECK ((bytes >= 0)),
    CONSTRAINT usage_event_meter_known CHECK ((meter = 'download'::text)),
    CONSTRAINT usage_event_quantity_positive CHECK ((quantity > 0))
);

ALTER TABLE ONLY public.usage_event ATTACH PARTITION public.usage_event_default DEFAULT;

ALTER TABLE ONLY public.access_token
    ADD CONSTRAINT access_token_id_unique UNIQUE (id);

ALTER TABLE ONLY public.access_token
    ADD CONSTRAINT access_token_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.calendar_day
    ADD CONSTRAINT calendar_day_pkey PRIMARY KEY (day);

ALTER TABLE ONLY public.command_key
    ADD CONSTRAINT command_key_pkey PRIMARY KEY (enterprise_id, key);

ALTER TABLE ONLY public.content_chunk
    ADD CONSTRAINT content_chunk_pkey PRIMARY KEY (sha256, number);

ALTER TABLE ONLY public.content
    ADD CONSTRAINT content_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY public.deadline
    ADD CONSTRAINT deadline_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_entry
    ADD CONSTRAINT directory_entry_code_unique UNIQUE (code);

ALTER TABLE ONLY public.directory_entry
    ADD CONSTRAINT directory_entry_identifier_unique UNIQUE (source_id, identifier);

ALTER TABLE ONLY public.directory_entry_validity
    ADD CONSTRAINT directory_entry_one_version_in_force EXCLUDE USING gist (entry_id WITH =, valid WITH &&, recorded WITH &&);

ALTER TABLE ONLY public.directory_entry
    ADD CONSTRAINT directory_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_entry_validity
    ADD CONSTRAINT directory_entry_validity_pkey PRIMARY KEY (entry_id, number, valid, recorded);

ALTER TABLE ONLY public.directory_entry_version
    ADD CONSTRAINT directory_entry_version_pkey PRIMARY KEY (entry_id, number);

ALTER TABLE ONLY public.directory_import
    ADD CONSTRAINT directory_import_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_import_problem
    ADD CONSTRAINT directory_import_problem_pkey PRIMARY KEY (import_id, number);

ALTER TABLE ONLY public.directory_import_row
    ADD CONSTRAINT directory_import_row_identifier_unique UNIQUE (import_id, identifier);

ALTER TABLE ONLY public.directory_import_row
    ADD CONSTRAINT directory_import_row_pkey PRIMARY KEY (import_id, "position");

ALTER TABLE ONLY public.directory_source
    ADD CONSTRAINT directory_source_code_unique UNIQUE (code);

ALTER TABLE ONLY public.directory_source
    ADD CONSTRAINT directory_source_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.entitlement
    ADD CONSTRAINT entitlement_one_per_purchase UNIQUE (enterprise_id, purchase_id);

ALTER TABLE ONLY public.entitlement
    ADD CONSTRAINT entitlement_pkey PRIMARY KEY (enterprise_id, id);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.offer
    ADD CONSTRAINT offer_code_unique UNIQUE (code);

ALTER TABLE ONLY public.offer
    ADD CONSTRAINT offer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.panel
    ADD CONSTRAINT panel_code_unique UNIQUE (code);

ALTER TABLE ONLY public.panel_member
    ADD CONSTRAINT panel_member_pkey PRIMARY KEY (panel_id, enterprise_id);

ALTER TABLE ONLY public.panel
    ADD CONSTRAINT panel_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.party
    ADD CONSTRAINT party_code_unique UNIQUE (code);

ALTER TABLE ONLY public.party
    ADD CONSTRAINT party_identifier_unique UNIQUE (scheme, identifier);

ALTER TABLE ONLY public.party
    ADD CONSTRAINT party_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.policy
    ADD CONSTRAINT policy_one_at_a_time EXCLUDE USING gist (rule WITH =, effective WITH &&);

ALTER TABLE ONLY public.policy
    ADD CONSTRAINT policy_pkey PRIMARY KEY (rule, effective);

ALTER TABLE ONLY public.product
    ADD CONSTRAINT product_code_unique UNIQUE (code);

ALTER TABLE ONLY public.product
    ADD CONSTRAINT product_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.product_revision
    ADD CONSTRAINT product_revision_pkey PRIMARY KEY (product_id, number);

ALTER TABLE ONLY public.product_revision_source
    ADD CONSTRAINT product_revision_source_pkey PRIMARY KEY (product_id, number, entry_id);

ALTER TABLE ONLY public.product_suspension
    ADD CONSTRAINT product_suspension_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.product
    ADD CONSTRAINT product_use_class_target UNIQUE (id, use_class);

ALTER TABLE ONLY public.purchase
    ADD CONSTRAINT purchase_pkey PRIMARY KEY (enterprise_id, id);

ALTER TABLE ONLY public.responsibility
    ADD CONSTRAINT responsibility_one_party_at_a_time EXCLUDE USING gist (subject_id WITH =, role WITH =, valid WITH &&, recorded WITH &&);

ALTER TABLE ONLY public.responsibility
    ADD CONSTRAINT responsibility_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.scenario
    ADD CONSTRAINT scenario_code_unique UNIQUE (code);

ALTER TABLE ONLY public.scenario_entry
    ADD CONSTRAINT scenario_entry_pkey PRIMARY KEY (scenario_id, entry_id);

ALTER TABLE ONLY public.scenario
    ADD CONSTRAINT scenario_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.scenario_product
    ADD CONSTRAINT scenario_product_pkey PRIMARY KEY (scenario_id, product_id);

ALTER TABLE ONLY public.scenario_revision
    ADD CONSTRAINT scenario_revision_pkey PRIMARY KEY (scenario_id, revision);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.schema_view
    ADD CONSTRAINT schema_view_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.usage_event
    ADD CONSTRAINT usage_event_pkey PRIMARY KEY (enterprise_id, occurred_at, id);

ALTER TABLE ONLY public.usage_event_default
    ADD CONSTRAINT usage_event_default_pkey PRIMARY KEY (enterprise_id, occurred_at, id);

CREATE UNIQUE INDEX deadline_one_open_per_duty ON public.deadline USING btree (subject_kind, subject_id, rule) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text]));

CREATE INDEX deadline_open ON public.deadline USING btree (due_on, id) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text]));

CREATE INDEX deadline_open_by_party ON public.deadline USING btree (party_id, due_on, id) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text]));

CREATE INDEX directory_entry_validity_current ON public.directory_entry_validity USING btree (entry_id) WHERE (upper_inf(valid) AND upper_inf(recorded));

CREATE INDEX directory_entry_version_title_trigrams ON public.directory_entry_version USING gin (title public.gin_trgm_ops);

CREATE INDEX notice_by_party ON public.notice USING btree (party_id, id);

CREATE INDEX offer_by_product ON public.offer USING btree (product_id);

CREATE INDEX product_revision_source_by_entry ON public.product_revision_source USING btree (entry_id, entry_version);

CREATE UNIQUE INDEX product_suspension_one_open_per_cause ON public.product_suspension USING btree (product_id, cause, COALESCE(entry_id, product_id)) WHERE (lifted_at IS NULL);

CREATE INDEX product_title_trigrams ON public.product USING gin ((((title_zh || ' '::text) || title_en)) public.gin_trgm_ops);

CREATE INDEX purchase_by_acceptance ON public.purchase USING btree (enterprise_id, accepted_at);

CREATE INDEX responsibility_by_party ON public.responsibility USING btree (party_id);

CREATE INDEX responsibility_by_subject ON public.responsibility USING btree (subject_id);

CREATE INDEX scenario_product_by_product ON public.scenario_product USING btree (product_id);

CREATE INDEX usage_event_by_entitlement ON ONLY public.usage_event USING btree (enterprise_id, entitlement_id, occurred_at);

CREATE INDEX usage_event_default_enterprise_id_entitlement_id_occurred_a_idx ON public.usage_event_default USING btree (enterprise_id, entitlement_id, occurred_at);

ALTER INDEX public.usage_event_by_entitlement ATTACH PARTITION public.usage_event_default_enterprise_id_entitlement_id_occurred_a_idx;

ALTER INDEX public.usage_event_pkey ATTACH PARTITION public.usage_event_default_pkey;

ALTER TABLE ONLY public.access_token
    ADD CONSTRAINT access_token_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.command_key
    ADD CONSTRAINT command_key_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.command_key
    ADD CONSTRAINT command_key_purchase FOREIGN KEY (enterprise_id, purchase_id) REFERENCES public.purchase(enterprise_id, id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.content_chunk
    ADD CONSTRAINT content_chunk_sha256_fkey FOREIGN KEY (sha256) REFERENCES public.content(sha256);

ALTER TABLE ONLY public.deadline
    ADD CONSTRAINT deadline_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.directory_entry
    ADD CONSTRAINT directory_entry_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.directory_source(id);

ALTER TABLE ONLY public.directory_entry_validity
    ADD CONSTRAINT directory_entry_validity_entry_id_number_fkey FOREIGN KEY (entry_id, number) REFERENCES public.directory_entry_version(entry_id, number);

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

ALTER TABLE ONLY public.entitlement
    ADD CONSTRAINT entitlement_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

ALTER TABLE ONLY public.entitlement
    ADD CONSTRAINT entitlement_purchase FOREIGN KEY (enterprise_id, purchase_id) REFERENCES public.purchase(enterprise_id, id);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.offer
    ADD CONSTRAINT offer_has_use_class_of_product FOREIGN KEY (product_id, use_class) REFERENCES public.product(id, use_class);

ALTER TABLE ONLY public.offer
    ADD CONSTRAINT offer_reserved_for_fkey FOREIGN KEY (reserved_for) REFERENCES public.party(id);

ALTER TABLE ONLY public.panel_member
    ADD CONSTRAINT panel_member_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.panel_member
    ADD CONSTRAINT panel_member_panel_id_fkey FOREIGN KEY (panel_id) REFERENCES public.panel(id);

ALTER TABLE ONLY public.product_revision
    ADD CONSTRAINT product_revision_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

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

ALTER TABLE ONLY public.purchase
    ADD CONSTRAINT purchase_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.purchase
    ADD CONSTRAINT purchase_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES public.offer(id);

ALTER TABLE ONLY public.purchase
    ADD CONSTRAINT purchase_product_id_revision_fkey FOREIGN KEY (product_id, revision) REFERENCES public.product_revision(product_id, number);

ALTER TABLE ONLY public.responsibility
    ADD CONSTRAINT responsibility_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.directory_entry(id);

ALTER TABLE ONLY public.responsibility
    ADD CONSTRAINT responsibility_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.responsibility
    ADD CONSTRAINT responsibility_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id);

ALTER TABLE ONLY public.scenario_entry
    ADD CONSTRAINT scenario_entry_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.directory_entry(id);

ALTER TABLE ONLY public.scenario_entry
    ADD CONSTRAINT scenario_entry_scenario_id_fkey FOREIGN KEY (scenario_id) REFERENCES public.scenario(id);

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

ALTER TABLE public.usage_event
    ADD CONSTRAINT usage_event_entitlement FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES public.entitlement(enterprise_id, id);

