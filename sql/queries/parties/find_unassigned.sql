-- What a succeeded party still answers for after the effective date, because no successor takes it: how many, and the
-- first five as role and code. $1 succession
SELECT count(*), array_agg(role || ' of ' || code ORDER BY code, role) FILTER (WHERE place <= 5)
FROM (
    SELECT held.role, COALESCE(entry.code, product.code) AS code,
        row_number() OVER (ORDER BY COALESCE(entry.code, product.code), held.role) AS place
    FROM party_succession AS succession
    JOIN responsibility AS held ON held.party_id = succession.predecessor_id AND upper_inf(held.recorded)
        AND (upper_inf(held.valid) OR upper(held.valid) > succession.effective_at)
    LEFT JOIN directory_entry AS entry ON entry.id = held.entry_id
    LEFT JOIN product ON product.id = held.product_id
    WHERE succession.id = $1) AS kept;
