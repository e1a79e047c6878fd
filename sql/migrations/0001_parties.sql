-- Parties: every organisation that answers for a link of the chain.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Form of a unified social credit code, GB 32100-2015: 17 characters and a check character modulo 31.
CREATE FUNCTION credit_code_is_valid(code text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN code ~ '^[0-9ABCDEFGHJKLMNPQRTUWXY]{18}$'
    AND (SELECT (31 - sum((strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(code, weight.position::int, 1)) - 1)
                          * weight.value) % 31) % 31
         FROM unnest(ARRAY[1,3,9,27,19,26,16,17,20,29,25,13,8,24,10,30,28]) WITH ORDINALITY AS weight(value, position))
        = strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(code, 18, 1)) - 1;

CREATE TABLE party (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT party_code_unique UNIQUE,
    scheme text NOT NULL CONSTRAINT party_scheme_known CHECK (scheme IN ('uscc', 'catalogue')),
    -- The identifier within the scheme; for a catalogue party: the source's code, then what the source calls it.
    identifier text NOT NULL,
    name text NOT NULL CONSTRAINT party_has_name CHECK (btrim(name) <> ''),
    name_zh text,
    name_en text,
    kind text NOT NULL CONSTRAINT party_kind_known CHECK
        (kind IN ('department', 'public_institution', 'operator', 'enterprise', 'unclassified')),
    enterprise_kind text CONSTRAINT party_enterprise_kind_known CHECK
        (enterprise_kind IN ('central_soe', 'local_soe', 'private', 'foreign', 'other')),
    industry_section text CONSTRAINT party_industry_section_is_gbt4754 CHECK (industry_section ~ '^[A-T]$'),
    province text CONSTRAINT party_province_is_gbt2260 CHECK (province ~ '^[0-9]{6}$'),
    synthetic boolean NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT party_identifier_unique UNIQUE (scheme, identifier),
    CONSTRAINT party_credit_code_valid CHECK (scheme <> 'uscc' OR credit_code_is_valid(identifier)),
    CONSTRAINT party_enterprise_is_described CHECK
        (kind <> 'enterprise' OR (enterprise_kind IS NOT NULL AND industry_section IS NOT NULL))
);
