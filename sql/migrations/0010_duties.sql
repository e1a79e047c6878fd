-- Duties and their clocks: numbers of days from policies, a calendar of working days, deadlines, notices.

-- Numbers that a rule sets are rows with their source, never code.
CREATE TABLE policy (
    rule text NOT NULL CONSTRAINT policy_rule_form CHECK (rule ~ '^[a-z][a-z_]*$'),
    effective daterange NOT NULL CONSTRAINT policy_effective_not_empty CHECK (NOT isempty(effective)),
    title_zh text NOT NULL,
    title_en text NOT NULL,
    days integer NOT NULL CONSTRAINT policy_days_positive CHECK (days > 0),
    unit text NOT NULL CONSTRAINT policy_unit_known CHECK (unit IN ('working_day', 'day')),
    -- By how many days more the duty may be extended, once; null: not at all.
    extension_days integer CONSTRAINT policy_extension_positive CHECK (extension_days > 0),
    article text,
    source text NOT NULL,
    verified boolean NOT NULL,
    PRIMARY KEY (rule, effective),
    CONSTRAINT policy_one_at_a_time EXCLUDE USING gist (rule WITH =, effective WITH &&)
);

-- Days that differ from "Monday to Friday are working days": holidays, and weekends that were moved.
CREATE TABLE calendar_day (
    day date PRIMARY KEY,
    is_working boolean NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    source text NOT NULL,
    verified boolean NOT NULL
);

CREATE FUNCTION is_working_day(day date) RETURNS boolean LANGUAGE sql STABLE
RETURN COALESCE((SELECT calendar_day.is_working FROM calendar_day WHERE calendar_day.day = is_working_day.day),
    extract(isodow FROM is_working_day.day) < 6);

-- The day on which the n-th working day after a day ends; the day itself does not count.
CREATE FUNCTION add_working_days(first date, n integer) RETURNS date LANGUAGE sql STABLE
RETURN CASE WHEN n <= 0 THEN first ELSE (
    SELECT counted.day FROM (
        SELECT day::date AS day, row_number() OVER (ORDER BY day) AS place
        -- The longest holiday with its weekends is ten days; two days for each and a month more are always enough.
        FROM generate_series(first + 1, first + 2 * n + 31, interval '1 day') AS day
        WHERE is_working_day(day::date)) AS counted
    WHERE counted.place = n) END;

