-- Appends postings to the ledgers of their enterprises, in the order given, each with the number and the digest of the one
-- before. An entry with a negative amount moves the other way, one of nothing is left out. Answers how many were made.
-- The caller holds the enterprises' billing locks (lock_enterprises), so that two do not take one number.
CREATE OR REPLACE FUNCTION post_entries(entries posting_entry[], moment timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    WITH numbered AS (
        SELECT entry.*, uuid_of_time(moment) AS id, COALESCE(newest.number, 0) + row_number() OVER (
            PARTITION BY entry.enterprise_id ORDER BY entry.place) AS number, newest.digest AS newest_digest
        FROM (SELECT stated.enterprise_id, place, party_id, abs(amount_minor) AS amount_minor, currency, cause, cause_id,
                CASE WHEN amount_minor > 0 THEN debit ELSE credit END AS debit,
                CASE WHEN amount_minor > 0 THEN credit ELSE debit END AS credit
              FROM unnest(entries) WITH ORDINALITY AS stated(enterprise_id, debit, credit, party_id, amount_minor, currency,
                  cause, cause_id, place) WHERE amount_minor <> 0) AS entry
        LEFT JOIN LATERAL (SELECT ledger_posting.number, ledger_posting.digest FROM ledger_posting
            WHERE ledger_posting.enterprise_id = entry.enterprise_id ORDER BY ledger_posting.number DESC LIMIT 1)
            AS newest ON true
    ), posted AS (
        INSERT INTO ledger_posting (enterprise_id, number, id, debit, credit, party_id, amount_minor, currency, cause,
            cause_id, posted_at, previous_digest)
        SELECT enterprise_id, number, id, debit, credit, party_id, amount_minor, currency, cause, cause_id, moment,
            COALESCE(lag(posting_digest(number, id, debit, credit, party_id, amount_minor, currency, cause, cause_id, moment))
                OVER (PARTITION BY enterprise_id ORDER BY number), newest_digest)
        FROM numbered ORDER BY enterprise_id, number
        RETURNING number
    )
    SELECT count(*) FROM posted
$$;
