-- Which of some credit codes the market knows as those of others than central enterprises: code and kind. $1 codes
SELECT identifier, COALESCE(enterprise_kind, kind) FROM party
WHERE scheme = 'uscc' AND identifier = ANY($1::text[])
    AND (kind IN ('department', 'public_institution') OR enterprise_kind <> 'central_soe');
