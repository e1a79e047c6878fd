"""The job `trace`: whose copy a leaked file is, told by the order of its rows, and the mark it still carries."""

import zipfile
from xml.etree import ElementTree

import duckdb

from database import Workspace, name, one, text
from exporting import order_key, stored_types
from parts import ROW, rows_of
from reading import LINE_MOST
from refusal import refuse
from texts import ReadableText, csv_records
from values import typed
from workbook import rows_of_workbook

KINDS = {"BIGINT": "integer", "DOUBLE": "number", "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMPTZ": "datetime"}
# More neighbours than these make no verdict surer.
COMPARED = 100_000
BYTES_MOST = 100 << 30


def trace(job, limits):
    with Workspace(limits, [*job["parts"], job["file"]]) as workspace:
        database = workspace.database
        types = stored_types(database, job["parts"])
        columns = _read_leaked(job, workspace, types)
        _match(database, job["parts"], columns, types)
        (matched,) = one(database, "SELECT count(*) FROM matched")
        scores = [
            {"id": candidate["id"], "agreement": _agreement(database, candidate["seed"])}
            for candidate in job["candidates"]
        ]
        scores.sort(key=lambda score: -score["agreement"])
        return {"matched_rows": matched, "scores": scores, "text": mark_of(database, job)}


def _read_leaked(job, workspace, types):
    """The table `leaked` of the columns both have, as texts. - Returns: their names"""
    readers = {"csv": _read_csv, "jsonl": _read_jsonl, "parquet": _read_parquet, "xlsx": _read_xlsx}
    try:
        header = readers[job["format"]](job, workspace)
    except (duckdb.Error, zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError):
        refuse("format", f"The file cannot be read as {job['format']}.", f"文件无法按 {job['format']} 读取。")
    columns = [column for column in job["columns"] if column in header and column in types]
    if not columns:
        refuse("header", "The file has none of the table's columns.", "文件不含该表的任何列。")
    return columns


def _read_csv(job, workspace):
    readable = ReadableText({"name": "file", "path": job["file"], "charset": None}, workspace.path("text"), BYTES_MOST)
    headers = [next(csv_records(readable.path, delimiter, 2), (1, []))[1] or [] for delimiter in ",;\t"]
    header = max(headers, key=len)
    delimiter = ",;\t"[headers.index(header)]
    fields = ", ".join(f"{text(f'c{place}')}: 'VARCHAR'" for place in range(len(header)))
    named = ", ".join(f"c{place} AS {name(column)}" for place, column in enumerate(header))
    workspace.database.execute(
        f"CREATE TABLE leaked AS SELECT {named} FROM read_csv({text(readable.path)}, columns = {{{fields}}}, "
        f"auto_detect = false, header = true, delim = {text(delimiter)}, quote = '\"', escape = '\"', "
        f"strict_mode = false, null_padding = true, parallel = false, max_line_size = {LINE_MOST})"
    )
    return header


def _read_jsonl(job, workspace):
    readable = ReadableText({"name": "file", "path": job["file"], "charset": None}, workspace.path("text"), BYTES_MOST)
    types = "{" + ", ".join(f"{text(column)}: 'VARCHAR'" for column in job["columns"]) + "}"
    workspace.database.execute(
        f"CREATE TABLE leaked AS SELECT * FROM read_json({text(readable.path)}, columns = {types}, "
        f"format = 'newline_delimited', ignore_errors = true)"
    )
    return job["columns"]


def _read_parquet(job, workspace):
    workspace.database.execute(
        f"CREATE TABLE leaked AS SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet({text(job['file'])})"
    )
    return [column for column, *_ in workspace.database.execute("DESCRIBE leaked").fetchall()]


def _read_xlsx(job, workspace):
    rows = rows_of_workbook(job["file"])
    header = next(rows, [])
    path = workspace.path("rows.csv")
    import csv

    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows((row + [""] * len(header))[: len(header)] for row in rows)
    return _read_csv({"file": path}, workspace)


def _match(database, parts, columns, types):
    """Rows whose whole content stands once in the original and once in the leaked file, in the leaked order."""
    ours = ", ".join(f"coalesce(CAST({name(column)} AS VARCHAR), chr(30))" for column in columns)
    theirs = ", ".join(
        f"coalesce(CAST({_read_as(name(column), types[column])} AS VARCHAR), chr(30))" for column in columns
    )
    database.execute(
        "CREATE TABLE matched AS SELECT ours.row AS row, theirs.row AS place FROM "
        f"(SELECT digest, min({ROW}) AS row FROM (SELECT md5_number(concat_ws(chr(31), {ours})) AS digest, {ROW} "
        f"FROM {rows_of(parts)}) GROUP BY digest HAVING count(*) = 1) AS ours JOIN "
        f"(SELECT digest, min(row) AS row FROM "
        f"(SELECT md5_number(concat_ws(chr(31), {theirs})) AS digest, rowid AS row "
        f"FROM leaked) GROUP BY digest HAVING count(*) = 1) AS theirs USING (digest) ORDER BY place"
    )


def _read_as(field, stored):
    """Sheets state days and times as days since 1899-12-30."""
    kind = KINDS.get(stored, "text")
    value = f"nullif({field if kind == 'text' else f'trim({field})'}, '')"
    if kind in ("date", "datetime"):
        serial = f"TRY_CAST({value} AS DOUBLE)"
        day = f"TIMESTAMP '1899-12-30' + to_microseconds(CAST(round({serial} * 86400000) * 1000 AS BIGINT))"
        moment = f"CAST(CAST({day} AS VARCHAR) || '+00' AS TIMESTAMPTZ)"
        as_serial = f"CAST({day} AS DATE)" if kind == "date" else moment
        plain = f"regexp_replace(replace({value}, ' ', 'T'), '([+-][0-9]{{2}})$', '\\1:00')"
        return f"CASE WHEN {serial} < 3000000 AND strlen({value}) <> 8 THEN {as_serial} ELSE {typed(plain, kind)} END"
    return typed(value, kind)


def _agreement(database, seed):
    """Of neighbours in the leaked file, how many stand in the seed's order: 1 all, 0 half of them, as by chance."""
    pairs, rising = one(
        database,
        f"SELECT count(*), count(*) FILTER (key > before) FROM "
        f"(SELECT key, lag(key) OVER (ORDER BY place) AS before FROM "
        f"(SELECT {order_key(text(seed), 'row')} AS key, place FROM matched ORDER BY place LIMIT {COMPARED})) "
        f"WHERE before IS NOT NULL",
    )
    return round(max(0.0, 2 * rising / pairs - 1), 4) if pairs else 0.0


def mark_of(database, job):
    if job["format"] == "parquet":
        found = database.execute(
            f"SELECT decode(value) FROM parquet_kv_metadata({text(job['file'])}) WHERE decode(key) = 'watermark'"
        ).fetchone()
        return found[0] if found else None
    if job["format"] == "xlsx":
        with zipfile.ZipFile(job["file"]) as book:
            if "docProps/core.xml" not in book.namelist():
                return None
            root = ElementTree.fromstring(book.read("docProps/core.xml")[: 1 << 20])
            return next((node.text for node in root.iter() if node.tag.endswith("}description")), None)
    return None
