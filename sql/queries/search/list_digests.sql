-- What the index holds of subjects: id and digest. $1 ids
SELECT subject_id, digest FROM unnest($1::uuid[]) AS wanted (id) JOIN search_document ON subject_id = wanted.id;
