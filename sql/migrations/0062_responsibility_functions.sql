-- Questions about responsibility that several statements ask. Each is one SELECT, so that PostgreSQL takes it into the
-- statement that asks (LATERAL) and plans both as one.

-- A party as it was called at a time, as far as it was known at another.
CREATE FUNCTION party_then(holder uuid, as_of timestamptz, recorded_by timestamptz) RETURNS TABLE (document json)
LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT json_strip_nulls(json_build_object('code', party.code, 'name', COALESCE(known.name, party.name),
        'name_zh', CASE WHEN known.party_id IS NULL THEN party.name_zh ELSE known.name_zh END,
        'name_en', CASE WHEN known.party_id IS NULL THEN party.name_en ELSE known.name_en END,
        'kind', party.kind, 'synthetic', party.synthetic))
    FROM party
    LEFT JOIN party_name AS known
        ON known.party_id = party.id AND known.valid @> party_then.as_of AND known.recorded @> party_then.recorded_by
    WHERE party.id = holder;
END;

-- Who takes a responsibility by a succession; no row: the succession leaves it to nobody.
CREATE FUNCTION succession_heir(succession uuid, held_role text, subject uuid) RETURNS TABLE (party_id uuid)
LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT successor.party_id
    FROM party_successor AS successor
    WHERE successor.succession_id = succession
        AND (successor.roles IS NULL OR held_role = ANY(successor.roles))
        AND (NOT successor.names_subjects OR EXISTS (
            SELECT FROM party_successor_subject AS named
            WHERE named.succession_id = successor.succession_id AND named.position = successor.position
                AND named.subject_id = succession_heir.subject))
    ORDER BY successor.names_subjects DESC, successor.roles IS NULL, successor.position LIMIT 1;
END;

-- Who answers at a moment in the place of a party that was succeeded, through up to 16 successions; no row: the party
-- itself still does.
CREATE FUNCTION successor_now(holder uuid, held_role text, subject uuid, moment timestamptz)
RETURNS TABLE (party_id uuid, kind text, effective_at timestamptz, basis text, basis_sha256 bytea)
LANGUAGE sql STABLE BEGIN ATOMIC
    WITH RECURSIVE walk(party_id, kind, effective_at, basis, basis_sha256, steps) AS (
        SELECT holder, NULL::text, NULL::timestamptz, NULL::text, NULL::bytea, 0
        UNION ALL
        SELECT heir.party_id, succession.kind, succession.effective_at, succession.basis, succession.basis_sha256,
            walk.steps + 1
        FROM walk
        JOIN party_succession AS succession ON succession.predecessor_id = walk.party_id
            AND succession.recorded @> moment AND succession.effective_at <= moment
        CROSS JOIN LATERAL succession_heir(succession.id, held_role, subject) AS heir
        WHERE walk.steps < 16
    )
    SELECT walk.party_id, walk.kind, walk.effective_at, walk.basis, walk.basis_sha256
    FROM walk WHERE walk.steps > 0 ORDER BY walk.steps DESC LIMIT 1;
END;

-- The responsibility that answers for a subject in the first of the roles that was held. A subject has few of them, so
-- the b-tree on it finds them faster than the exclusion constraint's index, which the operator @> would ask for.
CREATE FUNCTION responsibility_in(subject uuid, roles text[], as_of timestamptz, recorded_by timestamptz)
RETURNS TABLE (party_id uuid, role text, valid tstzrange, basis text, basis_sha256 bytea)
LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT held.party_id, held.role, held.valid, held.basis, held.basis_sha256
    FROM responsibility AS held
    WHERE held.subject_id = subject AND held.role = ANY(roles)
        AND range_contains_elem(held.valid, responsibility_in.as_of)
        AND range_contains_elem(held.recorded, responsibility_in.recorded_by)
    ORDER BY array_position(roles, held.role) LIMIT 1;
END;

-- Every link that a revision of a product demands, with the directory entry version or the product it is about.
CREATE FUNCTION demanded_links(product uuid, revision integer)
RETURNS TABLE (place integer, link text, roles text[], required_for text, subject_id uuid, subject jsonb)
LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT link.position, link.name, link.roles, link.required_for, used.entry_id,
        jsonb_build_object('directory_entry', entry.code, 'version', used.entry_version, 'title', version.title)
    FROM product_revision_source AS used
    JOIN directory_entry AS entry ON entry.id = used.entry_id
    JOIN directory_entry_version AS version
        ON version.entry_id = used.entry_id AND version.number = used.entry_version
    JOIN chain_link AS link ON link.subject_kind = 'entry'
    WHERE used.product_id = product AND used.number = revision
    UNION ALL
    SELECT link.position, link.name, link.roles, link.required_for, made.id,
        jsonb_build_object('product', made.code, 'revision', revision)
    FROM product AS made JOIN chain_link AS link ON link.subject_kind = 'product'
    WHERE made.id = product;
END;

-- One link as documents show it: the party then, and who answers in its place now when it was succeeded.
CREATE FUNCTION link_document(name text, roles text[], required_for text, subject jsonb, subject_id uuid, held_role text,
    party_id uuid, valid tstzrange, basis text, basis_sha256 bytea, as_of timestamptz, recorded_by timestamptz)
