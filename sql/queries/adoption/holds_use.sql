-- Whether the totals hold any use.
SELECT EXISTS (SELECT FROM adoption_total WHERE measure = 'metered');
