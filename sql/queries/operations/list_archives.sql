-- Archived months of usage, oldest first: first day, sha256, bytes, rows.
SELECT archive.month::text, archive.sha256, content.bytes, archive.rows
FROM usage_archive AS archive JOIN content ON content.sha256 = archive.sha256 ORDER BY archive.month;
