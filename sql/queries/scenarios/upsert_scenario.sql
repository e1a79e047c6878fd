-- Publishes a scenario document; answers its id and revision, or no row when the same document is published already.
-- $1 id, $2 code, $3 batch, $4 title zh, $5 title en, $6 domain, $7 published on, $8 document, $9 publisher, $10 now
WITH document AS (SELECT sha256(convert_to($8::jsonb::text, 'UTF8')) AS digest),
published AS (
    INSERT INTO scenario (id, code, batch, title_zh, title_en, domain, published_on, document, digest, revision,
        publisher_id, recorded_at)
    SELECT $1, $2, $3, $4, $5, $6, $7::date, $8::jsonb, document.digest, 1, $9, $10 FROM document
    ON CONFLICT (code) DO UPDATE SET batch = excluded.batch, title_zh = excluded.title_zh,
        title_en = excluded.title_en, domain = excluded.domain, published_on = excluded.published_on,
        document = excluded.document, digest = excluded.digest, revision = scenario.revision + 1,
        publisher_id = excluded.publisher_id, recorded_at = excluded.recorded_at
    WHERE scenario.digest <> excluded.digest
    RETURNING id, revision
), kept AS (
    INSERT INTO scenario_revision (scenario_id, revision, document, publisher_id, recorded_at)
    SELECT id, revision, $8::jsonb, $9, $10 FROM published
)
SELECT id, revision FROM published;
