-- Takes a name's password away. $1 name
DELETE FROM portal_password WHERE name = $1;
