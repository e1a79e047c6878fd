-- Changes what is given of a webhook: its id; no row when the party has no such webhook. One that is set to work again has
-- not failed yet. $1 party, $2 id, $3 url or null, $4 description or null, $5 whether types are given, $6 types, $7 state or null
UPDATE webhook SET url = COALESCE($3, url), description = COALESCE($4, description),
    types = CASE WHEN $5::boolean THEN $6::text[] ELSE types END, state = COALESCE($7, state),
    failing_since = CASE WHEN $7 = 'active' THEN NULL ELSE failing_since END
WHERE party_id = $1 AND id = $2
RETURNING id;
