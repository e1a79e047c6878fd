-- Notes what changed, so that the search is brought up to date. $1 kind (subject, source or party), $2 ids
INSERT INTO search_pending (kind, subject_id) SELECT $1, unnest($2::uuid[]);
