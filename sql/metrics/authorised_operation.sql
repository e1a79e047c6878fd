-- name: authorised-operation
-- version: 1
-- over: public
-- title: {zh: 授权运营情况披露, en: Authorised operation as it is disclosed}
-- unit: {authorisations: count, ending_within_year: count, institutions: count, operators: count, products: count, entries: count}
-- numerator: {zh: 有效的授权运营协议及其产品与所用目录条目, en: authorisations in force with their products and the directory entries behind these}
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: 所问之日（或一段时间的末日）有效的授权运营协议数（同一实施机构的同一编号计一次）、其中一年之内到期的、授权的实施机构数与获授权的运营机构数、
--     授权之下在挂牌的产品数，以及这些产品最新版本所用的目录条目数（同一条目计一次）。依《公共数据资源授权运营实施规范（试行）》第18、19条由
--     实施机构与运营机构公开，故不隐去。一个产品的授权以其授权凭证为准：已生效、其期限包含该日、未终止或撤销。按实施机构、运营机构或用途分类时，
--     一份协议在其涉及的每类中各计一次，故各类之和可大于总数。
--   en: Authorisations in force on the day asked about, or on the last of a period (one number of one implementing institution counts
--       once), those of them that end within a year, the institutions that gave and the operators that hold them, the listed products
--       under them, and the directory entries that the newest revisions of these are made of, each once. Institutions and operators
--       disclose them by articles 18 and 19 of the rules on authorised operation, so that nothing is hidden. A product's
--       authorisation is its credential, when it came into force, has the day within its term, and was not ended or revoked. By
--       institution, operator or class of use an authorisation counts in each class that it concerns, so that classes may add up to
--       more than the whole.
-- axes:
--   as_of: the day is within the term, and what was said of the authorisation, listed and published had been by then
--   recorded_by: the same steps, listings and revisions, because they are recorded when they are made
-- dimensions: [institution, operator, use_class]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null
WITH asked AS (
    -- What is in force is of a day: of a period it is that of its end.
    SELECT legal_day(said.as_of) AS day, LEAST(said.as_of, $5::timestamptz) AS reached, $2::timestamptz AS from_then_on
    FROM (SELECT LEAST(COALESCE($4::timestamptz, now()), $3::timestamptz - interval '1 microsecond') AS as_of) AS said
), standing AS (
    SELECT step.credential_id FROM credential_step AS step, asked
    WHERE step.taken_at <= reached AND step.to_state IN ('in_force', 'terminated', 'cancelled', 'revoked')
    GROUP BY 1 HAVING bool_and(step.to_state = 'in_force')
), authorised AS MATERIALIZED (
    SELECT (credential.issuer_id, credential.number) AS authorisation, credential.issuer_id, credential.holder_id,
        credential.product_id, upper(credential.valid) <= (day + interval '1 year')::date AS ends, CASE $1::text
            WHEN 'institution' THEN institution.code WHEN 'operator' THEN operator.code WHEN 'use_class' THEN product.use_class END
            AS class,
        COALESCE(product.listed_at <= reached AND COALESCE(product.delisted_at > reached, true), false) AS is_listed
    FROM asked CROSS JOIN credential
    JOIN standing ON standing.credential_id = credential.id
    JOIN party AS institution ON institution.id = credential.issuer_id
    JOIN party AS operator ON operator.id = credential.holder_id
    JOIN product ON product.id = credential.product_id
    WHERE credential.kind = 'authorisation' AND credential.valid @> day
), newest AS (
    SELECT revision.product_id, max(revision.number) AS number FROM product_revision AS revision, asked
    WHERE revision.published_at <= reached GROUP BY 1
), used AS (
    SELECT authorised.class, source.entry_id FROM authorised JOIN newest USING (product_id)
    JOIN product_revision_source AS source ON source.product_id = newest.product_id AND source.number = newest.number
    WHERE authorised.is_listed
), counted AS (
    SELECT CASE WHEN grouping(class) = 0 THEN class END AS class, count(DISTINCT authorisation) AS authorisations,
        count(DISTINCT authorisation) FILTER (WHERE ends) AS ending, count(DISTINCT issuer_id) AS institutions,
        count(DISTINCT holder_id) AS operators, count(DISTINCT product_id) FILTER (WHERE is_listed) AS products
    FROM authorised GROUP BY GROUPING SETS ((), (class)) HAVING grouping(class) = 1 OR class IS NOT NULL
), behind AS (
    SELECT CASE WHEN grouping(class) = 0 THEN class END AS class, count(DISTINCT entry_id) AS entries
    FROM used GROUP BY GROUPING SETS ((), (class)) HAVING grouping(class) = 1 OR class IS NOT NULL
)
SELECT counted.class, value.name, 'count' AS unit, value.number::text AS value, 0::bigint AS enterprises
FROM counted LEFT JOIN behind ON behind.class IS NOT DISTINCT FROM counted.class
CROSS JOIN LATERAL (VALUES (1, 'authorisations', authorisations), (2, 'ending_within_year', ending),
    (3, 'institutions', institutions), (4, 'operators', operators), (5, 'products', products), (6, 'entries', COALESCE(behind.entries, 0)))
    AS value (place, name, number)
ORDER BY value.place, counted.class NULLS FIRST;
