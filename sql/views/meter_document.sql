-- A meter as JSON.
CREATE OR REPLACE FUNCTION meter_document(wanted meter) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object('code', wanted.code, 'title_zh', wanted.title_zh, 'title_en', wanted.title_en,
        'unit', wanted.unit, 'event_type', wanted.event_type, 'aggregation', wanted.aggregation, 'value', wanted.value,
        'scale', wanted.scale, 'dimensions', wanted.dimensions,
        'product', (SELECT product.code FROM product WHERE product.id = wanted.product_id),
        'accepted_for_hours', (extract(epoch FROM wanted.accepted_for) / 3600)::integer, 'made_at', wanted.made_at)
$$;
