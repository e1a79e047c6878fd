-- The place of the log's last record that the totals hold; -1 before the first.
SELECT position FROM adoption_progress;
