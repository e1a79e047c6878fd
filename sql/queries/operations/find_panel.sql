-- Whether a panel exists. $1 code
SELECT EXISTS (SELECT FROM panel WHERE code = $1);
