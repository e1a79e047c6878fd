-- The table of the revision before a number, to say what changed: schema, keys, and its parts in order; no row: there is none.
-- $1 product, $2 number
SELECT made.schema, revision.keys, ARRAY(SELECT encode(part.sha256, 'hex') FROM revision_part AS part
    WHERE part.product_id = made.product_id AND part.number = made.number AND part.kind = 'rows' ORDER BY part.place)
FROM (SELECT product_id, number, keys FROM product_revision WHERE product_id = $1 AND number < $2
      ORDER BY number DESC LIMIT 1) AS revision
JOIN revision_table AS made ON made.product_id = revision.product_id AND made.number = revision.number;
