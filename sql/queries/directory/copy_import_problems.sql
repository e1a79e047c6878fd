-- Takes the problems of a batch, in the order of the file.
COPY directory_import_problem (import_id, number, position, line, identifier, severity, reason, field, message)
FROM STDIN;
