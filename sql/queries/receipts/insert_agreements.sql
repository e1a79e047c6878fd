-- Keeps signed agreements with the hashes of their parts. $1 enterprises, $2 purchases, $3 documents, $4 parts
INSERT INTO agreement (enterprise_id, purchase_id, document, sha256, parts)
SELECT signed.enterprise_id, signed.purchase_id, convert_to(signed.document, 'UTF8'),
    sha256(convert_to(signed.document, 'UTF8')), signed.parts::jsonb
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS signed (enterprise_id, purchase_id, document, parts);
