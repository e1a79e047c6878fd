-- Words and phrases that begin as typed, those in most documents first. $1 folded beginning, escaped for LIKE, $2 limit
SELECT phrase FROM (
    -- Short beginnings have thousands: the index gives each beginning in the order of its letters, so the best are kept.
    SELECT phrase, folded, documents FROM search_phrase
    WHERE folded LIKE $1 || '%' AND documents > 0 ORDER BY documents DESC, folded LIMIT $2) AS best
ORDER BY documents DESC, folded;
