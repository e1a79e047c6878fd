-- The first uses and views that the totals of adoption do not hold. $1 how many
SELECT id FROM adoption_feed ORDER BY id LIMIT $1;
