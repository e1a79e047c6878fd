"""The profile of a table, by the rules of Profile.swift, and histograms besides. Texts that Unicode holds for the same
are counted as one: by their composed form."""

from datetime import datetime, timedelta

from database import one
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
        "duplicates": duplicates(cells.database, columns),
        "columns": [profile_of(cells, column) for column in columns],
    }


def duplicates(database, columns):
    """128 bits of each row's texts stand for it: there is no room for all rows of a large table at once."""
    texts = ", ".join(f"coalesce({column.cell}, chr(30))" for column in columns)
    return one(
        database,
        f"SELECT count(*) - count(DISTINCT md5_number(nfc_normalize(concat_ws(chr(31), {texts})))) FROM cells",
    )[0]


def profile_of(cells, column):
    database = cells.database
    kind = "date" if column.declared == "datetime" else column.declared
    standing = "0.0" if kind == "text" else place("value", kind)
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE counted AS SELECT value, times, {standing} AS place FROM "
        f"(SELECT nfc_normalize({trimmed(column.cell)}) AS value, count(*) AS times FROM cells "
        f"WHERE {column.cell} IS NOT NULL GROUP BY 1)"
    )
    held, distinct = one(database, "SELECT coalesce(sum(times), 0), count(*) FROM counted")
    made = {
        "name": column.name,
        "type": kind,
        "empty": cells.rows - held,
        "distinct": distinct,
        "invalid": 0,
        "invalid_lines": [],
    }
    if kind == "text":
        _add_extremes_of_texts(database, made)
    else:
        _add_invalid(cells, column, kind, made)
        _add_order(database, column, kind, made)
    if kind in ("text", "boolean") and 1 <= distinct <= FEW:
        rows = database.execute(f"SELECT value, times FROM counted ORDER BY times DESC, value LIMIT {SHOWN}").fetchall()
        made["frequent"] = [{"value": cut(value), "count": times} for value, times in rows]
    if column.is_personal:
        for figure in ("minimum", "maximum", "quartiles", "frequent", "histogram"):
            made.pop(figure, None)
    return made


def cut(value):
    return value.removesuffix("\0")


def _cut_sql(value):
    return (
        f"CASE WHEN length_grapheme({value}) > {LONGEST} THEN left_grapheme({value}, {LONGEST}) || '…' ELSE {value} END"
    )


def _add_extremes_of_texts(database, made):
    least, most, longest = one(
        database,
        f"SELECT {_cut_sql('least')}, {_cut_sql('most')}, longest FROM "
        f"(SELECT min(value) AS least, max(value) AS most, max(length_grapheme(value)) AS longest FROM counted)",
    )
    if longest is not None:
        made |= {"minimum": least, "maximum": most, "longest": longest}


def _add_invalid(cells, column, kind, made):
    (count,) = one(cells.database, "SELECT coalesce(sum(times), 0) FROM counted WHERE place IS NULL")
    if not count:
        return
    made["invalid"] = count
    value = f"nfc_normalize({trimmed(column.cell)})"
    rows = cells.database.execute(
        f"SELECT rowid FROM cells WHERE {column.cell} IS NOT NULL AND ({place(value, kind)}) IS NULL "
        f"ORDER BY rowid LIMIT {NAMED_LINES}"
    ).fetchall()
    made["invalid_lines"] = [cells.record_line(row) for (row,) in rows]


def _add_order(database, column, kind, made):
    """Extremes, quartiles and histogram, from the different values in their order."""
    database.execute(
        "CREATE OR REPLACE TEMP TABLE ordered AS SELECT value, times, place FROM counted WHERE place IS NOT NULL "
        "ORDER BY place, value"
    )
    (last,) = one(database, "SELECT count(*) - 1 FROM ordered")
    if last < 0:
        return
    made["minimum"], made["maximum"] = _ordered_value(database, 0), _ordered_value(database, last)
    if kind in ("integer", "number"):
        made["quartiles"] = _quartiles(database)
    if kind != "boolean":
        made["histogram"] = _histogram(database, column.declared, last + 1)


def _ordered_value(database, row):
    return one(database, f"SELECT {_cut_sql('value')} FROM ordered WHERE rowid = {row}")[0]


def _quartiles(database):
    blocks = database.execute(
        f"SELECT rowid // {BLOCK} AS block, sum(times) FROM ordered GROUP BY 1 ORDER BY 1"
    ).fetchall()
    cells = sum(times for _, times in blocks)
    return [_ordered_value(database, _row_of_rank(database, blocks, (quarter * cells + 3) // 4)) for quarter in (1, 2, 3)]


def _row_of_rank(database, blocks, rank):
    seen = 0
    for block, times in blocks:
        if seen + times >= rank:
            break
        seen += times
    rows = database.execute(
        f"SELECT rowid, times FROM ordered WHERE rowid BETWEEN {block * BLOCK} AND {block * BLOCK + BLOCK - 1} ORDER BY rowid"
    ).fetchall()
    for row, times in rows:
        seen += times
        if seen >= rank:
            return row
    raise AssertionError("a rank is among the cells")


def _histogram(database, declared, distinct):
    low, high = one(database, "SELECT min(place), max(place) FROM ordered")
    bins = 1 if low == high else BINS
    if declared == "integer" and low < high:
        bins = int(min(BINS, high - low))
    width = (high - low) / bins
    counts = dict(
        database.execute(
            f"SELECT least({bins - 1}, CAST(floor((place - ({low!r}::DOUBLE)) / {width or 1.0!r}::DOUBLE) AS BIGINT)), sum(times) "
            f"FROM ordered GROUP BY 1"
        ).fetchall()
    )
    edge = {"date": _day, "datetime": _moment}.get(declared, lambda value: value)
    edges = [edge(low + width * number) for number in range(bins)] + [edge(high)]
    return [{"from": edges[n], "to": edges[n + 1], "count": counts.get(n, 0)} for n in range(bins)]


def _day(seconds):
    return (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%d").zfill(10)


def _moment(seconds):
    return (EPOCH + timedelta(seconds=round(seconds))).strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)
