-- What a key was used for; no row: never. $1 enterprise, $2 key
SELECT digest, command, purchase_id FROM command_key WHERE enterprise_id = $1 AND key = $2;
