"""The profile of a table, by the rules of Profile.swift, and histograms besides. Texts that Unicode holds for the same
are counted as one: by their composed form."""

from datetime import datetime, timedelta

import runs
from database import one, text
from values import place, trimmed

NAMED_LINES = 5
FEW = 20
SHOWN = 5
LONGEST = 80
BINS = 20
# Rows whose counts are added at once when a quartile is looked for.
BLOCK = 2048
EPOCH = datetime(1970, 1, 1)


def profile(cells, columns):
    return {
        "rows": cells.rows,
        "duplicates": duplicates(cells.database, cells.rows, columns),
        "columns": [profile_of(cells, column) for column in columns],
    }


def duplicates(database, rows, columns):
    """128 bits of each row's texts stand for it: there is no room for all rows of a large table at once."""
    texts = ", ".join(f"coalesce({column.cell}, chr(30))" for column in columns)
    mark = f"md5_number(nfc_normalize(concat_ws(chr(31), {texts})))"
    if rows > runs.MANY:
        return runs.repeats(database, mark, "cells")
    return one(database, f"SELECT count(*) - count(DISTINCT {mark}) FROM cells")[0]


def profile_of(cells, column):
    database = cells.database
    kind = "date" if column.declared == "datetime" else column.declared
    standing = "0.0" if kind == "text" else place("value", kind)
    value = f"nfc_normalize({trimmed(column.cell) if column.declared == 'text' else column.cell})"
    # Every different value once, in order; those that are not of the type come last.
    each = f"SELECT {value} AS value FROM cells WHERE {column.cell} IS NOT NULL"
    order = "value" if kind == "text" else "place NULLS LAST, value"
    if cells.rows > runs.MANY and runs.are_many(database, "value", f"({each})"):
        runs.count_runs(database, f"SELECT value, {standing} AS place FROM ({each})", order)
    else:
        database.execute(
            f"CREATE OR REPLACE TEMP TABLE counted AS SELECT value, times, {standing} AS place FROM "
            f"(SELECT value, count(*) AS times FROM ({each}) GROUP BY value)"
            + ("" if kind == "text" else f" ORDER BY {order}")
        )
    figures = "max(length_grapheme(value)), min(value), max(value)" if kind == "text" else "0, min(place), max(place)"
    held, distinct, good_cells, good, longest, least, most = one(
        database,
        "SELECT coalesce(sum(times), 0), count(*), coalesce(sum(times) FILTER (place IS NOT NULL), 0), count(place), "
        f"{figures} FROM counted",
    )
    made = {
        "name": column.name,
        "type": kind,
        "empty": cells.rows - held,
        "distinct": distinct,
        "invalid": held - good_cells,
        "invalid_lines": _invalid_lines(cells, column, kind) if held > good_cells else [],
    }
    if kind == "text" and distinct:
        made |= {"minimum": _cut(database, least), "maximum": _cut(database, most), "longest": longest}
    elif good:
        made |= _ordered(database, column, kind, good, good_cells, least, most)
    if kind in ("text", "boolean") and 1 <= distinct <= FEW:
        rows = database.execute(
            f"SELECT {_cut_sql('value')}, times FROM counted ORDER BY times DESC, value LIMIT {SHOWN}"
        ).fetchall()
        made["frequent"] = [{"value": value, "count": times} for value, times in rows]
    if column.is_personal:
        for figure in ("minimum", "maximum", "quartiles", "frequent", "histogram"):
            made.pop(figure, None)
    return made


def _cut_sql(value):
    return (
        f"CASE WHEN length_grapheme({value}) > {LONGEST} THEN left_grapheme({value}, {LONGEST}) || '…' ELSE {value} END"
    )


def _cut(database, value):
    """In characters as a reader sees them, which only DuckDB can count here."""
    return value if len(value) <= LONGEST else one(database, f"SELECT {_cut_sql(text(value))}")[0]


def _invalid_lines(cells, column, kind):
    rows = cells.database.execute(
        f"SELECT rowid FROM cells WHERE {column.cell} IS NOT NULL AND "
        f"({place(column.cell, kind)}) IS NULL ORDER BY rowid LIMIT {NAMED_LINES}"
    ).fetchall()
    return [cells.record_line(row) for (row,) in rows]


def _ordered(database, column, kind, good, good_cells, low, high):
    """Extremes, quartiles and histogram, from the different values in their order."""
    ranks = [1, good_cells] + [(quarter * good_cells + 3) // 4 for quarter in (1, 2, 3)]
    minimum, maximum, *quartiles = _values_of_ranks(database, good, ranks)
    made = {"minimum": minimum, "maximum": maximum}
    if kind in ("integer", "number"):
        made["quartiles"] = quartiles
    if kind != "boolean":
        made["histogram"] = _histogram(database, column.declared, low, high)
    return made


def _values_of_ranks(database, good, ranks):
    """The value at each rank of the cells. The counts are added in blocks, so that few rows are read of many."""
    starts, seen = {0: 0}, 0
    if good > BLOCK:
        blocks = database.execute(
            f"SELECT rowid // {BLOCK} AS block, sum(times) FROM counted WHERE rowid < {good} GROUP BY 1 ORDER BY 1"
        ).fetchall()
        starts = {}
        for block, times in blocks:
            if any(seen < rank <= seen + times for rank in ranks):
                starts[block] = seen
            seen += times
    ranges = " OR ".join(f"rowid BETWEEN {block * BLOCK} AND {block * BLOCK + BLOCK - 1}" for block in starts)
    rows = database.execute(
        f"SELECT rowid // {BLOCK}, times, {_cut_sql('value')} FROM counted WHERE rowid < {good} AND ({ranges}) "
        "ORDER BY rowid"
    ).fetchall()
    found, last = {}, None
    for block, times, value in rows:
        if block != last:
            seen, last = starts[block], block
        for rank in ranks:
            if seen < rank <= seen + times:
                found[rank] = value
        seen += times
    return [found[rank] for rank in ranks]


def _histogram(database, declared, low, high):
    bins = 1 if low == high else BINS
    if declared == "integer" and low < high:
        bins = int(min(BINS, high - low))
    # Divided first: the distance of two doubles may be more than the largest.
    width = high / bins - low / bins
    scale = f"{width or 1.0!r}::DOUBLE"
    distance = f"place / {scale} - ({low!r}::DOUBLE) / {scale}"
    counts = dict(
        database.execute(
            f"SELECT least({bins - 1}, greatest(0, CAST(floor({distance}) AS BIGINT))), sum(times) "
            f"FROM counted WHERE place IS NOT NULL GROUP BY 1"
        ).fetchall()
    )
    edge = {"date": _day, "datetime": _moment}.get(declared, lambda value: value)
    edges = [edge(low * (1 - number / bins) + high * (number / bins)) for number in range(bins)] + [edge(high)]
    return [{"from": edges[n], "to": edges[n + 1], "count": counts.get(n, 0)} for n in range(bins)]


def _day(seconds):
    return (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%d").zfill(10)


def _moment(seconds):
    return (EPOCH + timedelta(seconds=round(seconds))).strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)
