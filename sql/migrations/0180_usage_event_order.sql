-- One index serves all: an event is looked for by its entitlement. That its meter is known is kept by the totals, of which it is
-- part: they refer to meters once a quarter of an hour, events did one by one.
ALTER TABLE usage_event DROP CONSTRAINT usage_event_pkey;
DROP INDEX usage_event_by_entitlement;
ALTER TABLE usage_event ADD CONSTRAINT usage_event_pkey PRIMARY KEY (enterprise_id, entitlement_id, occurred_at, id, meter);
ALTER TABLE usage_event DROP CONSTRAINT usage_event_meter_known;
