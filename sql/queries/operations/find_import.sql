-- Whether a file of a source was imported. $1 source code, $2 file name
SELECT EXISTS (SELECT FROM directory_import JOIN directory_source ON directory_source.id = directory_import.source_id
    WHERE directory_source.code = $1 AND directory_import.file_name = $2
        AND directory_import.state IN ('landed', 'unchanged'));
