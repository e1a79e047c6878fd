-- A snapshot as it is kept: id, signed document and the hash beside it; no row: there is none. $1 id
SELECT id, document, sha256 FROM adoption_snapshot WHERE id = $1;
