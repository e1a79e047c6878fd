-- Entries in force as CKAN packages, as a JSON array in the order of the codes; addresses of persons are taken out of
-- every text. $1 codes, $2 the market's address
WITH package AS (
    SELECT wanted.place, entry.id, entry.code, lower(entry.code) AS name, entry.identifier, source.code AS source,
        version.number, version.title, version.document, version.recorded_at, entry.recorded_at AS created_at,
        party.id AS party_id, party.code AS party_code, party.name AS party_name
    FROM unnest($1::text[]) WITH ORDINALITY AS wanted(code, place)
    JOIN directory_entry AS entry ON entry.code = wanted.code
    JOIN directory_source AS source ON source.id = entry.source_id
    JOIN entry_in_force ON entry_in_force.entry_id = entry.id
    JOIN directory_entry_version AS version
        ON version.entry_id = entry.id AND version.number = entry_in_force.number
    LEFT JOIN entry_organisation AS organisation ON organisation.entry_id = entry.id
    LEFT JOIN party ON party.id = organisation.party_id
)
SELECT regexp_replace(COALESCE(json_agg(json_build_object(
    'id', id, 'name', name, 'title', title, 'notes', document->'descriptions'->0->>'text', 'type', 'dataset',
    'state', 'active', 'private', false, 'isopen', false, 'version', number::text,
    'url', COALESCE(document->>'landingPage', $2::text || '/directory/' || code),
    'license_title', document->>'licence', 'license_id', null,
    'author', null, 'author_email', null, 'maintainer', document->'contact'->>'name', 'maintainer_email', null,
    'metadata_created', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    'metadata_modified', to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    'owner_org', party_id,
    'organization', CASE WHEN party_id IS NOT NULL THEN json_build_object('id', party_id,
        'name', lower(party_code), 'title', party_name, 'type', 'organization', 'is_organization', true,
        'state', 'active', 'approval_status', 'approved', 'description', '', 'image_url', '') END,
    'groups', json_build_array(),
    'num_tags', jsonb_array_length(COALESCE(document->'keywords', '[]')),
    'tags', COALESCE((SELECT json_agg(json_build_object('name', tag, 'display_name', tag, 'state', 'active',
            'vocabulary_id', null, 'id', md5(tag)::uuid) ORDER BY place)
        FROM jsonb_array_elements_text(document->'keywords') WITH ORDINALITY AS tag(tag, place)), '[]'::json),
    'num_resources', jsonb_array_length(COALESCE(document->'distributions', '[]')),
    'resources', COALESCE((SELECT json_agg(json_build_object('id', md5(package.id::text || '/' || resource.place)::uuid,
            'package_id', package.id, 'position', resource.place - 1, 'state', 'active',
            'name', resource.body->>'title', 'format', COALESCE(resource.body->>'format', ''),
            'mimetype', resource.body->>'mediaType', 'description', '',
            'url', COALESCE(resource.body->>'downloadURL', resource.body->>'accessURL', '')) ORDER BY resource.place)
        FROM jsonb_array_elements(document->'distributions') WITH ORDINALITY AS resource(body, place)), '[]'::json),
    'extras', (SELECT json_agg(json_build_object('key', extra.key, 'value', extra.value) ORDER BY extra.key)
        FROM (VALUES ('identifier', identifier), ('directory_code', code), ('directory_source', source),
            ('uri', $2::text || '/v1/directory/entries/' || code), ('publisher_name', document->'publisher'->>'name'),
            ('frequency', document->>'updateFrequency'), ('issued', document->>'issued'),
            ('modified', document->>'modified'), ('language', document->>'language'),
            ('access_rights', document->>'accessLevel'), ('spatial_text', document->>'spatial'),
            ('sharing_class', document->>'sharingClass'), ('grade', document->>'grade')) AS extra(key, value)
        WHERE extra.value IS NOT NULL)) ORDER BY place), '[]'::json)::text,
    '[[:alnum:]._%+-]+@[[:alnum:]-]+(\.[[:alnum:]-]+)+', '(e-mail address removed)', 'g')
FROM package;