-- A moment's day where the duties are kept.
CREATE FUNCTION legal_day(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE
RETURN (moment AT TIME ZONE 'Asia/Shanghai')::date;

-- When a duty that began at a moment falls due by the policy then in force; null when there is no such policy.
CREATE FUNCTION due_on(rule text, began_at timestamptz) RETURNS date LANGUAGE sql STABLE
RETURN (SELECT CASE policy.unit WHEN 'day' THEN legal_day(began_at) + policy.days
        ELSE add_working_days(legal_day(began_at), policy.days) END
    FROM policy WHERE policy.rule = due_on.rule AND policy.effective @> legal_day(began_at));

-- What a party has to do by when. The clock stands while the other side completes its papers.
CREATE TABLE deadline (
    id uuid PRIMARY KEY,
    rule text NOT NULL,
    -- Who has to act.
    party_id uuid NOT NULL REFERENCES party,
    subject_kind text NOT NULL CONSTRAINT deadline_subject_known CHECK
        (subject_kind IN ('directory_draft', 'directory_entry', 'correction', 'consent', 'credential', 'product')),
    subject_id uuid NOT NULL,
    -- What people quote the subject by.
    subject_code text NOT NULL,
    began_at timestamptz NOT NULL,
    due_on date NOT NULL,
    state text NOT NULL CONSTRAINT deadline_state_known CHECK (state IN ('running', 'paused', 'met', 'void')),
    paused_at timestamptz,
    extended_at timestamptz,
    extension_basis text,
    ended_at timestamptz,
    CONSTRAINT deadline_paused_has_time CHECK ((state = 'paused') = (paused_at IS NOT NULL)),
    CONSTRAINT deadline_ended_has_time CHECK ((state IN ('met', 'void')) = (ended_at IS NOT NULL)),
    CONSTRAINT deadline_extension_has_basis CHECK ((extended_at IS NULL) = (extension_basis IS NULL))
);
CREATE UNIQUE INDEX deadline_one_open_per_duty ON deadline (subject_kind, subject_id, rule)
    WHERE state IN ('running', 'paused');
CREATE INDEX deadline_open_by_party ON deadline (party_id, due_on, id) WHERE state IN ('running', 'paused');
CREATE INDEX deadline_open ON deadline (due_on, id) WHERE state IN ('running', 'paused');

-- What a party was told; written by the statement or transaction that makes it true.
CREATE TABLE notice (
    id uuid PRIMARY KEY,
    party_id uuid NOT NULL REFERENCES party,
    kind text NOT NULL CONSTRAINT notice_kind_form CHECK (kind ~ '^[a-z][a-z_.]*$'),
    -- Where it leads: a path of the portal such as /directory/US-DC-0123.
    address text NOT NULL CONSTRAINT notice_address_is_path CHECK (address ~ '^/'),
    message_zh text NOT NULL,
    message_en text NOT NULL,
    told_at timestamptz NOT NULL,
    acknowledged_at timestamptz,
    CONSTRAINT notice_acknowledged_later CHECK (acknowledged_at >= told_at)
);
CREATE INDEX notice_by_party ON notice (party_id, id);

-- Numbers of the regulations, with their status in the project's notes on the field.
INSERT INTO policy (rule, effective, title_zh, title_en, days, unit, extension_days, article, source, verified) VALUES
('directory_review', '[2025-08-01,)', '目录审核', 'Review of a submitted directory entry', 2, 'working_day', NULL,
    '17?', 'Decree 809; the number was not found in a source', false),
('directory_update', '[2025-08-01,)', '目录更新', 'Update of a directory entry after a change', 10, 'working_day', 5,
    '17?', 'Decree 809; the numbers were not found in a source', false),
('answer_unconditional', '[2025-08-01,)', '无条件共享答复', 'Answer to a request for unconditionally shared data', 1,
    'working_day', NULL, '23?', 'Decree 809; the number was not found in a source', false),
('answer_conditional', '[2025-08-01,)', '有条件共享答复', 'Answer to a request for conditionally shared data', 10,
    'working_day', 10, '23?', 'Decree 809; the numbers were not found in a source', false),
('correction', '[2025-08-01,)', '校核', 'Check and correction of data in doubt', 10, 'working_day', 10,
    '26?', 'Decree 809; that there is a limit was found, the numbers were not', false),
('registration_first', '[2025-03-01,)', '首次登记', 'First registration after delivery', 20, 'working_day', NULL,
    '9(1)', 'NDRC Data 2025 No. 26', true),
('registration_acceptance', '[2025-03-01,)', '登记受理', 'Acceptance of a registration', 3, 'working_day', NULL,
    '10', 'NDRC Data 2025 No. 26', true),
('registration_review', '[2025-03-01,)', '形式审核', 'Formal review of a registration', 20, 'working_day', NULL,
    '11', 'NDRC Data 2025 No. 26', true),
('registration_publicity', '[2025-03-01,)', '登记公示', 'Publicity of a registration', 10, 'working_day', NULL,
    '12', 'NDRC Data 2025 No. 26', true),
('registration_cancellation', '[2025-03-01,)', '注销登记', 'Cancellation of a registration', 10, 'working_day', NULL,
    '9(4)', 'NDRC Data 2025 No. 26', true),
('registration_renewal', '[2025-03-01,)', '续登记', 'Renewal within the days before the expiry', 60, 'day', NULL,
    '15', 'NDRC Data 2025 No. 26', true);

-- Holidays as the State Council announces them each November for the next year.
INSERT INTO calendar_day (day, is_working, name_zh, name_en, source, verified)
SELECT day::date, period.is_working, period.name_zh, period.name_en, notice.source, notice.verified
FROM (VALUES
    (2025, 'yearly holiday notice; general knowledge', false),
    (2026, 'holiday notice of 4 November 2025: politics.gmw.cn/2025-11/04/content_38391083.htm', true),
    (2027, 'statutory holiday; the notice for the year was not out', false)) AS notice(year, source, verified)
JOIN (VALUES
    (false, '元旦', 'New Year', '2025-01-01', '2025-01-01'),
    (true, '调休上班', 'Working day moved here', '2025-01-26', '2025-01-26'),
    (false, '春节', 'Spring Festival', '2025-01-28', '2025-02-04'),
    (true, '调休上班', 'Working day moved here', '2025-02-08', '2025-02-08'),
    (false, '清明节', 'Qingming', '2025-04-04', '2025-04-06'),
    (true, '调休上班', 'Working day moved here', '2025-04-27', '2025-04-27'),
    (false, '劳动节', 'Labour Day', '2025-05-01', '2025-05-05'),
    (false, '端午节', 'Dragon Boat Festival', '2025-05-31', '2025-06-02'),
    (true, '调休上班', 'Working day moved here', '2025-09-28', '2025-09-28'),
    (false, '国庆节、中秋节', 'National Day and Mid-Autumn Festival', '2025-10-01', '2025-10-08'),
    (true, '调休上班', 'Working day moved here', '2025-10-11', '2025-10-11'),
    (false, '元旦', 'New Year', '2026-01-01', '2026-01-03'),
    (true, '调休上班', 'Working day moved here', '2026-01-04', '2026-01-04'),
    (true, '调休上班', 'Working day moved here', '2026-02-14', '2026-02-14'),
    (false, '春节', 'Spring Festival', '2026-02-15', '2026-02-23'),
    (true, '调休上班', 'Working day moved here', '2026-02-28', '2026-02-28'),
    (false, '清明节', 'Qingming', '2026-04-04', '2026-04-06'),
    (false, '劳动节', 'Labour Day', '2026-05-01', '2026-05-05'),
    (true, '调休上班', 'Working day moved here', '2026-05-09', '2026-05-09'),
    (false, '端午节', 'Dragon Boat Festival', '2026-06-19', '2026-06-21'),
    (true, '调休上班', 'Working day moved here', '2026-09-20', '2026-09-20'),
    (false, '中秋节', 'Mid-Autumn Festival', '2026-09-25', '2026-09-27'),
    (false, '国庆节', 'National Day', '2026-10-01', '2026-10-07'),
    (true, '调休上班', 'Working day moved here', '2026-10-10', '2026-10-10'),
    (false, '元旦', 'New Year', '2027-01-01', '2027-01-01'))
    AS period(is_working, name_zh, name_en, first, last) ON notice.year = extract(year FROM period.first::date),
    generate_series(period.first::date, period.last::date, interval '1 day') AS day;
