-- The parties of codes, as other documents quote them: code and JSON. $1 codes
SELECT party.code, party_summary.document::text FROM party JOIN party_summary ON party_summary.id = party.id
WHERE party.code = ANY($1::text[]);
