-- Takes files out of an upload that is not published or being checked. $1 product, $2 number, $3 name, or null for all,
-- $4 name that stays, or null
DELETE FROM revision_file USING revision_upload AS upload
WHERE revision_file.product_id = $1 AND revision_file.number = $2 AND upload.product_id = $1 AND upload.number = $2
    AND upload.state IN ('receiving', 'refused') AND ($3::text IS NULL OR revision_file.name = $3)
    AND ($4::text IS NULL OR revision_file.name <> $4);
