-- Purchases have the titles of their product within the document; the view is made anew without columns for them.
DROP VIEW IF EXISTS purchase_document;
