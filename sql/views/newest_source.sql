-- The directory entry versions that the newest revision of each product was made of.
CREATE OR REPLACE VIEW newest_source AS
SELECT used.product_id, used.number AS revision, used.entry_id, used.entry_version
FROM product_revision_source AS used
WHERE used.number = (SELECT max(number) FROM product_revision WHERE product_revision.product_id = used.product_id);
