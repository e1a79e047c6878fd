-- The account of a finished import. $1 id, $2 source, $3 party, $4 file name, $5 format, $6 added, $7 changed,
-- $8 unchanged, $9 withdrawn, $10 refused, $11 now
INSERT INTO directory_import (id, source_id, party_id, file_name, file_format, added, changed, unchanged, withdrawn,
    refused, finished_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);
