-- Takes back a source that a dry run opened: nothing is known of it. $1 code
DELETE FROM directory_source AS source
WHERE source.code = $1
    AND NOT EXISTS (SELECT FROM directory_import WHERE source_id = source.id)
    AND NOT EXISTS (SELECT FROM directory_entry WHERE source_id = source.id)
    AND NOT EXISTS (SELECT FROM directory_source_address WHERE source_id = source.id)
    AND NOT EXISTS (SELECT FROM directory_draft WHERE source_id = source.id)
    AND NOT EXISTS (SELECT FROM competent_body WHERE source_id = source.id);
