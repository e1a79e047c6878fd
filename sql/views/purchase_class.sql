-- The classes of a purchase. What is bought here is bought on the exchange; what was bought elsewhere is declared with its channel.
CREATE OR REPLACE FUNCTION purchase_class(of_enterprise uuid, of_purchase uuid)
RETURNS TABLE (dimension text, class text) LANGUAGE sql STABLE AS $$
VALUES ('channel', 'on_exchange'), ('order', CASE WHEN EXISTS (SELECT FROM first_purchase AS first
    WHERE first.enterprise_id = of_enterprise AND first.purchase_id = of_purchase) THEN 'first' ELSE 'repeat' END)
$$;
