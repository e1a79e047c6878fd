-- Flags every condition of a product's offers that goes beyond the directory and is not flagged yet, and tells those who
-- publish the directory entries of the product. $1 product, $2 now
WITH raised AS (
    INSERT INTO condition_flag (id, offer_id, kind, directory_value, offered_value, basis, raised_at)
    SELECT gen_random_uuid(), offer_id, kind, COALESCE(directory_value, 'null'), value, basis, $2
    FROM offered_condition_together WHERE product_id = $1 AND added
    ON CONFLICT DO NOTHING
    RETURNING offer_id, kind
)
INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
SELECT gen_random_uuid(), officer.party_id, 'condition.added', '/administration/conditions',
    format('挂牌 %s 增加了目录之外的使用条件：%s。', flagged.code, flagged.kinds),
    format('The offer %s adds conditions beyond the directory: %s.', flagged.code, flagged.kinds), $2
FROM (SELECT offer.code, string_agg(raised.kind, ', ' ORDER BY raised.kind) AS kinds
      FROM raised JOIN offer ON offer.id = raised.offer_id GROUP BY offer.code) AS flagged,
    (SELECT DISTINCT responsibility.party_id FROM newest_source AS source
     JOIN responsibility ON responsibility.subject_id = source.entry_id AND responsibility.role = 'publisher'
        AND responsibility.valid @> $2 AND upper_inf(responsibility.recorded)
     WHERE source.product_id = $1) AS officer;
