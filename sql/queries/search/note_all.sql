-- Notes everything, as after a load that went past the features.
INSERT INTO search_pending (kind, subject_id)
SELECT 'source', id FROM directory_source
UNION ALL SELECT 'subject', id FROM product WHERE listed_at IS NOT NULL
UNION ALL SELECT 'subject', id FROM scenario;
