-- The life of a directory entry before and between its versions: drafts, their steps, and who decides on them.

-- The body that approves and releases entries of a source, over which period, on what basis. Where none is stated, it is
-- the administration that imported the source last (view source_competent_body).
CREATE TABLE competent_body (
    source_id uuid NOT NULL REFERENCES directory_source,
    party_id uuid NOT NULL REFERENCES party,
    valid tstzrange NOT NULL CONSTRAINT competent_body_valid_not_empty CHECK (NOT isempty(valid)),
    basis text NOT NULL CONSTRAINT competent_body_has_basis CHECK (btrim(basis) <> ''),
    PRIMARY KEY (source_id, valid),
    CONSTRAINT competent_body_one_at_a_time EXCLUDE USING gist (source_id WITH =, valid WITH &&)
);

-- Entries compiled here are numbered within their source; the last number given.
ALTER TABLE directory_source ADD COLUMN last_number integer NOT NULL DEFAULT 0;

CREATE TABLE directory_draft (
    id uuid PRIMARY KEY,
    kind text NOT NULL CONSTRAINT directory_draft_kind_known CHECK
        (kind IN ('new', 'update', 'correction', 'withdrawal')),
    state text NOT NULL CONSTRAINT directory_draft_state_known CHECK
        (state IN ('draft', 'barred', 'assessed', 'submitted', 'returned', 'approved', 'refused', 'released',
            'withdrawn')),
    source_id uuid NOT NULL REFERENCES directory_source,
    -- A new entry's code is given with its draft; the entry itself comes with the release.
    entry_code text NOT NULL,
    entry_id uuid REFERENCES directory_entry,
    -- The newest version when this was compiled; the release is refused when the entry has moved on since.
    base_version integer,
    document jsonb,
    -- A correction says what was in force in a past period: the document, a version named here, or nothing.
    restated_version integer,
    valid_from timestamptz,
    valid_until timestamptz,
    provider_id uuid REFERENCES party,
    contact_id uuid REFERENCES party,
    security_id uuid REFERENCES party,
    reason text NOT NULL CONSTRAINT directory_draft_has_reason CHECK (btrim(reason) <> ''),
    -- The document that the responsibilities and the change rest on.
    basis text NOT NULL CONSTRAINT directory_draft_has_basis CHECK (btrim(basis) <> ''),
    compiled_by uuid NOT NULL REFERENCES party,
    compiled_at timestamptz NOT NULL,
    -- The command that compiled it: the same key with another body is refused.
    key text NOT NULL CONSTRAINT directory_draft_key_length CHECK (length(key) BETWEEN 1 AND 200),
    key_digest bytea NOT NULL,
    secrecy text CONSTRAINT directory_draft_secrecy_known CHECK (secrecy IN ('none', 'work_secret', 'state_secret')),
    assessed_at timestamptz,
    submitted_at timestamptz,
    returned_at timestamptz,
    decided_by uuid REFERENCES party,
    decided_at timestamptz,
    decision_basis text,
    released_at timestamptz,
    release_id uuid,
    withdrawn_at timestamptz,
    steps integer NOT NULL DEFAULT 1,
    CONSTRAINT directory_draft_compiled_once UNIQUE (compiled_by, key),
    FOREIGN KEY (entry_id, base_version) REFERENCES directory_entry_version (entry_id, number),
    FOREIGN KEY (entry_id, restated_version) REFERENCES directory_entry_version (entry_id, number),
    CONSTRAINT directory_draft_entry_comes_with_release CHECK
        ((entry_id IS NULL) = (kind = 'new' AND state <> 'released')),
    CONSTRAINT directory_draft_has_document CHECK
        (kind = 'correction' OR (document IS NOT NULL) = (kind IN ('new', 'update'))),
    CONSTRAINT directory_draft_only_corrections_restate CHECK
        (restated_version IS NULL OR (kind = 'correction' AND document IS NULL)),
    CONSTRAINT directory_draft_only_corrections_have_period CHECK
        ((valid_from IS NOT NULL) = (kind = 'correction') AND (valid_until IS NULL OR valid_until > valid_from)),
    -- Secrets are no government data in the sense of the directory: they go no further.
    CONSTRAINT directory_draft_secret_is_barred CHECK ((state = 'barred') = (secrecy IS NOT NULL AND secrecy <> 'none')),
    CONSTRAINT directory_draft_assessed_has_time CHECK ((secrecy IS NULL) = (assessed_at IS NULL)
        AND (document IS NULL OR state IN ('draft', 'withdrawn') OR assessed_at IS NOT NULL)),
    CONSTRAINT directory_draft_submitted_has_time CHECK
        (state NOT IN ('submitted', 'returned', 'approved', 'refused', 'released') OR submitted_at IS NOT NULL),
    CONSTRAINT directory_draft_returned_has_time CHECK (state <> 'returned' OR returned_at IS NOT NULL),
    CONSTRAINT directory_draft_decided_has_time CHECK
        ((state IN ('approved', 'refused', 'released')) = (decided_at IS NOT NULL)
            AND (decided_at IS NULL) = (decided_by IS NULL)),
    CONSTRAINT directory_draft_own_decision_has_basis CHECK (decided_by <> compiled_by OR decision_basis IS NOT NULL),
    CONSTRAINT directory_draft_released_has_time CHECK
        ((state = 'released') = (released_at IS NOT NULL) AND (released_at IS NULL) = (release_id IS NULL)),
    CONSTRAINT directory_draft_withdrawn_has_time CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
    CONSTRAINT directory_draft_open_is_shared_with_basis CHECK (state IN ('draft', 'withdrawn')
        OR document->>'sharingClass' IS DISTINCT FROM 'not_shared' OR document ? 'sharingBasis')
);
CREATE UNIQUE INDEX directory_draft_one_open_per_entry ON directory_draft (entry_id)
    WHERE state NOT IN ('barred', 'refused', 'released', 'withdrawn');
