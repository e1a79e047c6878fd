-- Which of some hashes the market still refers to. $1 sha256s in hexadecimal
SELECT content.sha256 FROM unnest($1::text[]) AS named (sha256) JOIN content ON content.sha256 = decode(named.sha256, 'hex');
