-- Whether the database holds no market at all.
SELECT NOT EXISTS (SELECT FROM party);
