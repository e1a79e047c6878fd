-- A revision as a table for outside clients, as JSON: schema, columns with their titles, keys, and its parts of one kind with
-- their statistics. $1 product, $2 revision, $3 rows or changes
SELECT json_build_object('schema', made.schema, 'columns', revision.columns, 'keys', revision.keys, 'rows', made.rows,
    'published_at', revision.published_at, 'parts', COALESCE((SELECT json_agg(json_build_object(
            'sha256', encode(part.sha256, 'hex'), 'bytes', content.bytes, 'rows', part.rows,
            'statistics', part.statistics) ORDER BY part.place)
        FROM revision_part AS part JOIN content ON content.sha256 = part.sha256
        WHERE part.product_id = made.product_id AND part.number = made.number AND part.kind = $3), '[]'))::text
FROM revision_table AS made
JOIN product_revision AS revision ON revision.product_id = made.product_id AND revision.number = made.number
WHERE made.product_id = $1 AND made.number = $2;
