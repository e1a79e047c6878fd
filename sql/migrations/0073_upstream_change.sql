-- What a change upstream touches is found by revision; why a suspension was lifted is kept.
CREATE INDEX purchase_by_revision ON purchase (product_id, revision, id);
ALTER TABLE product_suspension ADD COLUMN lifting_reason text;
CREATE INDEX product_suspension_by_product ON product_suspension (product_id, id);
