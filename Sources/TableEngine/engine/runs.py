"""Counts equal values by sorting them. Hash tables of very many different values do not fit in memory, whatever DuckDB is
told: it enlarges them as a whole. Sorting goes to disk, and equal values then stand together, where they are counted in
passing."""

from database import one

# Values up to which hash tables fit in the least memory that there is, and take a third of the time.
MANY = 8_000_000


def are_many(database, value, source):
    """Whether a query's values are too many different ones for a hash table; what is estimated may be a tenth off."""
    return one(database, f"SELECT approx_count_distinct({value}) FROM {source}")[0] * 1.2 > MANY


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


def repeats(database, mark, source):
    """How many rows of a source have the mark of another before them."""
    database.execute(f"CREATE OR REPLACE TEMP TABLE sorted AS SELECT {mark} AS mark FROM {source} ORDER BY mark")
    (count,) = one(
        database, "SELECT count(*) FROM (SELECT mark, lag(mark) OVER () AS before FROM sorted) WHERE mark = before"
    )
    return count


def repeated_marks():
    """SQL of the marks that `repeats` has just found more than once, each once."""
    return (
        "SELECT mark FROM (SELECT mark, lag(mark) OVER () AS before, lag(mark, 2) OVER () AS earlier FROM sorted) "
        "WHERE mark = before AND earlier IS DISTINCT FROM mark"
    )


def sums(database, query):
    """The sums of a query's `side` for each of its `mark`: how much those above 0, and those below it, come to."""
    database.execute(f"CREATE OR REPLACE TEMP TABLE sorted AS {query} ORDER BY mark")
    above, below = one(
        database,
        "SELECT coalesce(sum(greatest(more, 0)), 0), coalesce(sum(greatest(-more, 0)), 0) FROM "
        "(SELECT upto - lag(upto, 1, 0) OVER () AS more FROM (SELECT mark, lead(mark) OVER () AS behind, "
        "sum(side) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS upto FROM sorted) "
        "WHERE behind IS DISTINCT FROM mark)",
    )
    database.execute("DROP TABLE sorted")
    return above, below
