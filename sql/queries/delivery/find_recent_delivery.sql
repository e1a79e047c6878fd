-- Whether a download was counted lately, so that what goes on with it is not another one.
-- $1 enterprise, $2 entitlement, $3 revision, $4 format, $5 file or null, $6 since
SELECT EXISTS (SELECT FROM delivery WHERE enterprise_id = $1 AND entitlement_id = $2 AND revision = $3 AND way = 'download'
    AND format = $4 AND file IS NOT DISTINCT FROM $5::text AND occurred_at >= $6);
