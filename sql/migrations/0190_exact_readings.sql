-- Which figures were read without suppression: by whom, when and why. Written before the figure is answered; nothing of it is
-- changed.
CREATE TABLE exact_reading (
    id uuid PRIMARY KEY,
    metric text NOT NULL,
    version integer NOT NULL,
    -- SHA-256 of the metric's file, in hexadecimal.
    definition text NOT NULL,
    parameters jsonb NOT NULL,
    reason text NOT NULL CONSTRAINT exact_reading_has_reason CHECK (btrim(reason) <> '' AND length(reason) <= 400),
    read_by uuid NOT NULL REFERENCES party,
    -- The token or password that it was asked for with.
    access_id uuid NOT NULL,
    read_at timestamptz NOT NULL
);
