-- The place of the log's last record that the totals hold, -1 before the first; and whether they are made.
SELECT position, is_made FROM adoption_progress;
