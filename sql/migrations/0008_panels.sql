-- A dated list of enterprises, with a reason for each.
CREATE TABLE panel (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT panel_code_unique UNIQUE
        CONSTRAINT panel_code_form CHECK (code ~ '^[a-z0-9][a-z0-9-]{1,39}$'),
    title_zh text NOT NULL,
    title_en text NOT NULL,
    dated_on date NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE TABLE panel_member (
    panel_id uuid NOT NULL REFERENCES panel,
    enterprise_id uuid NOT NULL REFERENCES party,
    reason text NOT NULL CONSTRAINT panel_member_has_reason CHECK (btrim(reason) <> ''),
    PRIMARY KEY (panel_id, enterprise_id)
);
