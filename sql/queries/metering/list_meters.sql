-- The meters that operators report: code, for how many seconds after a use its event is counted.
SELECT code, extract(epoch FROM accepted_for)::float8 FROM meter WHERE is_reported;
