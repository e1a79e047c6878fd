-- The conditions of every version of every directory entry, as far as they have the form of their kind.
CREATE OR REPLACE VIEW entry_condition AS
SELECT version.entry_id, version.number AS entry_version, stated.condition->>'kind' AS kind,
    stated.condition->'value' AS value, stated.condition->>'basis' AS basis
FROM directory_entry_version AS version,
    jsonb_path_query(version.document, '$.conditions[*]') AS stated(condition)
WHERE is_condition(stated.condition->>'kind', stated.condition->'value');
