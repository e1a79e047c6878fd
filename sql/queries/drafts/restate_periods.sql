-- States anew what was in force in the period of each released draft: from the release on, or the past period that a
-- correction is about. What we believed before is kept: periods that overlap are closed on the recorded axis, their
-- rests are stated again, and the period itself gets the new version, a restated one, or none. $1 release, $2 time
WITH stated AS (
    SELECT draft.id, draft.entry_id, tstzrange(COALESCE(draft.valid_from, $2), draft.valid_until) AS period,
        COALESCE(version.number, draft.restated_version) AS number
    FROM directory_draft AS draft
    LEFT JOIN directory_entry_version AS version ON version.entry_id = draft.entry_id AND version.draft_id = draft.id
    WHERE draft.release_id = $1
), closed AS (
    UPDATE directory_entry_validity AS validity SET recorded = tstzrange(lower(validity.recorded), $2)
    FROM stated
    WHERE validity.entry_id = stated.entry_id AND upper_inf(validity.recorded) AND validity.valid && stated.period
    RETURNING stated.id, validity.entry_id, validity.number, validity.valid, stated.period
)
INSERT INTO directory_entry_validity (entry_id, number, valid, recorded, draft_id)
SELECT closed.entry_id, closed.number, rest, tstzrange($2, NULL), closed.id
FROM closed, unnest(tstzmultirange(closed.valid) - tstzmultirange(closed.period)) AS rest
UNION ALL
SELECT entry_id, number, period, tstzrange($2, NULL), id FROM stated WHERE number IS NOT NULL;
