-- The figures of a revision's quality and what each of them is. Shares are rounded down, so that 1 means all.
CREATE OR REPLACE VIEW quality_definition AS
SELECT position, figure, definition_zh, definition_en FROM (VALUES
    (1, 'completeness', '非空单元格占全部单元格的比例；只有空白字符的单元格算空。',
        'The share of cells that are not empty; a cell that holds only blanks is empty.'),
    (2, 'validity', '非空单元格中符合所声明类型的比例：整数、数值（可带小数和指数）、日期（ISO 8601）、是非（0/1、true/false、yes/no、是/否）；文本总是符合。',
        'The share of the cells that are not empty that are of the declared type: whole numbers, numbers with a fraction or exponent, dates of ISO 8601, truths as 0/1, true/false, yes/no or 是/否; a text always is.'),
    (3, 'uniqueness', '没有与前面某行每个单元格都相同的行所占的比例。',
        'The share of rows that do not repeat an earlier row in every cell.'),
    (4, 'freshness', '本版本发布至今（或至下一版本）的天数，与所依据目录条目声明的最短更新周期相比；每月按31天、每年按366天计，期内为按时。',
        'The days from the publication of this revision until now, or until the next one, against the shortest update frequency that the directory entries it was made of state; a month counts as 31 days, a year as 366. Within them it is on time.')
) AS defined (position, figure, definition_zh, definition_en);
