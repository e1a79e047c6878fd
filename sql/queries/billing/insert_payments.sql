-- Keeps the rows of a bank statement that were not known, and posts them as money that belongs to no invoice yet.
-- One row: how many were new. The caller holds the receiver's billing lock.
-- $1 receiver's enterprise_id, $2 ids, $3 digests as hexadecimal, $4 days, $5 amounts, $6 currencies, $7 payers,
-- $8 references, $9 now
WITH kept AS (
    INSERT INTO payment (receiver_id, id, digest, booked_on, amount_minor, currency, payer, reference, recorded_at)
    SELECT $1, id, decode(digest, 'hex'), booked_on, amount, currency, payer, reference, $9
    FROM unnest($2::uuid[], $3::text[], $4::date[], $5::bigint[], $6::text[], $7::text[], $8::text[])
        AS row(id, digest, booked_on, amount, currency, payer, reference)
    ON CONFLICT (receiver_id, digest) DO NOTHING
    RETURNING id, amount_minor, currency
)
SELECT count(*), post_entries(array_agg(ROW($1, 'bank', 'unmatched', NULL, amount_minor, currency, 'payment', id)::posting_entry
    ORDER BY id), $9)
FROM kept;
