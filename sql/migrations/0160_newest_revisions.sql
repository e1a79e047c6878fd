-- The home page shows what was published last.
CREATE INDEX product_revision_newest ON product_revision (published_at DESC, product_id);