RETURNS TABLE (document json) LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT json_build_object('link', link_document.name, 'role', COALESCE(held_role, roles[1]),
        'required', link_document.required_for IS NOT NULL, 'subject', link_document.subject,
        'party', (SELECT document FROM party_then(link_document.party_id, link_document.as_of, link_document.recorded_by)),
        'since', lower(link_document.valid), 'until', upper(link_document.valid),
        'basis', link_document.basis, 'basis_sha256', encode(link_document.basis_sha256, 'hex'),
        -- Few parties were ever succeeded: only for those the successions are walked.
        'successor', CASE WHEN link_document.party_id IN (SELECT predecessor_id FROM party_succession) THEN (
            SELECT json_build_object('party', called.document, 'kind', heir.kind, 'since', heir.effective_at,
                'basis', heir.basis, 'basis_sha256', encode(heir.basis_sha256, 'hex'))
            FROM successor_now(link_document.party_id, held_role, link_document.subject_id, link_document.recorded_by)
                AS heir,
            LATERAL party_then(heir.party_id, link_document.recorded_by, link_document.recorded_by) AS called) END);
END;

-- The links of a directory entry, or of a product and its newest revision, that need a responsible party at a moment and
-- have none. No row: nothing stands in the way of its release or listing.
CREATE FUNCTION missing_responsibility(subject uuid, moment timestamptz)
RETURNS TABLE (link text, required_for text, subject_code text, message_zh text, message_en text)
LANGUAGE sql STABLE BEGIN ATOMIC
    WITH revision AS (
        SELECT max(number) AS number FROM product_revision WHERE product_id = subject
    ), demanded AS (
        SELECT demanded.link, demanded.roles, demanded.required_for, demanded.subject_id
        FROM revision, LATERAL demanded_links(subject, revision.number) AS demanded
        UNION ALL
        SELECT link.name, link.roles, link.required_for, subject FROM chain_link AS link
        WHERE link.subject_kind = 'entry' AND EXISTS (SELECT FROM directory_entry WHERE id = subject)
    )
    SELECT demanded.link, demanded.required_for, named.code,
        format('“%s”环节没有责任主体（%s）', link.title_zh, named.code),
        format('Nobody answers for the link "%s" of %s: it needs a party in the role %s.', link.title_en, named.code,
            array_to_string(demanded.roles, ' or '))
    FROM demanded
    JOIN chain_link AS link ON link.name = demanded.link
    CROSS JOIN LATERAL (
        SELECT code FROM directory_entry WHERE id = demanded.subject_id
        UNION ALL SELECT code FROM product WHERE id = demanded.subject_id) AS named
    WHERE demanded.required_for IS NOT NULL
        AND NOT EXISTS (SELECT FROM responsibility_in(demanded.subject_id, demanded.roles, moment, moment))
    ORDER BY link.position, named.code;
END;

-- The chain of a purchase: who answered for each link at a time (null: when it was accepted), as far as it was known at
-- another. A link that nobody answered for stands there without a party. No row: not the enterprise's purchase.
CREATE FUNCTION purchase_chain(enterprise uuid, purchase uuid, as_of timestamptz, recorded_by timestamptz)
RETURNS TABLE (document json) LANGUAGE sql STABLE BEGIN ATOMIC
    WITH bought AS (
        SELECT bought.id, bought.enterprise_id, bought.product_id, bought.revision, bought.accepted_at, bought.purpose,
            product.code AS product, offer.code AS offer,
            COALESCE(purchase_chain.as_of, bought.accepted_at) AS as_of,
            entitlement.valid AS entitled, entitlement.id AS entitlement_id, command.digest
        FROM purchase AS bought
        JOIN entitlement ON entitlement.enterprise_id = bought.enterprise_id AND entitlement.purchase_id = bought.id
        JOIN product ON product.id = bought.product_id
        JOIN offer ON offer.id = bought.offer_id
        LEFT JOIN command_key AS command
            ON command.enterprise_id = bought.enterprise_id AND command.purchase_id = bought.id
        WHERE bought.enterprise_id = enterprise AND bought.id = purchase_chain.purchase
    ), answered AS (
        SELECT demanded.place, demanded.link, demanded.roles, demanded.required_for, demanded.subject_id,
            demanded.subject || CASE demanded.link
                WHEN 'listing' THEN jsonb_build_object('offer', bought.offer)
                WHEN 'delivery' THEN jsonb_build_object('entitlement', bought.entitlement_id)
                ELSE '{}' END AS subject,
            held.role, held.party_id, held.valid, held.basis, held.basis_sha256, bought.as_of
        FROM bought
        CROSS JOIN LATERAL demanded_links(bought.product_id, bought.revision) AS demanded
        LEFT JOIN LATERAL responsibility_in(demanded.subject_id, demanded.roles, bought.as_of, recorded_by) AS held
            ON true
        UNION ALL
        -- Whoever uses answers by the purchase itself, while the entitlement lasts; its basis is the buyer's request.
        SELECT link.position, link.name, link.roles, link.required_for, bought.id,
            jsonb_build_object('purchase', bought.id, 'purpose', bought.purpose), 'user',
            CASE WHEN bought.entitled @> bought.as_of THEN bought.enterprise_id END, bought.entitled,
            'purchase ' || bought.id || ' of offer ' || bought.offer, bought.digest, bought.as_of
        FROM bought JOIN chain_link AS link ON link.subject_kind = 'purchase'
    )
    SELECT json_build_object('purchase', bought.id, 'product', bought.product, 'revision', bought.revision,
        'accepted_at', bought.accepted_at, 'as_of', bought.as_of, 'recorded_by', recorded_by,
        'links', (
            SELECT json_agg(shown.document ORDER BY answered.place, answered.subject->>'directory_entry')
            FROM answered, LATERAL link_document(answered.link, answered.roles, answered.required_for, answered.subject,
                answered.subject_id, answered.role, answered.party_id, answered.valid, answered.basis,
                answered.basis_sha256, answered.as_of, recorded_by) AS shown))
    FROM bought;
END;
CREATE INDEX command_key_by_purchase ON command_key (enterprise_id, purchase_id);
