-- Forgets content that nothing refers to any more; answers how many. $1 recorded before
DELETE FROM content WHERE recorded_at < $1
    AND NOT EXISTS (SELECT FROM product_revision WHERE product_revision.sha256 = content.sha256)
    AND NOT EXISTS (SELECT FROM revision_file WHERE revision_file.sha256 = content.sha256)
    AND NOT EXISTS (SELECT FROM revision_part WHERE revision_part.sha256 = content.sha256)
    AND NOT EXISTS (SELECT FROM revision_rendition WHERE revision_rendition.sha256 = content.sha256)
    AND NOT EXISTS (SELECT FROM entitlement_rendition WHERE entitlement_rendition.sha256 = content.sha256)
    AND NOT EXISTS (SELECT FROM usage_archive WHERE usage_archive.sha256 = content.sha256);
