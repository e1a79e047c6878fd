"""What changed between two revisions: by their keys, or as two bags of rows where no keys are declared."""

import runs
from database import name, one, text
from parts import ROW, described, rows_of, write_parts
from values import STORED_BY_DELTA, written

NONE = {"changes": None, "change_parts": None}


def changes(job, database, made, row_bytes):
    previous = job.get("previous")
    if previous is None:
        return NONE
    old = {column["name"]: column["type"] for column in previous["columns"]}
    new = {column["name"]: column["type"] for column in made["schema"]}
    shared = [column for column in new if column in old]
    said = {
        "rows_added": made["rows"],
        "rows_removed": 0,
        "rows_changed": None,
        "columns_added": [column for column in new if column not in old],
        "columns_removed": [column for column in old if column not in new],
        "columns_retyped": [
            {"name": column, "from": old[column], "to": new[column]} for column in shared if old[column] != new[column]
        ],
    }
    keys = job["keys"]
    by_keys = bool(keys) and sorted(keys) == sorted(previous.get("keys", []))
    by_keys = by_keys and all(key in old and old[key] == new.get(key) for key in keys)
    _make_views(database, previous["parts"], [part["path"] for part in made["parts"]])
    if not by_keys:
        said |= _compare_bags(database, shared, old, new)
        return {"changes": said, "change_parts": None}
    said |= _compare_keys(database, keys, shared, old, new)
    parts = _write_feed(job, database, old, new, row_bytes)
    return {"changes": said, "change_parts": parts}


def _make_views(database, before, after):
    for view, paths in (("before", before), ("after", after)):
        database.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM {rows_of(paths)}")


def _digest(columns, types, old, new):
    """128 bits of a row's values in the columns that both have; of a retyped column, of the text."""
    fields = []
    for column in columns:
        field = name(column)
        value = f"CAST({field} AS VARCHAR)"
        if old[column] != new[column]:
            value = written(field, STORED_BY_DELTA[types[column]])
        fields.append(f"coalesce({value}, chr(30))")
    return f"md5_number(concat_ws(chr(31), {', '.join(fields)}))" if fields else "0"


def _compare_bags(database, shared, old, new):
    if not shared:
        return {"rows_removed": one(database, "SELECT count(*) FROM before")[0]}
    sides = (
        f"SELECT {_digest(shared, new, old, new)} AS mark, 1 AS side FROM after UNION ALL "
        f"SELECT {_digest(shared, old, old, new)}, -1 FROM before"
    )
    (rows,) = one(database, "SELECT (SELECT count(*) FROM before) + (SELECT count(*) FROM after)")
    if rows > runs.MANY:
        added, removed = runs.sums(database, f"SELECT mark, side FROM ({sides})")
    else:
        added, removed = one(
            database,
            "SELECT coalesce(sum(greatest(more, 0)), 0), coalesce(sum(greatest(-more, 0)), 0) FROM "
            f"(SELECT sum(side) AS more FROM ({sides}) GROUP BY mark)",
        )
    return {"rows_added": int(added), "rows_removed": int(removed)}


def _compare_keys(database, keys, shared, old, new):
    """Only rows that differ are kept, by their numbers."""
    fields = ", ".join(name(key) for key in keys)
    same = " AND ".join(f"after.{name(key)} = before.{name(key)}" for key in keys)
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE changed AS SELECT before.{ROW} AS was, after.{ROW} AS is_now FROM "
        f"(SELECT {fields}, {ROW}, {_digest(shared, new, old, new)} AS digest FROM after) AS after FULL JOIN "
        f"(SELECT {fields}, {ROW}, {_digest(shared, old, old, new)} AS digest FROM before) AS before ON {same} "
        f"WHERE after.{ROW} IS NULL OR before.{ROW} IS NULL OR after.digest <> before.digest"
    )
    added, removed, changed = one(
        database,
        "SELECT count(*) FILTER (was IS NULL), count(*) FILTER (is_now IS NULL), "
        "count(*) FILTER (was IS NOT NULL AND is_now IS NOT NULL) FROM changed",
    )
    return {"rows_added": added, "rows_removed": removed, "rows_changed": changed}


def _write_feed(job, database, old, new, row_bytes):
    """As Delta's change data feed: removed rows first, then both images of changed ones, then added ones."""

    def fields(types):
        chosen = []
        for column, kind in new.items():
            stored = STORED_BY_DELTA[kind]
            if column not in types:
                value = f"CAST(NULL AS {stored})"
            elif types[column] != kind:
                value = f"TRY_CAST({written(name(column), STORED_BY_DELTA[types[column]])} AS {stored})"
            else:
                value = name(column)
            chosen.append(f"{value} AS {name(column)}")
        return ", ".join(chosen)

    def rows(view, types, number, other, kind, place):
        return (
            f"SELECT {fields(types)}, {text(kind)} AS _change_type, {place} AS _place, {ROW} FROM {view} "
            f"WHERE {ROW} IN (SELECT {number} FROM changed WHERE {other})"
        )

    feed = " UNION ALL ".join(
        [
            rows("before", old, "was", "is_now IS NULL", "delete", 0),
            rows("before", old, "was", "is_now IS NOT NULL AND was IS NOT NULL", "update_preimage", 1),
            rows("after", new, "is_now", "is_now IS NOT NULL AND was IS NOT NULL", "update_postimage", 2),
            rows("after", new, "is_now", "was IS NULL", "insert", 3),
        ]
    )
    query = f"SELECT * EXCLUDE (_place, {ROW}) FROM ({feed}) ORDER BY _place, {ROW}"
    paths = write_parts(database, query, job["output"], "change", job["part_bytes"], row_bytes)
    return [described(database, path) for path in paths]
