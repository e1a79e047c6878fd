-- The transitions of a purchase, as JSON, with the decisions that it needed. $1 enterprise, $2 purchase
SELECT json_build_object('items', COALESCE((
    SELECT json_agg(json_build_object('number', moved.number, 'from', moved.from_state, 'to', moved.to_state,
        'by', by.document, 'reason', moved.reason, 'document', moved.document, 'moved_at', moved.moved_at)
        ORDER BY moved.number)
    FROM purchase_transition AS moved LEFT JOIN party_summary AS by ON by.id = moved.party_id
    WHERE moved.enterprise_id = $1 AND moved.purchase_id = $2), '[]'), 'decisions', COALESCE((
    SELECT json_agg(json_build_object('round', decision.round, 'party', who.document, 'role', decision.role,
        'decision', decision.decision, 'reason', decision.reason, 'basis', decision.basis,
        'decided_at', decision.decided_at, 'due_on', deadline.due_on, 'open', decision.decision IS NULL
            AND deadline.state IS DISTINCT FROM 'void') ORDER BY decision.round, decision.role, who.document->>'code')
    FROM purchase_decision AS decision
    JOIN party_summary AS who ON who.id = decision.party_id
    LEFT JOIN deadline ON deadline.subject_kind = 'purchase_decision' AND deadline.subject_id = decision.id
    WHERE decision.enterprise_id = $1 AND decision.purchase_id = $2), '[]'), 'next', NULL)::text;
