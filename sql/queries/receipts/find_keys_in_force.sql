-- The keys that sign now.
SELECT id, algorithm FROM signing_key WHERE upper_inf(valid);
