"""The job `export`: a revision as one file of another format, the same bytes each time."""

import datetime
import gzip
import os
import shutil

from database import Workspace, name, text
from parts import ROW, ROWS_OF_A_GROUP, digest, rows_of
from refusal import refuse
from values import written

# Of which a sheet's first is the header.
ROWS_OF_A_SHEET = 1_048_576
LETTERS_OF_A_CELL = 32_767
# Beyond, Excel rounds numbers.
DIGITS_OF_EXCEL = 10**15
MADE = datetime.datetime(2000, 1, 1)
FETCHED = 2048


def export(job, limits):
    with Workspace(limits, [*job["parts"], job["output"]], [os.path.dirname(job["output"])]) as workspace:
        database = workspace.database
        types = stored_types(database, job["parts"])
        watermark = job.get("watermark") or {}
        database.execute(f"CREATE TEMP VIEW held AS SELECT * FROM {rows_of(job['parts'])}")
        (rows,) = database.execute("SELECT count(*) FROM held").fetchone()
        order = f"ORDER BY {order_key(text(watermark['seed']), ROW)}, {ROW}" if watermark.get("seed") else ""
        writers = {"csv": write_csv, "jsonl": write_jsonl, "parquet": write_parquet, "xlsx": write_xlsx}
        writers[job["format"]](job, workspace, types, order, rows, watermark.get("text"))
    return {"bytes": os.path.getsize(job["output"]), "sha256": digest(job["output"]), "rows": rows}


def stored_types(database, parts):
    described = database.execute(f"DESCRIBE SELECT * FROM read_parquet({text(parts[0])})").fetchall()
    return {column: "TIMESTAMPTZ" if kind == "TIMESTAMP WITH TIME ZONE" else kind for column, kind, *_ in described}


def order_key(seed, row):
    """By this rows stand in an order that only who knows the seed can make."""
    return f"md5({seed} || ':' || {row})"


def write_csv(job, workspace, types, order, rows, mark):
    fields = ", ".join(f"{written(name(column), types[column])} AS {name(column)}" for column in job["columns"])
    path = _path_before_compression(job, workspace)
    workspace.database.execute(
        f"COPY (SELECT {fields} FROM held {order}) TO {text(path)} (FORMAT csv, HEADER true, NEW_LINE '\r\n')"
    )
    _compress(job, path)


def write_jsonl(job, workspace, types, order, rows, mark):
    fields = []
    for column in job["columns"]:
        is_time = types[column] in ("DATE", "TIMESTAMPTZ")
        value = written(name(column), types[column]) if is_time else name(column)
        fields.append(f"{value} AS {name(column)}")
    path = _path_before_compression(job, workspace)
    workspace.database.execute(f"COPY (SELECT {', '.join(fields)} FROM held {order}) TO {text(path)} (FORMAT json)")
    _compress(job, path)


def _path_before_compression(job, workspace):
    return workspace.path("export") if job.get("compression") == "gzip" else job["output"]


def _compress(job, path):
    if path == job["output"]:
        return
    with open(path, "rb") as source, open(job["output"], "wb") as raw:
        # Neither name nor time, which would change the bytes.
        with gzip.GzipFile("", "wb", 6, raw, mtime=0) as compressed:
            shutil.copyfileobj(source, compressed, 1 << 20)


def write_parquet(job, workspace, types, order, rows, mark):
    fields = ", ".join(name(column) for column in job["columns"])
    metadata = f", KV_METADATA {{watermark: {text(mark)}}}" if mark else ""
    workspace.database.execute(
        f"COPY (SELECT {fields} FROM held {order}) TO {text(job['output'])} "
        f"(FORMAT parquet, COMPRESSION snappy, PARQUET_VERSION v1, ROW_GROUP_SIZE {ROWS_OF_A_GROUP}{metadata})"
    )


def write_xlsx(job, workspace, types, order, rows, mark):
    if rows >= ROWS_OF_A_SHEET:
        refuse(
            "limit",
            f"A sheet holds {ROWS_OF_A_SHEET - 1} rows; there are {rows}. Take CSV or Parquet.",
            f"一张工作表最多 {ROWS_OF_A_SHEET - 1} 行，本表有 {rows} 行；请选 CSV 或 Parquet。",
        )
    import xlsxwriter

    options = {
        "constant_memory": True,
        "tmpdir": workspace.folder.name,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(job["output"], options) as book:
        book.set_properties({"created": MADE, "comments": mark or ""})
        sheet = book.add_worksheet("data")
        formats = {
            "DATE": book.add_format({"num_format": "yyyy-mm-dd"}),
            "TIMESTAMPTZ": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        for place, column in enumerate(job["columns"]):
            sheet.write_string(0, place, column)
        fields = []
        for column in job["columns"]:
            field = name(column)
            fields.append(f"CAST({field} AS TIMESTAMP)" if types[column] == "TIMESTAMPTZ" else field)
        cursor = workspace.database.execute(f"SELECT {', '.join(fields)} FROM held {order}")
        line = 0
        kinds = [types[column] for column in job["columns"]]
        while found := cursor.fetchmany(FETCHED):
            for row in found:
                line += 1
                for place, value in enumerate(row):
                    if value is not None:
                        _write_cell(sheet, line, place, value, kinds[place], formats)


def _write_cell(sheet, line, place, value, kind, formats):
    if kind == "BOOLEAN":
        sheet.write_boolean(line, place, value)
    elif kind in ("DATE", "TIMESTAMPTZ") and value.year >= 1900:
        sheet.write_datetime(line, place, value, formats[kind])
    elif kind in ("BIGINT", "DOUBLE") and abs(value) < DIGITS_OF_EXCEL:
        sheet.write_number(line, place, value)
    else:
        shown = value.isoformat() if hasattr(value, "isoformat") else str(value)
        if len(shown) > LETTERS_OF_A_CELL:
            refuse(
                "limit",
                f"A cell of a sheet holds {LETTERS_OF_A_CELL} letters; row {line} has one of {len(shown)}. "
                "Take CSV or Parquet.",
                f"工作表单元格最多 {LETTERS_OF_A_CELL} 个字符，第 {line} 行有 {len(shown)} 个字符的单元格；请选 CSV 或 Parquet。",
                row=line,
            )
        sheet.write_string(line, place, shown)
