"""What a revision's columns promise, and the rows that break it."""

import runs
from database import batches, one, text
from refusal import problem, shortened
from values import MONTH, STORED, YEAR, matches, typed

TYPES = {
    "integer": ("a whole number of 64 bits", " 64 位整数"),
    "number": ("a finite number", "有限数值"),
    "boolean": ("true, false, yes, no, 1, 0, 是 or 否", " true、false、yes、no、1、0、是、否之一"),
    "date": ("a day such as 2025-08-01", "形如 2025-08-01 的日期"),
    "datetime": ("a time such as 2025-08-01T09:30:00+08:00", "形如 2025-08-01T09:30:00+08:00 的时间"),
}


class Column:
    """A declared column, and as what it is stored once its values are known."""

    def __init__(self, declared, place):
        self.name = declared["name"]
        self.declared = declared["type"] if declared["type"] in STORED else "text"
        self.kind = self.declared
        self.place = place
        self.cell = f"c{place}"
        self.is_personal = bool(declared.get("personal"))
        self.is_required = bool(declared.get("required"))
        self.is_unique = bool(declared.get("unique"))
        self.minimum = declared.get("minimum")
        self.maximum = declared.get("maximum")
        self.values = declared.get("values")
        # What years and months lack to be days: they stay text, and are compared by their first day.
        self.day_suffix = ""

    @property
    def stored(self):
        return STORED[self.kind]

    @property
    def typed(self):
        return typed(self.cell, self.kind)

    @property
    def compared(self):
        return f"TRY_CAST({self.cell} || '{self.day_suffix}' AS DATE)" if self.day_suffix else self.typed

    def limit(self, value):
        """A stated minimum or maximum as SQL of the column's type."""
        kind = "date" if self.day_suffix else self.kind
        return typed(f"CAST({text(str(value).lower() if isinstance(value, bool) else value)} AS VARCHAR)", kind)


