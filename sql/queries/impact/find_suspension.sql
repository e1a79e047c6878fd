-- Whether a suspension of a product is open; no row: there is none such. $1 product code, $2 suspension
SELECT suspension.lifted_at IS NULL FROM product_suspension AS suspension JOIN product ON product.id = suspension.product_id
WHERE product.code = $1 AND suspension.id = $2;
