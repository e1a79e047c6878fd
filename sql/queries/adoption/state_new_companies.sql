-- States companies that central enterprises established; what is said of a company already is known, what is said otherwise is
-- corrected from now on. How many were new, and how many corrected. A company is synthetic too where the market knows it or its
-- group as synthetic.
-- $1 who states them, $2 credit codes, $3 names, $4 credit codes of groups, $5 names of groups, $6 days, $7 sections, $8 provinces,
-- $9 sources, $10 synthetic, $11 withdrawn, $12 now
WITH stated AS MATERIALIZED (
    SELECT stated.code, stated.name, stated.group_code, stated.group_name, stated.established_on, stated.section, stated.province,
        stated.source, stated.synthetic OR EXISTS (SELECT FROM party WHERE party.scheme = 'uscc' AND party.synthetic
            AND party.identifier IN (stated.code, stated.group_code)) AS synthetic, stated.withdrawn
    FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[], $8::text[], $9::text[], $10::boolean[],
            $11::boolean[])
        AS stated (code, name, group_code, group_name, established_on, section, province, source, synthetic, withdrawn)
), changed AS MATERIALIZED (
    SELECT stated.code, held.number,
        -- Another file may have been taken at the very moment.
        GREATEST($12::timestamptz, lower(held.recorded) + interval '1 microsecond') AS at
    FROM stated LEFT JOIN new_company AS held ON held.company_code = stated.code AND upper_inf(held.recorded)
    WHERE (held.name, held.group_code, held.group_name, held.established_on, held.industry_section, held.province, held.source,
            held.synthetic, held.withdrawn)
        IS DISTINCT FROM (stated.name, stated.group_code, stated.group_name, stated.established_on, stated.section,
            stated.province, stated.source, stated.synthetic, stated.withdrawn)
), ended AS (
    UPDATE new_company AS held SET recorded = tstzrange(lower(held.recorded), changed.at)
    FROM changed WHERE held.company_code = changed.code AND held.number = changed.number
    RETURNING held.company_code
), written AS (
    INSERT INTO new_company (company_code, number, name, group_code, group_name, established_on, industry_section, province, source,
        synthetic, withdrawn, stated_by, recorded)
    SELECT stated.code, COALESCE(changed.number, 0) + 1, stated.name, stated.group_code, stated.group_name, stated.established_on,
        stated.section, stated.province, stated.source, stated.synthetic, stated.withdrawn, $1, tstzrange(changed.at, NULL)
    FROM changed JOIN stated USING (code)
    -- What was so a moment ago is ended first, whichever of the two is planned first.
    WHERE changed.number IS NULL OR EXISTS (SELECT FROM ended WHERE ended.company_code = changed.code)
)
SELECT count(*) FILTER (WHERE number IS NULL), count(*) FILTER (WHERE number IS NOT NULL) FROM changed;
