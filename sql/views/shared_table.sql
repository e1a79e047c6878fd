-- A revision as a table for outside clients, as JSON: schema, columns with their titles, keys, and its parts of a kind (rows or
-- changes) with their statistics. No row: it is no table.
CREATE OR REPLACE FUNCTION shared_table(product uuid, revision integer, part_kind text) RETURNS TABLE (document json)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_object('schema', made.schema, 'columns', shown.columns, 'keys', shown.keys, 'rows', made.rows,
        'published_at', shown.published_at, 'parts', COALESCE((SELECT json_agg(json_build_object(
                'sha256', encode(part.sha256, 'hex'), 'bytes', content.bytes, 'rows', part.rows,
                'statistics', part.statistics) ORDER BY part.place)
            FROM revision_part AS part JOIN content ON content.sha256 = part.sha256
            WHERE part.product_id = made.product_id AND part.number = made.number AND part.kind = part_kind), '[]'))
    FROM revision_table AS made
    JOIN product_revision AS shown ON shown.product_id = made.product_id AND shown.number = made.number
    WHERE made.product_id = shared_table.product AND made.number = shared_table.revision
$$;
