-- The market in four figures, as JSON.
SELECT json_build_object('directory_entries', (SELECT count(*) FROM entry_in_force),
    'scenarios', (SELECT count(*) FROM scenario),
    'products', (SELECT count(*) FROM product WHERE listed_at IS NOT NULL AND delisted_at IS NULL),
    'parties', (SELECT count(*) FROM party))::text;
