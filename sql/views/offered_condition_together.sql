-- Each condition of every offer that stands, against what the directory entry versions of its product allow together. A
-- condition that one entry demands has its basis there, also when the others do not speak of it.
CREATE OR REPLACE VIEW offered_condition_together AS
SELECT offered.product_id, offered.offer_id, offered.kind, offered.value, offered.basis, offered.position,
    stated.value AS directory_value, NOT condition_within(offered.kind, stated.value, offered.value) AS added,
    offered.kind <> 'fee' AND NOT condition_within(offered.kind, offered.value, stated.value) AS loosened
FROM offered_condition AS offered
LEFT JOIN LATERAL (
    SELECT condition_together(entry_condition.kind, entry_condition.value) AS value
    FROM newest_source AS source
    JOIN entry_condition ON entry_condition.entry_id = source.entry_id
        AND entry_condition.entry_version = source.entry_version AND entry_condition.kind = offered.kind
    WHERE source.product_id = offered.product_id) AS stated ON true;
