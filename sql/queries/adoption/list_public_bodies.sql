-- Which of some credit codes belong to a department or a public institution: code and kind. $1 codes
SELECT identifier, kind FROM party
WHERE scheme = 'uscc' AND identifier = ANY($1::text[]) AND kind IN ('department', 'public_institution');
