-- What a receipt is made of: place, canonical record, and the first head over it. $1 enterprise, $2 event
SELECT leaf.position, leaf.document, head.size, head.document
FROM log_leaf AS leaf
CROSS JOIN LATERAL (SELECT log_head.size, log_head.document FROM log_head
                    WHERE log_head.size > leaf.position ORDER BY log_head.size LIMIT 1) AS head
WHERE leaf.enterprise_id = $1 AND leaf.event_id = $2;
