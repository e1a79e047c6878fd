-- Begins an import. $1 id, $2 source, $3 party, $4 file name, $5 format, $6 digest, $7 reader, $8 dry run, $9 now
INSERT INTO directory_import (id, source_id, party_id, file_name, file_format, digest, reader, dry_run, started_at,
    state, added, changed, unchanged, withdrawn, refused)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'reading', 0, 0, 0, 0, 0);
