-- States who answers for the entries of a release, over the period of each draft and on its basis: the parties that the
-- draft names and, as publisher, the competent body; a correction names a publisher only where there was none. Where
-- nothing is in force any more, the responsibilities end. What a party had by succession and is now stated by its name is
-- its own from then on: a correction of the succession does not take it back. Beliefs are closed and stated anew, never rewritten.
-- $1 release, $2 time, $3 competent body
WITH stated AS (
    SELECT draft.id, draft.entry_id, roles.role,
        CASE WHEN content.is_some THEN roles.party_id END AS party_id,
        tstzrange(COALESCE(draft.valid_from, $2), draft.valid_until) AS period,
        roles.role = 'publisher' AND draft.kind = 'correction' AND content.is_some AS only_gaps,
        draft.basis || '; draft ' || draft.id AS basis,
        sha256(convert_to(COALESCE(draft.document::text, draft.basis), 'UTF8')) AS basis_sha256
    FROM directory_draft AS draft
    CROSS JOIN LATERAL (SELECT draft.document IS NOT NULL OR draft.restated_version IS NOT NULL) AS content(is_some)
    CROSS JOIN LATERAL (VALUES ('provider', draft.provider_id), ('contact', draft.contact_id),
        ('security', draft.security_id), ('publisher', $3::uuid)) AS roles(role, party_id)
    WHERE draft.release_id = $1 AND (roles.party_id IS NOT NULL OR NOT content.is_some)
), closed AS (
    UPDATE responsibility AS held SET recorded = tstzrange(lower(held.recorded), $2)
    FROM stated
    WHERE held.subject_id = stated.entry_id AND held.role = stated.role AND upper_inf(held.recorded)
        AND held.valid && stated.period AND NOT stated.only_gaps
        AND (held.party_id IS DISTINCT FROM stated.party_id OR held.succession_ids <> '{}')
    RETURNING held.party_id, held.role, held.entry_id, held.valid, held.basis, held.basis_sha256,
        held.succession_ids, stated.period, stated.id
)
INSERT INTO responsibility (id, party_id, role, entry_id, valid, recorded, basis, basis_sha256, succession_ids)
SELECT gen_random_uuid(), closed.party_id, closed.role, closed.entry_id, rest, tstzrange($2, NULL),
    closed.basis || '; period changed by draft ' || closed.id, closed.basis_sha256,
    closed.succession_ids
FROM closed, unnest(tstzmultirange(closed.valid) - tstzmultirange(closed.period)) AS rest
UNION ALL
SELECT gen_random_uuid(), stated.party_id, stated.role, stated.entry_id, gap, tstzrange($2, NULL), stated.basis,
    stated.basis_sha256, '{}'
FROM stated, unnest(tstzmultirange(stated.period) - COALESCE((
    SELECT range_agg(held.valid) FROM responsibility AS held
    WHERE held.subject_id = stated.entry_id AND held.role = stated.role AND upper_inf(held.recorded)
        AND (stated.only_gaps OR held.party_id = stated.party_id AND held.succession_ids = '{}')), '{}'::tstzmultirange)) AS gap
WHERE stated.party_id IS NOT NULL;
