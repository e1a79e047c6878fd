-- The time by the database's clock, which is one for all servers and commands.
SELECT clock_timestamp();
