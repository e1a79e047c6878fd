-- Facets as a set keeps them: their ids in order. `stated` is [[facet, value]].
CREATE OR REPLACE FUNCTION search_facet_ids(stated jsonb) RETURNS integer[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT known.id FROM jsonb_array_elements(stated) AS member
        JOIN search_facet AS known ON known.facet = member->>0 AND known.value = member->>1 ORDER BY known.id)
$$;
