-- A revision as one file of a format: sha256 and bytes; no row: not made yet. $1 product, $2 revision, $3 format
SELECT rendition.sha256, content.bytes FROM revision_rendition AS rendition JOIN content USING (sha256)
WHERE rendition.product_id = $1 AND rendition.number = $2 AND rendition.format = $3;
