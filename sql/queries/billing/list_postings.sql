-- Postings of an enterprise's ledger, newest first: key (the number) and JSON per row.
-- $1 enterprise_id, $2 number to start below or null, $3 limit
SELECT posting.number::text, json_build_object('number', posting.number, 'debit', posting.debit, 'credit', posting.credit,
    'party', party.code, 'amount_minor', posting.amount_minor, 'currency', posting.currency, 'cause', posting.cause,
    'cause_id', posting.cause_id, 'posted_at', posting.posted_at, 'sha256', encode(posting.digest, 'hex'))::text
FROM ledger_posting AS posting LEFT JOIN party ON party.id = posting.party_id
WHERE posting.enterprise_id = $1 AND ($2::bigint IS NULL OR posting.number < $2)
ORDER BY posting.number DESC LIMIT $3;
