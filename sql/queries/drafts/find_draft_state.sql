-- Why a step cannot be taken: the draft's state, who compiled it, whether it was returned before, whether the party is
-- its competent body, whether there is such a body, and whether a new entry lacks its sharing class. No row: none that the party may see. $1 draft, $2 party
SELECT draft.state, draft.kind, draft.compiled_by = $2 AS is_own, draft.returned_at IS NOT NULL AS was_returned,
    COALESCE(body.party_id = $2, false) AS is_competent, body.party_id IS NOT NULL AS has_body,
    COALESCE(draft.kind = 'new' AND NOT draft.document ? 'sharingClass', false) AS lacks_class
FROM directory_draft AS draft JOIN source_competent_body AS body ON body.source_id = draft.source_id
WHERE draft.id = $1 AND (draft.compiled_by = $2 OR body.party_id = $2);
