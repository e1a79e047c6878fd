-- Makes a party answer for a directory entry or a product in a role from a time on, in place of whoever does then; what was
-- believed before is kept. What is open for that role goes with it: corrections, decisions on requests to buy, deadlines.
-- Answers the new id and how many parties were replaced; no row: the subject is unknown or the party holds it already.
-- $1 id, $2 party, $3 role, $4 code of the entry or product, $5 since, $6 basis, $7 SHA-256 of the basis, $8 now,
-- $9 who records it
WITH subject AS MATERIALIZED (
    SELECT named.code, entry.id AS entry_id, CASE WHEN entry.id IS NULL THEN product.id END AS product_id,
        COALESCE(entry.id, product.id) AS id
    FROM (SELECT $4::text AS code) AS named
    LEFT JOIN directory_entry AS entry ON entry.code = named.code
    LEFT JOIN product ON product.code = named.code
    WHERE COALESCE(entry.id, product.id) IS NOT NULL
), held AS MATERIALIZED (
    SELECT held.id, held.party_id, GREATEST($8, lower(held.recorded) + interval '1 microsecond') AS learned_at
    FROM subject JOIN responsibility AS held ON held.subject_id = subject.id AND held.role = $3
        AND upper_inf(held.recorded) AND (upper_inf(held.valid) OR upper(held.valid) > $5)
    WHERE NOT EXISTS (SELECT FROM responsibility AS own WHERE own.subject_id = subject.id AND own.role = $3
        AND own.party_id = $2 AND upper_inf(own.recorded) AND upper_inf(own.valid) AND lower(own.valid) <= $5)
), ended AS (
    UPDATE responsibility SET recorded = tstzrange(lower(recorded), held.learned_at)
    FROM held WHERE responsibility.id = held.id
    RETURNING responsibility.party_id, role, entry_id, product_id, valid, basis, basis_sha256, succession_ids, held.learned_at
), restated AS (
    INSERT INTO responsibility (id, party_id, role, entry_id, product_id, valid, recorded, basis, basis_sha256, succession_ids)
    SELECT gen_random_uuid(), party_id, role, entry_id, product_id, tstzrange(lower(valid), $5), tstzrange(learned_at, NULL),
        basis, basis_sha256, succession_ids
    FROM ended WHERE lower(valid) < $5
), made AS (
    INSERT INTO responsibility (id, party_id, role, entry_id, product_id, valid, recorded, basis, basis_sha256)
    SELECT $1, $2, $3, subject.entry_id, subject.product_id, tstzrange($5, NULL), tstzrange(gone.learned_at, NULL), $6, $7
    FROM subject CROSS JOIN (SELECT max(learned_at) AS learned_at FROM ended HAVING count(*) > 0) AS gone
    RETURNING id, subject_id
), noted AS (
    INSERT INTO search_pending (kind, subject_id) SELECT 'subject', subject_id FROM made
), corrections AS (
    UPDATE correction SET party_id = $2, steps = steps + 1
    FROM made
    WHERE correction.party_id IN (SELECT party_id FROM ended) AND correction.state <> 'fed_back' AND $5 <= $8
        AND COALESCE(correction.entry_id, correction.product_id) = made.subject_id
        AND $3 = CASE correction.link WHEN 'source' THEN 'provider' WHEN 'publication' THEN 'publisher' ELSE 'operator' END
    RETURNING correction.enterprise_id, correction.id, correction.steps
), steps AS (
    INSERT INTO correction_step (enterprise_id, correction_id, number, step, party_id, text, taken_at)
    SELECT enterprise_id, id, steps, 'pass_on', $9, $6, $8 FROM corrections
), decisions AS (
    UPDATE purchase_decision AS decision SET party_id = $2
    FROM made, purchase
    WHERE decision.party_id IN (SELECT party_id FROM ended) AND decision.decision IS NULL AND decision.role = $3 AND $5 <= $8
        AND purchase.enterprise_id = decision.enterprise_id AND purchase.id = decision.purchase_id
        AND (purchase.product_id = made.subject_id OR EXISTS (SELECT FROM product_revision_source AS used
            WHERE used.product_id = purchase.product_id AND used.number = purchase.revision
                AND used.entry_id = made.subject_id))
        AND NOT EXISTS (SELECT FROM purchase_decision AS other WHERE other.enterprise_id = decision.enterprise_id
            AND other.purchase_id = decision.purchase_id AND other.round = decision.round AND other.party_id = $2)
    RETURNING decision.id
), deadlines AS (
    UPDATE deadline SET party_id = $2
    FROM made
    WHERE deadline.party_id IN (SELECT party_id FROM ended) AND deadline.state IN ('running', 'paused') AND $5 <= $8
        AND (deadline.subject_id IN (SELECT id FROM corrections UNION ALL SELECT id FROM decisions)
            OR deadline.subject_kind = 'directory_entry' AND $3 = 'provider' AND deadline.subject_id = made.subject_id)
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), side.party_id, 'responsibility.replaced', side.address || subject.code,
        format('%s 的责任（%s）自 %s 起由 %s 承担。', subject.code, $3, legal_day($5), party.name),
        format('From %s on, %s answers for %s in the role %s.', legal_day($5), COALESCE(party.name_en, party.name),
            subject.code, $3), $8
    FROM made JOIN subject ON subject.id = made.subject_id JOIN party ON party.id = $2
    CROSS JOIN LATERAL (SELECT DISTINCT party_id, CASE WHEN subject.entry_id IS NULL THEN '/products/' ELSE '/directory/' END
        AS address FROM (SELECT party_id FROM ended UNION ALL SELECT $2::uuid) AS ends) AS side
)
SELECT made.id, (SELECT count(*) FROM ended) FROM made;
