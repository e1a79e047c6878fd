-- Ends on the recorded axis a succession that was recorded wrongly: by whoever recorded it, or answers in its place now.
-- One row: from when on the other is known. No row: find_wrong_succession tells why.
-- $1 predecessor's code, $2 succession, $3 who, $4 reason, $5 now
UPDATE party_succession AS wrong SET corrected_by = $3, correction_reason = $4, recorded = tstzrange(lower(wrong.recorded),
    GREATEST($5, lower(wrong.recorded) + interval '1 microsecond'))
FROM party
WHERE party.code = $1 AND wrong.id = $2 AND wrong.predecessor_id = party.id AND upper_inf(wrong.recorded)
    AND (wrong.recorded_by = $3
        OR EXISTS (SELECT FROM successor_now(wrong.recorded_by, 'publisher', NULL, $5) AS heir WHERE heir.party_id = $3))
RETURNING upper(wrong.recorded);
