-- How far the totals of adoption and the market's log went, as JSON; counted_to is the place of the last record that the totals hold.
SELECT json_build_object('counted_to', (SELECT NULLIF(position, -1) FROM adoption_progress),
    'log_size', COALESCE((SELECT max(size) FROM log_head), 0),
    'log_head', (SELECT encode(sha256, 'hex') FROM log_head ORDER BY size DESC LIMIT 1))::text;
