-- Every key that the market signs or signed with, newest first.
SELECT id, algorithm, version, public_key, lower(valid), upper(valid) FROM signing_key
ORDER BY lower(valid) DESC, algorithm DESC;
