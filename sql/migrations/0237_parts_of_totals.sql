-- Of how many enterprises a value is, where much was taken back: what is left of what each quarter of the enterprises, drawn by their
-- ids, added and took. Where that is not nothing there is one at least. Null where none of them did, and
-- where nothing is ever taken back.
ALTER TABLE adoption_total ADD part_1 bigint, ADD part_2 bigint, ADD part_3 bigint, ADD part_4 bigint;
DROP FUNCTION IF EXISTS total_within(text[], text, text[], timestamptz, timestamptz, timestamptz, timestamptz, boolean);
