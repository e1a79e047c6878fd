"""Parquet files as Delta tables hold them, with the statistics that let a reader skip a file."""

import hashlib
import os

from database import batches, name, one, text
from values import DELTA

ROWS_OF_A_GROUP = 102_400
# DuckDB holds a row group in memory until it is written.
BYTES_OF_A_GROUP = 48 << 20
STATED = 32
# A name that hardly any table uses.
ROW = '"#row"'
HIGHEST = "\U0010ffff"


def write_parts(database, query, folder, prefix, part_bytes, row_bytes):
    """Snappy, not zstd: every reader of Delta and Parquet has it built in, also old ones; zstd would save a third.
    - Returns: paths in the order of their rows."""
    group = int(min(ROWS_OF_A_GROUP, max(2048, BYTES_OF_A_GROUP // max(1, row_bytes))))
    writing = os.path.join(folder, f"{prefix}-writing")
    database.execute(
        f"COPY ({query}) TO {text(writing)} (FORMAT parquet, COMPRESSION snappy, PARQUET_VERSION v1, "
        f"ROW_GROUP_SIZE {group}, FILE_SIZE_BYTES {part_bytes}, FILENAME_PATTERN '{{i}}')"
    )
    paths = []
    for number, file in enumerate(sorted(os.listdir(writing), key=lambda file: int(file.split(".")[0])), 1):
        paths.append(os.path.join(folder, f"{prefix}-{number:04}.parquet"))
        os.rename(os.path.join(writing, file), paths[-1])
    os.rmdir(writing)
    return paths


def described(database, path):
    (rows,) = one(database, f"SELECT count(*) FROM read_parquet({text(path)})")
    return {"path": path, "bytes": os.path.getsize(path), "sha256": digest(path), "rows": rows}


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def statistics(database, path, rows, columns):
    """As Delta's transaction log states them; a maximum that is cut stays an upper bound. None of personal columns."""
    lowest, highest, nulls = {}, {}, {}
    for some in batches(columns, 200):
        asked = []
        for column in some:
            field = name(column.name)
            bounded = not column.is_personal and column.kind != "boolean"
            asked += [f"count(*) - count({field})", *(_bounds(field, column) if bounded else ("NULL", "NULL"))]
        found = one(database, f"SELECT {', '.join(asked)} FROM read_parquet({text(path)})")
        for column, (empty, least, most) in zip(some, batches(found, 3)):
            nulls[column.name] = empty
            if column.kind == "text" and most is not None:
                least, most = least[:STATED], _upper(most)
            if least is not None:
                lowest[column.name] = least
            if most is not None:
                highest[column.name] = most
    return {"numRecords": rows, "minValues": lowest, "maxValues": highest, "nullCount": nulls}


def _bounds(field, column):
    if column.kind in ("integer", "number"):
        return f"min({field})", f"max({field})"
    if column.kind == "datetime":
        # Milliseconds, rounded away from what lies between.
        clock = "strftime(CAST({} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ')"
        return clock.format(f"min({field})"), clock.format(f"(max({field}) + INTERVAL 999 MICROSECOND)")
    if column.kind == "text":
        # One letter more tells whether there is more.
        return f"min({field})[:{STATED + 1}]", f"max({field})[:{STATED + 1}]"
    return f"CAST(min({field}) AS VARCHAR)", f"CAST(max({field}) AS VARCHAR)"


def _upper(text):
    if len(text) <= STATED:
        return text
    return text[:STATED] + HIGHEST if text[STATED] != HIGHEST else None


def schema(columns, keys):
    return [
        {
            "name": column.name,
            "type": DELTA[column.kind],
            "nullable": not column.is_required and column.name not in keys,
        }
        for column in columns
    ]


def rows_of(paths, columns="*"):
    """The rows of parts as a table, in their order, with their number from 0."""
    listed = "[" + ", ".join(text(path) for path in paths) + "]"
    return f"(SELECT {columns}, row_number() OVER () - 1 AS {ROW} FROM read_parquet({listed}))"
