-- Papers that make a product sellable, their states, and who moved them when and why.
CREATE TABLE credential_kind (
    kind text PRIMARY KEY,
    procedure text NOT NULL CONSTRAINT credential_kind_procedure_known CHECK
        (procedure IN ('registration', 'agreement', 'approval')),
    -- For which offers it is needed: all, those with a price, or none.
    needed_for text NOT NULL CONSTRAINT credential_kind_need_known CHECK (needed_for IN ('all', 'priced', 'none')),
    max_years integer NOT NULL CONSTRAINT credential_kind_max_years_positive CHECK (max_years > 0),
    title_zh text NOT NULL,
    title_en text NOT NULL,
    source text NOT NULL,
    verified boolean NOT NULL,
    CONSTRAINT credential_kind_target UNIQUE (kind, procedure, max_years)
);

INSERT INTO credential_kind (kind, procedure, needed_for, max_years, title_zh, title_en, source, verified) VALUES
('resource_registration', 'registration', 'all', 3, '公共数据资源登记', 'Resource registration',
    'NDRC Data 2025 No. 26, articles 5 and 15', true),
('product_registration', 'registration', 'all', 3, '产品和服务登记', 'Product registration',
    'NDRC Data 2025 No. 26, article 15; a duty of operators in NDRC Data 2025 No. 27, article 16', true),
('authorisation', 'agreement', 'all', 5, '授权运营协议', 'Authorisation agreement',
    'NDRC Data 2025 No. 27, article 14', true),
('price_approval', 'approval', 'priced', 3, '价格核定', 'Price approval',
    'NDRC Price 2025 No. 65: review at most every 3 years', true),
('property_rights_registration', 'registration', 'none', 3, '数据产权登记', 'Property-rights registration',
    'Rolled out in August 2026; its term was not found', false);

-- Which state may follow which, who moves it, and which duties (rules of policies) that opens and meets.
CREATE TABLE credential_transition (
    procedure text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    mover text NOT NULL CONSTRAINT credential_transition_mover_known CHECK (mover IN ('holder', 'issuer', 'market')),
    needs_reason boolean NOT NULL,
    opens text,
    meets text,
    PRIMARY KEY (procedure, from_state, to_state)
);

INSERT INTO credential_transition (procedure, from_state, to_state, mover, needs_reason, opens, meets) VALUES
('registration', 'draft', 'submitted', 'holder', false, 'registration_acceptance', NULL),
-- What a registrar outside the market issued is recorded as it is.
('registration', 'draft', 'in_force', 'issuer', true, NULL, NULL),
('registration', 'submitted', 'accepted', 'issuer', false, 'registration_review', 'registration_acceptance'),
('registration', 'submitted', 'returned', 'issuer', true, NULL, 'registration_acceptance'),
('registration', 'submitted', 'rejected', 'issuer', true, NULL, 'registration_acceptance'),
('registration', 'returned', 'submitted', 'holder', false, 'registration_acceptance', NULL),
('registration', 'accepted', 'in_review', 'issuer', false, NULL, NULL),
('registration', 'in_review', 'in_publicity', 'issuer', false, 'registration_publicity', 'registration_review'),
('registration', 'in_review', 'rejected', 'issuer', true, NULL, 'registration_review'),
('registration', 'in_publicity', 'objected', 'issuer', true, NULL, 'registration_publicity'),
('registration', 'objected', 'in_publicity', 'issuer', true, 'registration_publicity', NULL),
('registration', 'objected', 'terminated', 'issuer', true, NULL, NULL),
('registration', 'in_publicity', 'in_force', 'issuer', false, NULL, 'registration_publicity'),
('registration', 'in_force', 'cancelled', 'issuer', true, NULL, NULL),
('registration', 'in_force', 'revoked', 'issuer', true, NULL, NULL),
('registration', 'in_force', 'expired', 'market', false, NULL, NULL),
('agreement', 'draft', 'signed', 'holder', false, NULL, NULL),
('agreement', 'draft', 'in_force', 'issuer', true, NULL, NULL),
('agreement', 'signed', 'filed', 'issuer', false, NULL, NULL),
('agreement', 'filed', 'in_force', 'issuer', false, NULL, NULL),
('agreement', 'in_force', 'terminated', 'issuer', true, NULL, NULL),
('agreement', 'in_force', 'expired', 'market', false, NULL, NULL),
('approval', 'draft', 'submitted', 'holder', false, NULL, NULL),
('approval', 'draft', 'in_force', 'issuer', true, NULL, NULL),
('approval', 'submitted', 'in_force', 'issuer', false, NULL, NULL),
('approval', 'submitted', 'returned', 'issuer', true, NULL, NULL),
('approval', 'submitted', 'rejected', 'issuer', true, NULL, NULL),
('approval', 'returned', 'submitted', 'holder', false, NULL, NULL),
('approval', 'in_force', 'revoked', 'issuer', true, NULL, NULL),
('approval', 'in_force', 'expired', 'market', false, NULL, NULL);

CREATE TABLE credential (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES product,
    kind text NOT NULL,
    procedure text NOT NULL,
    max_years integer NOT NULL,
    -- Who applies for it and uses it, and who issues it.
    holder_id uuid NOT NULL REFERENCES party,
    issuer_id uuid NOT NULL REFERENCES party,
    -- The query code of a registration (its structure is not published: opaque), or the number of a document.
    number text CONSTRAINT credential_number_not_blank CHECK (btrim(number) <> ''),
    valid daterange CONSTRAINT credential_valid_has_ends CHECK
        (NOT isempty(valid) AND NOT lower_inf(valid) AND NOT upper_inf(valid)),
    state text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT credential_is_of_a_kind FOREIGN KEY (kind, procedure, max_years)
        REFERENCES credential_kind (kind, procedure, max_years),
    CONSTRAINT credential_term_within_limit CHECK (upper(valid) <= lower(valid) + make_interval(years => max_years)),
    CONSTRAINT credential_in_force_is_numbered CHECK
        (state NOT IN ('in_force', 'expired', 'revoked', 'cancelled') OR (number IS NOT NULL AND valid IS NOT NULL)),
    CONSTRAINT credential_state_known CHECK (state IN ('draft', 'submitted', 'accepted', 'returned', 'rejected',
        'in_review', 'in_publicity', 'objected', 'terminated', 'signed', 'filed', 'in_force', 'expired', 'cancelled',
        'revoked')),
    CONSTRAINT credential_one_in_force EXCLUDE USING gist (product_id WITH =, kind WITH =, valid WITH &&)
        WHERE (state = 'in_force')
);
CREATE INDEX credential_by_product ON credential (product_id, kind);
CREATE INDEX credential_in_force_by_end ON credential (upper(valid)) WHERE state = 'in_force';
-- One open application of a kind at a time, so that the same statement again adds nothing.
CREATE UNIQUE INDEX credential_one_application ON credential (product_id, kind)
    WHERE state IN ('draft', 'submitted', 'accepted', 'returned', 'in_review', 'in_publicity', 'objected', 'signed', 'filed');

CREATE TABLE credential_step (
    credential_id uuid NOT NULL REFERENCES credential,
    number integer NOT NULL CONSTRAINT credential_step_counts_from_one CHECK (number >= 1),
    procedure text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    -- Null when the market itself did it: a period ended.
    party_id uuid REFERENCES party,
    reason text CONSTRAINT credential_step_reason_not_blank CHECK (btrim(reason) <> ''),
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (credential_id, number),
    CONSTRAINT credential_step_is_allowed FOREIGN KEY (procedure, from_state, to_state) REFERENCES credential_transition
);