class Contract:
    def __init__(self, job, cells, problems):
        self.database = cells.database
        self.cells = cells
        self.problems = problems
        self.is_strict = job["strict"]
        self.keys = job["keys"]
        self.columns = [Column(declared, place) for place, declared in enumerate(job["columns"])]
        self.notes = []
        self.broken = []

    def settle_types(self):
        """A column whose values are not all of its type is refused when the contract is strict; else it stays text."""
        for some in batches([column for column in self.columns if column.kind != "text"], 100):
            counted = []
            for column in some:
                is_date = column.kind in ("date", "datetime")
                counted += [
                    f"count({column.cell})",
                    f"count({column.typed})",
                    f"count(*) FILTER ({matches(column.cell, YEAR)})" if is_date else "0",
                    f"count(*) FILTER ({matches(column.cell, MONTH)})" if is_date else "0",
                ]
            counts = one(self.database, f"SELECT {', '.join(counted)} FROM cells")
            for column, (held, good, years, months) in zip(some, batches(counts, 4)):
                if held != good:
                    self._settle(column, held, good, years, months)

    def _settle(self, column, held, good, years, months):
        if held in (years, months):
            column.kind = "text"
            column.day_suffix = "-01-01" if held == years else "-01"
            en, zh = ("years", "年份") if held == years else ("months", "月份")
            self._note(
                f"The values of '{column.name}' are {en}; it is delivered as text.",
                f"“{column.name}”的值均为{zh}，按文本交付。",
            )
        elif self.is_strict:
            self._name_values_of_other_types(column, held - good)
        else:
            self._note(
                f"{held - good} values of '{column.name}' are not {TYPES[column.declared][0]}; "
                "it is delivered as text.",
                f"“{column.name}”有 {held - good} 个值不是{TYPES[column.declared][1]}，按文本交付。",
            )
            column.kind = "text"

    def _note(self, en, zh):
        self.notes.append({"zh": zh, "en": en})

    def _name_values_of_other_types(self, column, count):
        en, zh = TYPES[column.declared]
        condition = f"{column.cell} IS NOT NULL AND ({column.typed}) IS NULL"
        self._keep_broken("type", column, condition, count, f"is not {en}", f"不是{zh}")

    def check_rules(self):
        if not self.is_strict:
            return
        rules = [rule for column in self.columns for rule in self._rules(column)]
        for some in batches(rules, 100):
            counts = one(
                self.database, f"SELECT {', '.join(f'count(*) FILTER ({rule[2]})' for rule in some)} FROM cells"
            )
            for (rule, column, condition, en, zh), count in zip(some, counts):
                if count:
                    self._keep_broken(rule, column, condition, count, en, zh)
        for column in self.columns:
            if column.is_unique and self.keys != [column.name]:
                self._check_unique([column], "unique")
        if self.keys:
            self._check_unique([column for key in self.keys for column in self.columns if column.name == key], "key")

    def _rules(self, column):
        if column.is_required or column.name in self.keys:
            rule = "required" if column.is_required else "key"
            yield rule, column, f"{column.cell} IS NULL", "is empty, which it may not be", "为空，而该列不允许为空"
        if column.minimum is not None:
            condition = f"{column.compared} < {column.limit(column.minimum)}"
            yield "minimum", column, condition, f"is less than {column.minimum}", f"小于 {column.minimum}"
        if column.maximum is not None:
            condition = f"{column.compared} > {column.limit(column.maximum)}"
            yield "maximum", column, condition, f"is more than {column.maximum}", f"大于 {column.maximum}"
        if column.values:
            allowed = ", ".join(typed(f"CAST({text(value)} AS VARCHAR)", column.kind) for value in column.values)
            # With a null among them nothing would be outside.
            known = f"SELECT value FROM unnest([{allowed}]) AS stated (value) WHERE value IS NOT NULL"
            condition = f"{column.cell} IS NOT NULL AND {column.typed} NOT IN ({known})"
            if column.kind == "text":
                condition = f"{column.cell} NOT IN ({', '.join(text(value) for value in column.values)})"
            yield "values", column, condition, "is none of the allowed values", "不在允许的取值之列"

    def _check_unique(self, columns, rule):
        values = [f"({column.typed})" for column in columns]
        names = [f"v{place}" for place in range(len(columns))]
        grouped = ", ".join(names)
        held = ", ".join(f"{value} AS {field}" for value, field in zip(values, names))
        is_whole = " AND ".join(f"{field} IS NOT NULL" for field in names)
        source = f"(SELECT {held}, rowid AS number FROM cells) WHERE {is_whole}"
        if self.cells.rows > runs.MANY:
            # 0 and -0 are equal and written differently.
            written = [f"{field} + 0" if column.kind == "number" else field for column, field in zip(columns, names)]
            mark = f"md5_number(concat_ws(chr(31), {', '.join(written)}))"
            if not runs.repeats(self.database, mark, source):
                return
            source += f" AND {mark} IN ({runs.repeated_marks()})"
        # Only what repeats is kept: of a table whose values are all different, nothing.
        self.database.execute(
            f"CREATE OR REPLACE TEMP TABLE repeated AS SELECT {grouped}, count(*) AS times, min(number) AS first "
            f"FROM {source} GROUP BY {grouped} HAVING count(*) > 1"
        )
        (count,) = one(self.database, "SELECT coalesce(sum(times - 1), 0) FROM repeated")
        if not count:
            return
        shown = ", ".join(column.cell for column in columns)
        same = " AND ".join(f"held.{field} = repeated.{field}" for field in names)
        rows = self.database.execute(
            f"SELECT number, first, {shown} FROM (SELECT rowid AS number, {shown}, {held} FROM cells) AS held "
            f"JOIN repeated ON {same} WHERE number <> first ORDER BY number LIMIT {self.problems.most}"
        ).fetchall()
        what = ("key", "主键") if rule == "key" else ("value", "值")
        for row, first, *cells in rows:
            self.broken.append(Broken(row, columns, rule, ", ".join(cells), f"{what[0]} of", what[1], first))
        self.problems.add_unnamed(count)

    def _keep_broken(self, rule, column, condition, count, en, zh):
        rows = self.database.execute(
            f"SELECT rowid, {column.cell} FROM cells WHERE {condition} ORDER BY rowid LIMIT {self.problems.most}"
        ).fetchall()
        self.broken += [Broken(row, [column], rule, value, en, zh) for row, value in rows]
        self.problems.add_unnamed(count)

    def name_broken(self):
        """The first rows of all that break a rule, whichever it is, and where they stand, which is looked up once."""
        first = sorted(self.broken, key=lambda broken: broken.standing)[: self.problems.most]
        places = self.cells.places({row for broken in first for row in (broken.row, broken.repeats) if row is not None})
        self.problems.named += [broken.said(places) for broken in first]


class Broken:
    """A row that breaks a rule."""

    def __init__(self, row, columns, rule, value, en, zh, repeats=None):
        self.row = row
        self.names = [column.name for column in columns]
        self.rule = rule
        self.value = None if any(column.is_personal for column in columns) else value
        self.en = en
        self.zh = zh
        self.repeats = repeats
        self.standing = (row, columns[0].place, rule)

    def said(self, places):
        if self.repeats is None:
            shown = shortened(self.value, 40) if self.value else None
            quoted = (f" '{shown}'", f"“{shown}”") if shown else ("", "")
            en = f"The value{quoted[0]} of '{self.names[0]}' {self.en}."
            zh = f"“{self.names[0]}”的值{quoted[1]}{self.zh}。"
        else:
            en, zh = self._said_of_repeat(places[self.row], places[self.repeats])
        return problem(self.rule, en, zh, column=", ".join(self.names), value=self.value, **places[self.row])

    def _said_of_repeat(self, where, first):
        number = first["line"] or first["row"]
        word = "line" if first["line"] else "row"
        other = first["file"] if first["file"] != where["file"] else ""
        en = f"The {self.en} '{', '.join(self.names)}' repeats {word} {number}{' of ' + other if other else ''}."
        zh = f"“{'、'.join(self.names)}”的{self.zh}与{other}第 {number} 行重复。"
        return en, zh
