-- Whose open decision on a request a party may record: its own, or one of a party without an account; no row: none is open.
-- A named party comes before the others. $1 enterprise, $2 purchase, $3 party, $4 code of the party it acts for or null, $5 now
SELECT decision.party_id, decision.party_id = $3 AS own,
    EXISTS (SELECT FROM access_token WHERE access_token.party_id = decision.party_id
        AND access_token.revoked_at IS NULL AND access_token.expires_at > $5) AS has_account
FROM purchase_decision AS decision JOIN party ON party.id = decision.party_id
WHERE decision.enterprise_id = $1 AND decision.purchase_id = $2 AND decision.decision IS NULL AND decision.round = (
        SELECT max(round) FROM purchase_decision WHERE enterprise_id = $1 AND purchase_id = $2)
    AND CASE WHEN $4::text IS NULL THEN decision.party_id = $3 ELSE party.code = $4 END;
