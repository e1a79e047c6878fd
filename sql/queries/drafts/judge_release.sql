-- What stands in the way of each draft's release, in the order asked; null: nothing. Run after lock_release. $1 drafts, $2 party, $3 time
SELECT wanted.id, draft.entry_code, draft.state,
    CASE WHEN draft.id IS NULL THEN 'unknown'
        WHEN draft.state <> 'approved' THEN 'not_approved'
        WHEN draft.base_version <> (SELECT max(number) FROM directory_entry_version
                                    WHERE entry_id = draft.entry_id) THEN 'moved_on'
        WHEN (draft.document IS NOT NULL OR draft.restated_version IS NOT NULL) AND draft.provider_id IS NULL
            AND NOT EXISTS (SELECT FROM responsibility AS held
                WHERE held.subject_id = draft.entry_id AND held.role = 'provider' AND upper_inf(held.recorded)
                    AND held.valid @> tstzrange(COALESCE(draft.valid_from, $3), draft.valid_until))
            THEN 'no_provider' END AS obstacle
FROM (SELECT id, min(place) AS place FROM unnest($1::uuid[]) WITH ORDINALITY AS listed(id, place) GROUP BY id) AS wanted
LEFT JOIN (directory_draft AS draft
    JOIN source_competent_body AS body ON body.source_id = draft.source_id AND body.party_id = $2)
    ON draft.id = wanted.id
ORDER BY wanted.place;
