-- Adds the steps of every product to none.
INSERT INTO product_step (product_id, standing, happened_at, recorded_at, change, came, went)
SELECT product.id, history.standing, history.happened_at, history.recorded_at, history.change, history.came, history.went
FROM product CROSS JOIN LATERAL sold_history(product.id) AS history;
