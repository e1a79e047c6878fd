-- What is still to be posted so that the parties share what is kept of an invoice by the rule of the day it was settled:
-- by largest remainder, so the shares are together exactly what is kept. None when the product has no rule that day.
CREATE OR REPLACE FUNCTION share_entries(enterprise uuid, invoice uuid, product uuid, day date, kept bigint, currency text)
RETURNS SETOF posting_entry LANGUAGE sql STABLE AS $$
    WITH part AS (
        SELECT share.party_id, share.parts, sum(share.parts) OVER () AS whole, floor(kept * share.parts::numeric
            / sum(share.parts) OVER ()) AS least
        FROM revenue_share AS share WHERE share.product_id = product AND share.valid @> day
    ), due AS (
        SELECT party_id, least + (row_number() OVER (ORDER BY kept * parts::numeric / whole - least DESC, party_id)
            <= kept - sum(least) OVER ())::integer AS amount
        FROM part
    ), posted AS (
        SELECT posting.party_id, sum(CASE posting.credit WHEN 'share' THEN posting.amount_minor
            ELSE -posting.amount_minor END) AS amount
        FROM ledger_posting AS posting
        WHERE posting.enterprise_id = enterprise AND posting.cause_id = invoice AND posting.cause = 'share'
        GROUP BY posting.party_id
    )
    SELECT enterprise, 'income', 'share', party_id, (COALESCE(due.amount, 0) - COALESCE(posted.amount, 0))::bigint, currency,
        'share', invoice
    FROM due FULL JOIN posted USING (party_id)
$$;
