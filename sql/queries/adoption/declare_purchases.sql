-- Declares purchases that were made elsewhere; what is said of a reference already is known, what is said otherwise is corrected
-- from now on. How many were new, and how many corrected. What is not said of an enterprise is as the market knows its party now.
-- $1 who declares, $2 references, $3 credit codes, $4 days, $5 channels, $6 products, $7 sellers, $8 values in minor units,
-- $9 currencies, $10 bases, $11 sections, $12 provinces, $13 kinds of enterprise, $14 withdrawn, $15 digests, $16 now
WITH stated AS MATERIALIZED (
    SELECT stated.reference, stated.code, stated.accepted_on, stated.channel, stated.product, stated.seller, stated.value_minor,
        stated.currency, stated.basis, COALESCE(stated.section, party.industry_section) AS section,
        COALESCE(stated.province, party.province) AS province, COALESCE(stated.kind, party.enterprise_kind) AS kind,
        COALESCE(party.synthetic, false) AS synthetic, stated.withdrawn, stated.digest
    FROM unnest($2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[], $10::text[],
            $11::text[], $12::text[], $13::text[], $14::boolean[], $15::bytea[])
        AS stated (reference, code, accepted_on, channel, product, seller, value_minor, currency, basis, section, province, kind,
            withdrawn, digest)
    LEFT JOIN party ON party.scheme = 'uscc' AND party.identifier = stated.code
), changed AS MATERIALIZED (
    SELECT stated.reference, held.number,
        -- Another file may have been taken while this one waited.
        GREATEST($16::timestamptz, lower(held.recorded) + interval '1 microsecond') AS at
    FROM stated LEFT JOIN declared_purchase AS held ON held.declared_by = $1 AND held.reference = stated.reference
        AND upper_inf(held.recorded)
    WHERE held.digest IS DISTINCT FROM stated.digest
), ended AS (
    UPDATE declared_purchase AS held SET recorded = tstzrange(lower(held.recorded), changed.at)
    FROM changed WHERE held.declared_by = $1 AND held.reference = changed.reference AND held.number = changed.number
    RETURNING held.reference
), declared AS (
    INSERT INTO declared_purchase (declared_by, reference, number, enterprise_code, accepted_on, channel, product, seller,
        value_minor, currency, basis, industry_section, province, enterprise_kind, synthetic, withdrawn, recorded, digest)
    SELECT $1, stated.reference, COALESCE(changed.number, 0) + 1, stated.code, stated.accepted_on, stated.channel, stated.product,
        stated.seller, stated.value_minor, stated.currency, stated.basis, stated.section, stated.province, stated.kind,
        stated.synthetic, stated.withdrawn, tstzrange(changed.at, NULL), stated.digest
    FROM changed JOIN stated USING (reference)
    -- What was so a moment ago is ended first, whichever of the two is planned first.
    WHERE changed.number IS NULL OR EXISTS (SELECT FROM ended WHERE ended.reference = changed.reference)
)
SELECT count(*) FILTER (WHERE number IS NULL), count(*) FILTER (WHERE number IS NOT NULL) FROM changed;
