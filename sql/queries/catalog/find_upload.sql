-- The upload of a revision as JSON, and its state; no row: none was opened. $1 product, $2 number
SELECT upload.state, jsonb_build_object('number', upload.number, 'state', upload.state, 'contract', upload.contract,
    'opened_at', upload.opened_at, 'submitted_at', upload.submitted_at, 'ended_at', upload.ended_at,
    'refusal', upload.refusal, 'files', (SELECT COALESCE(jsonb_agg(jsonb_build_object('name', file.name,
        'media_type', file.media_type, 'charset', file.charset, 'compression', file.compression, 'bytes', content.bytes,
        'sha256', encode(file.sha256, 'hex'), 'sm3', encode(content.sm3, 'hex'), 'received_at', file.received_at)
        ORDER BY file.name), '[]')
    FROM revision_file AS file JOIN content ON content.sha256 = file.sha256
    WHERE file.product_id = upload.product_id AND file.number = upload.number))
FROM revision_upload AS upload WHERE upload.product_id = $1 AND upload.number = $2;
