-- What a key was used for, and the correction it raised if it did; no row: never. $1 enterprise, $2 key
SELECT digest, correction_id FROM command_key WHERE enterprise_id = $1 AND key = $2;
