"""The jobs `archive` and `recall`: a month of usage as one Parquet file, and what some enterprises have in it."""

from database import Workspace, name, text
from parts import digest

# In the order of PostgreSQL's COPY, which copy_month.sql states. Quantities have any number of digits, which DECIMAL has not.
COLUMNS = {
    "enterprise_id": "UUID",
    "occurred_at": "TIMESTAMPTZ",
    "id": "UUID",
    "entitlement_id": "UUID",
    "meter": "VARCHAR",
    "quantity": "VARCHAR",
    "bytes": "BIGINT",
    "product_id": "UUID",
    "revision": "INTEGER",
    "recorded_at": "TIMESTAMPTZ",
    "source": "VARCHAR",
    "source_id": "VARCHAR",
    "dimensions": "JSON",
    "value": "VARCHAR",
}
# Small, so that reading one enterprise of many reads little else.
ROWS_OF_A_GROUP = 20_480


def archive(job, limits):
    """Writes the file, and what a recall of all of it would give, so that who asked can hold it against the rows."""
    with Workspace(limits, [job["rows"], job["output"], job["again"]]) as workspace:
        database = workspace.database
        texts = "{" + ", ".join(f"{text(column)}: 'VARCHAR'" for column in COLUMNS) + "}"
        fields = ", ".join(f"CAST({name(column)} AS {kind}) AS {name(column)}" for column, kind in COLUMNS.items())
        database.execute(
            f"COPY (SELECT {fields} FROM read_csv({text(job['rows'])}, columns = {texts}, auto_detect = false, "
            f"header = false, delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false, "
            f"new_line = '\\n', parallel = false)) TO {text(job['output'])} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_OF_A_GROUP})"
        )
        _write_rows(database, f"SELECT * FROM read_parquet({text(job['output'])})", job["again"])
    return {"sha256": digest(job["again"])}


def recall(job, limits):
    """The rows of the enterprises of each file, as PostgreSQL's COPY takes them."""
    files = job["files"]
    with Workspace(limits, [*(file["path"] for file in files), job["output"]]) as workspace:
        chosen = " UNION ALL ".join(_rows_of(file) for file in files)
        _write_rows(workspace.database, chosen, job["output"])
    return {}


def _rows_of(file):
    enterprises = ", ".join(f"CAST({text(enterprise)} AS UUID)" for enterprise in file["enterprises"])
    return f"SELECT * FROM read_parquet({text(file['path'])}) WHERE enterprise_id IN ({enterprises})"


def _write_rows(database, query, path):
    fields = ", ".join(f"{_written(name(column), kind)} AS {name(column)}" for column, kind in COLUMNS.items())
    database.execute(
        f"COPY (SELECT {fields} FROM ({query})) TO {text(path)} "
        f"(FORMAT csv, HEADER false, FORCE_QUOTE *, QUOTE '\"', ESCAPE '\"', NULLSTR '')"
    )


def _written(value, kind):
    if kind == "TIMESTAMPTZ":
        return f"strftime(CAST({value} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%fZ')"
    return f"CAST({value} AS VARCHAR)"
