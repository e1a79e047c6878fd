-- Who the members of a panel are is read from the index alone: a panel has thousands, and the parties' rows are wide.
ALTER TABLE party DROP CONSTRAINT party_identifier_unique,
    ADD CONSTRAINT party_identifier_unique UNIQUE (scheme, identifier) INCLUDE (id, synthetic, recorded_at);
