-- What is dropped from the tables of purchases and usage while very many rows are added, in this order, and made again
-- afterwards in the opposite one, which checks every row: references to and from them, keys, indexes. A row for each: the
-- statement that drops it, and the one that makes it.
WITH filled AS (
    SELECT unnest('{purchase,purchase_transition,entitlement,command_key,usage_total,usage_window,usage_event}'::regclass[]) AS id
), dropped AS (
    SELECT CASE contype WHEN 'f' THEN 1 ELSE 2 END AS turn, conrelid::regclass::text AS place, conname::text AS name,
        format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS leaving,
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS coming
    FROM pg_constraint
    WHERE conparentid = 0 AND (contype IN ('p', 'u') AND conrelid IN (SELECT id FROM filled)
        OR contype = 'f' AND (conrelid IN (SELECT id FROM filled) OR confrelid IN (SELECT id FROM filled)))
    UNION ALL
    SELECT 3, indrelid::regclass::text, indexrelid::regclass::text, format('DROP INDEX %s', indexrelid::regclass),
        pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid IN (SELECT id FROM filled) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
)
SELECT leaving, coming FROM dropped ORDER BY turn, place, name;
