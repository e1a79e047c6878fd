-- What a source calls an event stands with the event, where it is shown; what claims the name is a hash of it: keys of one
-- short length in one index, where texts in two took longer to write than the events themselves.
ALTER TABLE usage_event ADD COLUMN source text
    CONSTRAINT usage_event_source_length CHECK (length(source) BETWEEN 1 AND 500);
ALTER TABLE usage_event ADD COLUMN source_id text
    CONSTRAINT usage_event_source_id_length CHECK (length(source_id) BETWEEN 1 AND 255);
ALTER TABLE usage_event ADD CONSTRAINT usage_event_name_is_whole CHECK ((source IS NULL) = (source_id IS NULL));
UPDATE usage_event SET source = name.source, source_id = name.id FROM usage_event_key AS name
WHERE name.enterprise_id = usage_event.enterprise_id AND name.usage_event_id = usage_event.id
    AND name.occurred_at = usage_event.occurred_at;

-- The first half of the SHA-256 of operator, source, a NUL, and id.
ALTER TABLE usage_event_key ADD COLUMN name uuid;
UPDATE usage_event_key SET name = encode(substr(sha256(uuid_send(operator_id) || convert_to(source, 'UTF8') || '\x00'
    || convert_to(id, 'UTF8')), 1, 16), 'hex')::uuid;
ALTER TABLE usage_event_key DROP CONSTRAINT usage_event_key_pkey;
DROP INDEX usage_event_key_by_event;
ALTER TABLE usage_event_key ADD CONSTRAINT usage_event_key_pkey PRIMARY KEY (enterprise_id, name);
ALTER TABLE usage_event_key DROP COLUMN operator_id;
ALTER TABLE usage_event_key DROP COLUMN source;
ALTER TABLE usage_event_key DROP COLUMN id;
