-- The time of a release: now, or just after all that is recorded of its entries. $1 drafts, $2 now
SELECT greatest($2::timestamptz,
    (SELECT max(lower(validity.recorded)) + interval '1 microsecond'
     FROM directory_draft AS draft JOIN directory_entry_validity AS validity ON validity.entry_id = draft.entry_id
     WHERE draft.id = ANY($1::uuid[])),
    (SELECT max(lower(held.recorded)) + interval '1 microsecond'
     FROM directory_draft AS draft JOIN responsibility AS held ON held.subject_id = draft.entry_id
     WHERE draft.id = ANY($1::uuid[])));
