-- Companies that central enterprises established, as somebody states them with a source. A company that is stated otherwise later is
-- corrected: what was said of it before stays, with the time until which it was believed.
CREATE TABLE new_company (
    company_code text NOT NULL CONSTRAINT new_company_code_valid CHECK (credit_code_is_valid(company_code)),
    number integer NOT NULL,
    name text NOT NULL,
    -- The central enterprise that established it: of several the one that controls it.
    group_code text NOT NULL CONSTRAINT new_company_group_code_valid CHECK (credit_code_is_valid(group_code)),
    group_name text NOT NULL,
    established_on date NOT NULL,
    industry_section text CONSTRAINT new_company_section_is_gbt4754 CHECK (industry_section ~ '^[A-T]$'),
    province text CONSTRAINT new_company_province_is_gbt2260 CHECK (province ~ '^[0-9]{6}$'),
    source text NOT NULL,
    synthetic boolean NOT NULL,
    -- It is said not to be one after all.
    withdrawn boolean NOT NULL,
    stated_by uuid NOT NULL REFERENCES party,
    recorded tstzrange NOT NULL CONSTRAINT new_company_recorded_not_empty CHECK (NOT isempty(recorded)),
    PRIMARY KEY (company_code, number),
    CONSTRAINT new_company_is_not_its_group CHECK (group_code <> company_code)
);
CREATE UNIQUE INDEX new_company_stands ON new_company (company_code) WHERE upper_inf(recorded);
