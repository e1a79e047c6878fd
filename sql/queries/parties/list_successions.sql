-- Successions that a party was part of, on either side, as JSON, as far as they were known at a time, and those that
-- had been corrected by then; no row: no such party. $1 code, $2 recorded by
SELECT jsonb_build_object('party', party.code, 'items', COALESCE((
    SELECT jsonb_agg(jsonb_build_object('id', succession.id, 'corrects', succession.corrects_id, 'kind', succession.kind, 'predecessor', before.document,
        'effective_on', (succession.effective_at AT TIME ZONE 'Asia/Shanghai')::date,
        'recorded_at', lower(succession.recorded), 'basis', succession.basis,
        'basis_sha256', encode(succession.basis_sha256, 'hex'),
        'successors', (
            SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('party', called.document, 'roles', to_jsonb(taker.roles),
                'subjects', (SELECT jsonb_agg(COALESCE(entry.code, product.code) ORDER BY COALESCE(entry.code, product.code))
                    FROM party_successor_subject AS named
                    LEFT JOIN directory_entry AS entry ON entry.id = named.entry_id
                    LEFT JOIN product ON product.id = named.product_id
                    WHERE named.succession_id = succession.id AND named.position = taker.position)))
                ORDER BY taker.position)
            FROM party_successor AS taker, LATERAL party_then(taker.party_id, $2, $2) AS called
            WHERE taker.succession_id = succession.id))
        ORDER BY succession.effective_at, succession.id)
    FROM party_succession AS succession
    CROSS JOIN LATERAL party_then(succession.predecessor_id, succession.effective_at - interval '1 second', $2) AS before
    WHERE succession.recorded @> $2::timestamptz AND (succession.predecessor_id = party.id OR EXISTS (
        SELECT FROM party_successor AS taker
        WHERE taker.succession_id = succession.id AND taker.party_id = party.id))), '[]'),
    'corrected', COALESCE((
        SELECT jsonb_agg(jsonb_build_object('id', wrong.id, 'kind', wrong.kind,
            'effective_on', (wrong.effective_at AT TIME ZONE 'Asia/Shanghai')::date,
            'recorded_at', lower(wrong.recorded), 'basis', wrong.basis, 'corrected_at', upper(wrong.recorded),
            'corrected_by', corrector.document, 'reason', wrong.correction_reason)
            ORDER BY upper(wrong.recorded), wrong.id)
        FROM party_succession AS wrong JOIN party_summary AS corrector ON corrector.id = wrong.corrected_by
        WHERE upper(wrong.recorded) <= $2::timestamptz AND (wrong.predecessor_id = party.id OR EXISTS (
            SELECT FROM party_successor AS taker
            WHERE taker.succession_id = wrong.id AND taker.party_id = party.id))), '[]'))::text
FROM party WHERE party.code = $1;
