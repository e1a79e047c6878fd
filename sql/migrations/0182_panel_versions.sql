-- A panel is corrected by a new version, never in place: what was computed from an earlier one stays what it was.
CREATE TABLE panel_version (
    panel_id uuid NOT NULL REFERENCES panel,
    number integer NOT NULL CONSTRAINT panel_version_number_positive CHECK (number > 0),
    title_zh text NOT NULL,
    title_en text NOT NULL,
    dated_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    -- Null where nobody of the market did, as by the command.
    recorded_by uuid REFERENCES party,
    -- Of the file; null for panels of old, of whose files it is not known.
    sha256 bytea CONSTRAINT panel_version_sha256_length CHECK (octet_length(sha256) = 32),
    members integer NOT NULL CONSTRAINT panel_version_members_not_negative CHECK (members >= 0),
    PRIMARY KEY (panel_id, number)
);
INSERT INTO panel_version (panel_id, number, title_zh, title_en, dated_on, recorded_at, members)
SELECT id, 1, title_zh, title_en, dated_on, recorded_at, (SELECT count(*) FROM panel_member WHERE panel_id = panel.id)
FROM panel;
ALTER TABLE panel DROP title_zh, DROP title_en, DROP dated_on, DROP recorded_at;
-- A member is known by its credit code, whether it is a party of the market or not: one that becomes a party later counts
-- from then on. Members name the same group by the same code or name.
ALTER TABLE panel_member ADD version integer, ADD enterprise_code text, ADD name text, ADD enterprise_group text;
UPDATE panel_member SET version = 1, (enterprise_code, name) = (SELECT code, name FROM party WHERE id = enterprise_id);
ALTER TABLE panel_member
    DROP CONSTRAINT panel_member_pkey,
    DROP CONSTRAINT panel_member_panel_id_fkey,
    DROP enterprise_id,
    ADD CONSTRAINT panel_member_pkey PRIMARY KEY (panel_id, version, enterprise_code),
    ADD CONSTRAINT panel_member_of_version FOREIGN KEY (panel_id, version) REFERENCES panel_version (panel_id, number),
    ADD CONSTRAINT panel_member_credit_code_valid CHECK (credit_code_is_valid(enterprise_code)),
    ADD CONSTRAINT panel_member_name_not_blank CHECK (btrim(name) <> ''),
    ADD CONSTRAINT panel_member_group_not_blank CHECK (btrim(enterprise_group) <> ''),
    ADD CONSTRAINT panel_member_section_is_gbt4754 CHECK (industry_section ~ '^[A-T]$'),
    ADD CONSTRAINT panel_member_province_is_gbt2260 CHECK (province ~ '^[0-9]{6}$'),
    ADD CONSTRAINT panel_member_kind_known CHECK
        (enterprise_kind IN ('central_soe', 'local_soe', 'private', 'foreign', 'other'));
