-- Steps follow from purchases, use and views, which refer to their enterprise and product: to look both up again for each step was
-- most of what making them anew took.
ALTER TABLE funnel_step DROP CONSTRAINT funnel_step_enterprise_id_fkey, DROP CONSTRAINT funnel_step_product_id_fkey;
ALTER TABLE scenario_step DROP CONSTRAINT scenario_step_enterprise_id_fkey, DROP CONSTRAINT scenario_step_product_id_fkey;
ALTER TABLE enterprise_step DROP CONSTRAINT enterprise_step_enterprise_id_fkey;
ALTER TABLE product_step DROP CONSTRAINT product_step_product_id_fkey;
