-- What of an offer lies above a ceiling in force: member and sentence per row. $1 offer code, $2 now
SELECT excess.member, excess.message_en FROM offer, above_ceiling(offer.id, $2) AS excess
WHERE offer.code = $1 AND excess.ceiling IS NOT NULL ORDER BY excess.member;
