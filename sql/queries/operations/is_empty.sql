-- Whether the market holds nothing, or only what an interrupted load of the demonstration left: its parties exist, and
-- nobody has bought anything. $1 code of the demonstration's administration
SELECT (NOT EXISTS (SELECT FROM party) OR EXISTS (SELECT FROM party WHERE code = $1))
    AND NOT EXISTS (SELECT FROM purchase);
