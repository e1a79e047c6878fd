-- A revision as one file of a format, marked for an entitlement: sha256 and bytes; no row: not made yet.
-- $1 enterprise, $2 entitlement, $3 revision, $4 format
SELECT rendition.sha256, content.bytes FROM entitlement_rendition AS rendition JOIN content USING (sha256)
WHERE rendition.enterprise_id = $1 AND rendition.entitlement_id = $2 AND rendition.number = $3 AND rendition.format = $4;
