-- Officers stop a clock while the other side completes its papers, and let it run on; every pause is kept.
CREATE TABLE deadline_pause (
    deadline_id uuid NOT NULL REFERENCES deadline,
    number integer NOT NULL CONSTRAINT deadline_pause_counts_from_one CHECK (number >= 1),
    reason text NOT NULL CONSTRAINT deadline_pause_has_reason CHECK (btrim(reason) <> ''),
    -- Whose papers are waited for, and who stopped the clock.
    awaited_id uuid NOT NULL REFERENCES party,
    paused_by uuid NOT NULL REFERENCES party,
    paused_at timestamptz NOT NULL,
    resumed_at timestamptz CONSTRAINT deadline_pause_resumed_later CHECK (resumed_at >= paused_at),
    -- Null when the step that the clock stood for let it run on.
    resumed_by uuid REFERENCES party,
    -- By how many days the due date moved, in the unit of the policy.
    days integer CONSTRAINT deadline_pause_days_not_negative CHECK (days >= 0),
    PRIMARY KEY (deadline_id, number),
    CONSTRAINT deadline_pause_end_is_whole CHECK ((resumed_at IS NULL) = (days IS NULL))
);
CREATE UNIQUE INDEX deadline_pause_one_open ON deadline_pause (deadline_id) WHERE resumed_at IS NULL;
-- An extension may be shorter than the policy allows; null: all its days.
ALTER TABLE deadline ADD COLUMN extended_days integer
    CONSTRAINT deadline_extended_days_positive CHECK (extended_days > 0);
-- What ends on a day of its own, like the period of a paper, does not end later because somebody waits.
ALTER TABLE deadline ADD COLUMN is_fixed boolean NOT NULL
    GENERATED ALWAYS AS (rule IN ('registration_renewal', 'consent_renewal')) STORED;
ALTER TABLE deadline ADD CONSTRAINT deadline_fixed_runs_on CHECK
    (NOT is_fixed OR (state <> 'paused' AND extended_at IS NULL));
