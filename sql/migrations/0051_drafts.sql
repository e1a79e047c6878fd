-- A product is a draft until the gate lets it be listed.
ALTER TABLE product ALTER COLUMN listed_at DROP NOT NULL;
ALTER TABLE product ADD CONSTRAINT product_delisted_was_listed CHECK (delisted_at IS NULL OR listed_at IS NOT NULL);
-- Reference of the assessment of the impact on personal information, when there was one.
ALTER TABLE product ADD COLUMN assessment text
    CONSTRAINT product_assessment_not_blank CHECK (btrim(assessment) <> '');
