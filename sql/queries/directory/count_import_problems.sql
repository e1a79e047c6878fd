-- The problems of an import by severity and reason. $1 import
SELECT severity, reason, count(*) FROM directory_import_problem WHERE import_id = $1
GROUP BY severity, reason ORDER BY severity, reason;
