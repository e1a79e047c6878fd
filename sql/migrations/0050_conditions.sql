-- Conditions of use in a form that can be compared, those of offers, and the flags of those that an operator added.

-- Whether a value has the form of its kind:
-- purpose: codes; region: GB/T 2260 codes; sector: GB/T 4754 sections; redistribution and fee: a level;
-- retention: days; qualification: texts.
CREATE FUNCTION is_condition(kind text, value jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN COALESCE(value @@ CASE kind
    WHEN 'purpose' THEN '$.type() == "array" && $.size() > 0
        && !exists($[*] ? (@.type() != "string" || !(@ like_regex "^[a-z][a-z0-9_]{0,39}$")))'
    WHEN 'region' THEN '$.type() == "array" && $.size() > 0
        && !exists($[*] ? (@.type() != "string" || !(@ like_regex "^[0-9]{6}$")))'
    WHEN 'sector' THEN '$.type() == "array" && $.size() > 0
        && !exists($[*] ? (@.type() != "string" || !(@ like_regex "^[A-T]$")))'
    WHEN 'qualification' THEN '$.type() == "array" && $.size() > 0
        && !exists($[*] ? (@.type() != "string" || @ == ""))'
    WHEN 'redistribution' THEN '$.type() == "string" && ($ == "forbidden" || $ == "with_consent" || $ == "free")'
    WHEN 'fee' THEN '$.type() == "string" && ($ == "free" || $ == "guided" || $ == "market")'
    WHEN 'retention' THEN '$.type() == "number" && $ >= 1 && $ <= 36500 && $ == $.floor()'
END::jsonpath, false);

-- The place of a level among those of its kind, from the one that allows least to the one that allows most.
CREATE FUNCTION condition_level(kind text, value jsonb) RETURNS integer LANGUAGE sql IMMUTABLE
RETURN array_position(CASE kind WHEN 'redistribution' THEN ARRAY['forbidden', 'with_consent', 'free']
    WHEN 'fee' THEN ARRAY['market', 'guided', 'free'] END, value #>> '{}');

-- Whether one element of a set lies within another: a region within its city, province or country; else if it is the same.
CREATE FUNCTION condition_covers(kind text, wide text, narrow text) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN wide = narrow OR (kind = 'region'
    AND (wide = '100000' OR starts_with(narrow, regexp_replace(wide, '(00){1,2}$', ''))));

-- Whether the narrow condition allows nothing that the wide one does not. An absent condition (NULL) allows everything,
-- but an absent fee allows no charge: it is the same as free.
CREATE FUNCTION condition_within(kind text, narrow jsonb, wide jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN CASE
    WHEN kind = 'fee' THEN condition_level('fee', COALESCE(wide, '"free"'))
        >= condition_level('fee', COALESCE(narrow, '"free"'))
    WHEN wide IS NULL THEN true
    WHEN narrow IS NULL THEN false
    WHEN kind = 'qualification' THEN narrow @> wide
    WHEN kind = 'retention' THEN narrow::numeric <= wide::numeric
    WHEN kind = 'redistribution' THEN condition_level(kind, narrow) <= condition_level(kind, wide)
    ELSE NOT EXISTS (
        SELECT FROM jsonb_array_elements_text(narrow) AS inner_one(code)
        WHERE NOT EXISTS (SELECT FROM jsonb_array_elements_text(wide) AS outer_one(code)
                          WHERE condition_covers(kind, outer_one.code, inner_one.code))) END;

-- What two stated conditions allow together. For fees that is the lowest that is stated: what one source wants free
-- must be free.
CREATE FUNCTION condition_meet(one jsonb, kind text, other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE
RETURN CASE
    WHEN one IS NULL THEN other
    WHEN other IS NULL THEN one
    WHEN kind = 'fee' THEN CASE WHEN condition_level(kind, one) >= condition_level(kind, other) THEN one ELSE other END
    WHEN kind = 'qualification' THEN (
        SELECT jsonb_agg(DISTINCT text ORDER BY text) FROM jsonb_array_elements_text(one || other) AS text)
    WHEN kind IN ('retention', 'redistribution') THEN CASE WHEN condition_within(kind, one, other) THEN one ELSE other END
    ELSE COALESCE((
        SELECT jsonb_agg(DISTINCT code ORDER BY code) FROM (
            SELECT a.code FROM jsonb_array_elements_text(one) AS a(code), jsonb_array_elements_text(other) AS b(code)
            WHERE condition_covers(kind, b.code, a.code)
            UNION SELECT b.code FROM jsonb_array_elements_text(one) AS a(code), jsonb_array_elements_text(other) AS b(code)
            WHERE condition_covers(kind, a.code, b.code)) AS common), '[]') END;

CREATE AGGREGATE condition_together(text, jsonb) (SFUNC = condition_meet, STYPE = jsonb);

-- The purposes and the price of an offer are its purpose and fee conditions: a row of these kinds only gives their basis,
-- and says of a price that it follows the market and not a guided ceiling.
CREATE TABLE offer_condition (
    offer_id uuid NOT NULL REFERENCES offer,
    kind text NOT NULL CONSTRAINT offer_condition_kind_known CHECK
        (kind IN ('purpose', 'region', 'sector', 'redistribution', 'retention', 'fee', 'qualification')),
    value jsonb,
    basis text CONSTRAINT offer_condition_basis_not_blank CHECK (btrim(basis) <> ''),
    position integer NOT NULL,
    PRIMARY KEY (offer_id, kind),
    CONSTRAINT offer_condition_value_form CHECK (CASE kind WHEN 'purpose' THEN value IS NULL
        WHEN 'fee' THEN value IS NULL OR value IN ('"guided"', '"market"')
        ELSE value IS NOT NULL AND is_condition(kind, value) END)
);

-- A condition that an offer adds to those of the directory: the offer cannot be bought, and its product not be listed,
-- until an officer accepts the basis of the condition.
CREATE TABLE condition_flag (
    id uuid PRIMARY KEY,
    offer_id uuid NOT NULL REFERENCES offer,
    kind text NOT NULL,
    -- What the directory entries of the product allow together, JSON null when they do not speak of it.
    directory_value jsonb NOT NULL,
    offered_value jsonb NOT NULL,
    -- What the operator names as its basis.
    basis text,
    raised_at timestamptz NOT NULL,
    decision text CONSTRAINT condition_flag_decision_known CHECK (decision IN ('accepted', 'refused')),
    -- The basis that the officer accepted, or why it was refused.
    reason text CONSTRAINT condition_flag_reason_not_blank CHECK (btrim(reason) <> ''),
    decided_at timestamptz CONSTRAINT condition_flag_decided_later CHECK (decided_at >= raised_at),
    decided_by uuid REFERENCES party,
    CONSTRAINT condition_flag_once UNIQUE (offer_id, kind, directory_value),
    CONSTRAINT condition_flag_decision_is_whole CHECK (num_nonnulls(decision, reason, decided_at, decided_by) IN (0, 4))
);
CREATE INDEX condition_flag_open ON condition_flag (id) WHERE decision IS NULL;
