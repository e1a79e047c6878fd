-- The next records of the market's log that the totals of adoption do not hold: place, and of what changes them its source (see
-- total_change), enterprise_id, subject and number, null of others. $1 how many
SELECT leaf.position, event.source, event.enterprise_id, event.subject_id, event.number
FROM (SELECT position, enterprise_id, event_id FROM log_leaf
      WHERE position > (SELECT position FROM adoption_progress) ORDER BY position LIMIT $1) AS leaf
LEFT JOIN counted_event AS event ON event.enterprise_id = leaf.enterprise_id AND event.event_id = leaf.event_id
ORDER BY leaf.position;
