-- Companies that central enterprises established, as was believed by a time, by credit code: key and JSON per row. What is withdrawn
-- is not among them. $1 time or null for now, $2 code to start after or null, $3 limit
SELECT company.company_code, json_build_object('company_code', company.company_code, 'name', company.name,
    'group_code', company.group_code, 'group_name', company.group_name, 'established_on', company.established_on,
    'section', company.industry_section, 'province', company.province, 'source', company.source, 'synthetic', company.synthetic,
    'stated_by', party.code, 'recorded_at', lower(company.recorded))::text
FROM new_company AS company JOIN party ON party.id = company.stated_by
WHERE NOT company.withdrawn
    AND CASE WHEN $1::timestamptz IS NULL THEN upper_inf(company.recorded) ELSE company.recorded @> $1 END
    AND ($2::text IS NULL OR company.company_code > $2)
ORDER BY company.company_code LIMIT $3;