CREATE INDEX directory_draft_released_of_entry ON directory_draft (entry_id) WHERE state = 'released';
CREATE INDEX directory_draft_by_compiler ON directory_draft (compiled_by, id);
CREATE INDEX directory_draft_by_source ON directory_draft (source_id, id);
CREATE INDEX directory_draft_by_release ON directory_draft (release_id) WHERE release_id IS NOT NULL;

-- What was done with a draft, by whom, when, why; nothing of it is ever changed.
CREATE TABLE directory_draft_step (
    draft_id uuid NOT NULL REFERENCES directory_draft,
    number integer NOT NULL,
    step text NOT NULL CONSTRAINT directory_draft_step_known CHECK
        (step IN ('compiled', 'edited', 'assessed', 'submitted', 'returned', 'approved', 'refused', 'released',
            'withdrawn')),
    party_id uuid NOT NULL REFERENCES party,
    taken_at timestamptz NOT NULL,
    reason text,
    -- The document as it then stood, the assessment, or all that was missing.
    details jsonb,
    PRIMARY KEY (draft_id, number)
);

-- A version comes from an import or from a draft, and so does each period that was stated anew.
ALTER TABLE directory_entry_version ALTER COLUMN import_id DROP NOT NULL;
ALTER TABLE directory_entry_version ADD COLUMN draft_id uuid REFERENCES directory_draft;
ALTER TABLE directory_entry_version ADD CONSTRAINT directory_entry_version_has_one_origin
    CHECK (num_nonnulls(import_id, draft_id) = 1);
ALTER TABLE directory_entry_validity ADD COLUMN draft_id uuid REFERENCES directory_draft;

-- Something changed in law or duties: from that day the provider has the policy's days to update the entry.
CREATE TABLE directory_change (
    id uuid PRIMARY KEY,
    entry_id uuid NOT NULL REFERENCES directory_entry,
    happened_on date NOT NULL,
    reason text NOT NULL CONSTRAINT directory_change_has_reason CHECK (btrim(reason) <> ''),
    reported_by uuid NOT NULL REFERENCES party,
    reported_at timestamptz NOT NULL,
    CONSTRAINT directory_change_reported_once UNIQUE (entry_id, happened_on, reason)
);

-- The fields of an entry's document by the names of the API: updateFrequency becomes update_frequency.
CREATE FUNCTION entry_fields(document jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT jsonb_object_agg(lower(regexp_replace(field.key, '([A-Z])', '_\1', 'g')), field.value)
    FROM jsonb_each(document) AS field);

-- Every value of a document with its place: nested fields and the elements of lists are named, as in
-- items[name=street].type, conditions[purpose].value or titles[zh].text. A list of plain values is one value.
CREATE FUNCTION document_places(document jsonb) RETURNS TABLE (place text, value jsonb)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
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
