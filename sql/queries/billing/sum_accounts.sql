-- Balances of the ledger by currency and account (debits less credits), and their sum by currency, as JSON. A declared
-- statement across enterprises. $1 enterprise_id or null for all
WITH moved AS (
    SELECT side.account, side.party_id, posting.currency, sum(side.sign * posting.amount_minor) AS balance
    FROM ledger_posting AS posting
    CROSS JOIN LATERAL (VALUES (posting.debit, 1, CASE posting.debit WHEN 'share' THEN posting.party_id END),
        (posting.credit, -1, CASE posting.credit WHEN 'share' THEN posting.party_id END)) AS side(account, sign, party_id)
    WHERE $1::uuid IS NULL OR posting.enterprise_id = $1
    GROUP BY side.account, side.party_id, posting.currency
)
SELECT json_build_object('accounts', COALESCE((SELECT json_agg(json_build_object('account', account.code,
        'title_zh', account.title_zh, 'title_en', account.title_en, 'party', party.code, 'party_name', party.name,
        'currency', moved.currency, 'balance_minor', moved.balance) ORDER BY moved.currency, account.code, party.code)
    FROM moved JOIN ledger_account AS account ON account.code = moved.account
    LEFT JOIN party ON party.id = moved.party_id), '[]'::json),
    'sums', COALESCE((SELECT json_agg(json_build_object('currency', currency, 'sum_minor', whole) ORDER BY currency)
        FROM (SELECT currency, sum(balance) AS whole FROM moved GROUP BY currency) AS sums), '[]'::json))::text;
