-- Whether a server is at an import that was not ended; no row: there is no such import. $1 import
SELECT EXISTS (SELECT FROM import_claim WHERE key = hashtextextended('directory import of ' || source.code, 0))
FROM directory_import AS run JOIN directory_source AS source ON source.id = run.source_id
WHERE run.id = $1 AND run.state = 'reading';
