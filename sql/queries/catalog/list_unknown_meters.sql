-- Which of the codes are no meters. $1 codes
SELECT code FROM unnest($1::text[]) AS code WHERE NOT EXISTS (SELECT FROM meter WHERE meter.code = code.code) ORDER BY code;
