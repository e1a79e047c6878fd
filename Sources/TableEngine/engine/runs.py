"""Counts equal values by sorting them. Hash tables of very many different values do not fit in memory, whatever DuckDB is
told: it enlarges them as a whole. Sorting goes to disk, and equal values then stand together, where they are counted in
passing."""

from database import one

# Values up to which hash tables fit in the least memory that there is, and take a third of the time.
MANY = 8_000_000


def count_runs(database, query, order, field="value"):
    """Makes the table `counted` of a query's rows in an order that puts equal values together: each once, with `times`."""
    database.execute(f"CREATE OR REPLACE TEMP TABLE sorted AS {query} ORDER BY {order}")
    (rows,) = one(database, "SELECT count(*) FROM sorted")
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE counted AS SELECT * EXCLUDE (start, before), "
        f"lead(start, 1, {rows}) OVER () - start AS times FROM "
        f"(SELECT *, rowid AS start, lag({field}) OVER () AS before FROM sorted) WHERE before IS DISTINCT FROM {field}"
    )
    database.execute("DROP TABLE sorted")


def repeated_marks(database, mark, source):
    """Makes the table `marked` of the 128 bits that stand for more than one row. - Returns: how many rows repeat others."""
    database.execute(f"CREATE OR REPLACE TEMP TABLE sorted AS SELECT {mark} AS mark FROM {source} ORDER BY mark")
    repeats = "(SELECT mark, lag(mark) OVER () AS before FROM sorted) WHERE mark = before"
    (count,) = one(database, f"SELECT count(*) FROM {repeats}")
    database.execute(f"CREATE OR REPLACE TEMP TABLE marked AS SELECT DISTINCT mark FROM {repeats}")
    database.execute("DROP TABLE sorted")
    return count


def sums_of_runs(database, query):
    """SQL of the sum of `side` for each `mark` of a query's rows, as `more`."""
    database.execute(f"CREATE OR REPLACE TEMP TABLE sorted AS {query} ORDER BY mark")
    return (
        "(SELECT upto - lag(upto, 1, 0) OVER () AS more FROM (SELECT mark, lead(mark) OVER () AS behind, "
        "sum(side) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS upto FROM sorted) "
        "WHERE behind IS DISTINCT FROM mark)"
    )
