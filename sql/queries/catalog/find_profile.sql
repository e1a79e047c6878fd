-- Whether a revision of a listed product is a table, and its profile with quality and freshness as JSON (null: not made yet);
-- no row: no such product is listed, or it has no such revision. Values of personal columns are left out.
-- $1 code, $2 revision or null for the newest, $3 now
WITH revision AS (
    SELECT product.code, revision.product_id, revision.number, revision.columns, revision.published_at,
        profile.document IS NOT NULL OR profile.rules IS NULL AND revision.media_type LIKE 'text/csv%' AS is_table,
        profile.document, personal_columns(revision.product_id, revision.number) AS personal,
        COALESCE((SELECT min(published_at) FROM product_revision AS later
            WHERE later.product_id = revision.product_id AND later.number > revision.number), $3) AS until
    FROM product
    JOIN LATERAL (SELECT product_id, number, columns, published_at, media_type FROM product_revision
                  WHERE product_id = product.id AND ($2::integer IS NULL OR number = $2)
                  ORDER BY number DESC LIMIT 1) AS revision ON true
    LEFT JOIN product_revision_profile AS profile
        ON profile.product_id = revision.product_id AND profile.number = revision.number
    WHERE product.code = $1 AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL
), profiled AS (
    SELECT held.value AS held, held.place, held.value->>'name' AS name,
        (held.value->>'empty')::bigint AS empty, (held.value->>'invalid')::bigint AS invalid
    FROM revision, jsonb_array_elements(revision.document->'columns') WITH ORDINALITY AS held (value, place)
), counted AS (
    SELECT (document->>'rows')::bigint AS rows, (document->>'duplicates')::bigint AS duplicates,
        (SELECT count(*) FROM profiled) * (document->>'rows')::bigint AS cells,
        (SELECT sum(empty) FROM profiled) AS empty, (SELECT sum(invalid) FROM profiled) AS invalid
    FROM revision
), due AS (
    SELECT entry.code, version.document->>'updateFrequency' AS frequency, update_days(version.document->>'updateFrequency') AS days
    FROM revision
    JOIN product_revision_source AS used ON used.product_id = revision.product_id AND used.number = revision.number
    JOIN directory_entry AS entry ON entry.id = used.entry_id
    JOIN directory_entry_version AS version ON version.entry_id = used.entry_id AND version.number = used.entry_version
    WHERE version.document->>'updateFrequency' IS NOT NULL
    ORDER BY days, entry.code LIMIT 1
), quality AS (
    SELECT 'completeness' AS figure, trunc((cells - empty)::numeric / NULLIF(cells, 0), 4) AS share FROM counted
    UNION ALL SELECT 'validity', trunc((cells - empty - invalid)::numeric / NULLIF(cells - empty, 0), 4) FROM counted
    UNION ALL SELECT 'uniqueness', trunc((rows - duplicates)::numeric / NULLIF(rows, 0), 4) FROM counted
)
SELECT is_table, CASE WHEN document IS NOT NULL THEN json_build_object(
    'product', code, 'revision', number, 'published_at', published_at, 'rows', document->'rows',
    'duplicate_rows', document->'duplicates',
    'columns', (SELECT COALESCE(json_agg((CASE WHEN profiled.name = ANY (revision.personal)
                THEN held - '{minimum,maximum,quartiles,frequent,histogram}'::text[] ELSE held END)
            || jsonb_build_object('zh', declared.value->>'zh', 'en', declared.value->>'en',
                'personal', profiled.name = ANY (revision.personal)) ORDER BY place), '[]')
        FROM profiled LEFT JOIN LATERAL (
            SELECT value FROM jsonb_array_elements(revision.columns) AS value
            WHERE value->>'name' = profiled.name LIMIT 1) AS declared ON true),
    'quality', (SELECT json_agg(json_build_object('figure', figure, 'share', share,
            'definition_zh', definition_zh, 'definition_en', definition_en) ORDER BY position)
        FROM quality JOIN quality_definition USING (figure)),
    'freshness', (SELECT json_build_object(
            'state', CASE WHEN days IS NULL THEN 'not_stated'
                WHEN until <= published_at + make_interval(days => days) THEN 'on_time' ELSE 'late' END,
            'age_days', GREATEST(0, floor(extract(epoch FROM until - published_at) / 86400))::integer,
            'frequency', frequency, 'entry', due.code, 'due_days', days,
            'due_at', published_at + make_interval(days => days),
            'definition_zh', definition_zh, 'definition_en', definition_en)
        FROM quality_definition LEFT JOIN due ON true WHERE figure = 'freshness'))::text END
FROM revision;
