"""The job `figure`: a figure with its definition as a workbook, or as Parquet.

Its cells are texts, truths, nulls, or objects, which stand for values that are withheld to protect enterprises.
"""

import datetime
import os
from decimal import Decimal

from database import Workspace, name, text
from exporting import MADE

# Values have any number of digits before the point and, like those of pages, six behind it at most.
STORED = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DECIMAL(38, 6)",
    "money": "DECIMAL(38, 2)",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "time": "TIMESTAMPTZ",
}
NUMBERS = ("integer", "number", "money")
# Beyond, Excel rounds numbers.
DIGITS_OF_EXCEL = 15
WITHHELD = "不公布（保护企业） not given, to protect enterprises"
TOP = {"text_wrap": True, "valign": "top"}
LOOKS = {
    "head": TOP | {"bold": True, "bg_color": "#e8eef4", "bottom": 1},
    "item": TOP | {"bold": True},
    "wrapped": TOP,
    "withheld": {"italic": True, "font_color": "#666666"},
    "integer": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.0#####"},
    "money": {"num_format": "#,##0.00"},
    "date": {"num_format": "yyyy-mm-dd"},
    "time": {"num_format": "yyyy-mm-dd hh:mm:ss"},
}
BEIJING = datetime.timezone(datetime.timedelta(hours=8))
NARROWEST, WIDEST = 9, 48


def figure(job, limits):
    {"parquet": _write_parquet, "xlsx": _write_workbook}[job["format"]](job, limits)
    return {"bytes": os.path.getsize(job["output"]), "rows": len(job["rows"])}


def _write_parquet(job, limits):
    columns = job["columns"]
    with Workspace(limits, [job["output"]]) as workspace:
        database = workspace.database
        fields = ", ".join(f"{name(column['name'])} {STORED[column['type']]}" for column in columns)
        database.execute(f"CREATE TEMP TABLE figure (line INTEGER, {fields})")
        values = ", ".join(f"CAST(? AS {STORED[column['type']]})" for column in columns)
        for line, row in enumerate(job["rows"]):
            cells = [_exact(cell, column["type"]) for cell, column in zip(row, columns, strict=True)]
            database.execute(f"INSERT INTO figure VALUES ({line}, {values})", cells)
        said = ", ".join(f"{name(key)}: {text(value)}" for key, value in job["metadata"].items())
        database.execute(
            f"COPY (SELECT * EXCLUDE (line) FROM figure ORDER BY line) TO {text(job['output'])} "
            f"(FORMAT parquet, COMPRESSION snappy, PARQUET_VERSION v1, KV_METADATA {{{said}}})"
        )


def _exact(cell, kind):
    """DuckDB would round what has too many digits."""
    if isinstance(cell, dict):
        return None
    if kind == "number" and cell is not None and Decimal(cell) != round(Decimal(cell), 6):
        raise ValueError(f"{cell} has more than six digits behind the point")
    return cell


def _write_workbook(job, limits):
    import xlsxwriter

    with xlsxwriter.Workbook(job["output"], {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": MADE})
        looks = {look: book.add_format(properties) for look, properties in LOOKS.items()}
        _write_values(book.add_worksheet("数字 figure"), job, looks)
        _write_definition(book.add_worksheet("定义 definition"), job["definition"], looks)


def _write_values(sheet, job, looks):
    for place, column in enumerate(job["columns"]):
        sheet.write_string(0, place, f"{column['zh']}\n{column['name']}", looks["head"])
        shown = [
            _write_cell(sheet, line, place, row[place], column["type"], looks)
            for line, row in enumerate(job["rows"], 1)
        ]
        needed = max(map(_width, [column["zh"], column["name"], *shown])) + 2
        sheet.set_column(place, place, min(max(needed, NARROWEST), WIDEST))
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(job["rows"])), len(job["columns"]) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_cell(sheet, line, place, cell, kind, looks):
    """- Returns: about what is seen of it, for the column's width."""
    if isinstance(cell, dict):
        sheet.write_string(line, place, WITHHELD, looks["withheld"])
        return WITHHELD
    if cell is None:
        return ""
    if kind == "boolean":
        sheet.write_boolean(line, place, cell)
    elif kind in NUMBERS and len(Decimal(cell).as_tuple().digits) <= DIGITS_OF_EXCEL:
        number = Decimal(cell)
        is_whole = kind != "money" and number == number.to_integral_value()
        sheet.write_number(line, place, float(number), looks["integer" if is_whole else kind])
        return f"{number:,}"
    elif kind == "date":
        sheet.write_datetime(line, place, datetime.date.fromisoformat(cell), looks[kind])
    elif kind == "time":
        # Of Beijing, by which the market's days are counted. A sheet knows no zones.
        moment = datetime.datetime.fromisoformat(cell).astimezone(BEIJING).replace(tzinfo=None)
        sheet.write_datetime(line, place, moment, looks[kind])
        return "2026-01-01 00:00:00"
    else:
        sheet.write_string(line, place, cell)
    return str(cell)


def _width(shown):
    """In digits; a Chinese character is as wide as two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in shown)


def _write_definition(sheet, lines, looks):
    for place, (title, width) in enumerate([("项目\nitem", 26), ("中文\nChinese", 64), ("英文\nEnglish", 72)]):
        sheet.write_string(0, place, title, looks["head"])
        sheet.set_column(place, place, width)
    for row, (item, *texts) in enumerate(lines, 1):
        sheet.write_string(row, 0, item, looks["item"])
        for place, said in enumerate(texts, 1):
            sheet.write_string(row, place, said or "", looks["wrapped"])
        # Excel makes no row higher by itself when a file opens; the others do.
        height = max(-(-_width(said or "") // width) for said, width in zip([item, *texts], (24, 60, 68)))
        sheet.set_row(row, 15.5 * max(1, height))
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
