-- Why a step of a credential is not possible: its state, the states that may follow, and whether the reader has to do with
-- it; no row: unknown. $1 credential, $2 party
SELECT credential.state, credential.holder_id = $2 OR credential.issuer_id = $2,
    (SELECT COALESCE(string_agg(to_state || ' (by the ' || mover || CASE WHEN needs_reason THEN ', with a reason' ELSE '' END
        || ')', ', ' ORDER BY to_state), 'none')
     FROM credential_transition AS transition
     WHERE transition.procedure = credential.procedure AND transition.from_state = credential.state)
FROM credential WHERE credential.id = $1;
