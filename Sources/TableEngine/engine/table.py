"""The job `table`: checks an uploaded revision, converts it to Parquet, profiles and samples it, says what changed."""

import duckdb

from changes import changes
from contract import Contract
from database import Workspace, name
from parts import described, schema, statistics, write_parts
from profiling import profile
from reading import Cells
from refusal import Problems, refuse, shortened

# In a sample; tables may hold whole documents in a cell.
SAMPLED = 1000


def table(job, limits):
    files = [file["path"] for file in job["files"]]
    previous = job.get("previous") or {}
    columns = len(job["columns"])
    with Workspace(limits, [*files, *previous.get("parts", [])], [job["output"]], columns) as workspace:
        try:
            return checked(job, workspace)
        except (duckdb.OutOfMemoryException, MemoryError):
            refuse(
                "limit",
                f"The table needs more than the {limits.memory_mb} MB of memory that there are for it.",
                f"处理该表所需的内存超过 {limits.memory_mb} MB。",
            )


def checked(job, workspace):
    problems = Problems(job["problems"])
    cells = Cells(workspace, job, problems)
    cells.read()
    contract = Contract(job, cells, problems)
    contract.settle_types()
    contract.check_rules()
    contract.name_broken()
    problems.refuse_if_any()
    return answer(job, cells, contract)


def answer(job, cells, contract):
    database, columns = cells.database, contract.columns
    fields = ", ".join(f"{column.typed} AS {name(column.name)}" for column in columns)
    # Short values take more room in memory than in the file.
    row_bytes = cells.bytes / max(1, cells.rows) + 16 * len(columns)
    paths = write_parts(database, f"SELECT {fields} FROM cells", job["output"], "part", job["part_bytes"], row_bytes)
    parts = [described(database, path) for path in paths]
    for part in parts:
        part["statistics"] = statistics(database, part["path"], part["rows"], columns)
    made = {
        "rows": cells.rows,
        "schema": schema(columns, job["keys"]),
        "parts": parts,
        "profile": profile(cells, columns),
        "sample": sample(database, columns, job["sample_rows"]),
        "notes": contract.notes,
        "encoding": next((source.encoding for source in cells.sources), "utf-8"),
    }
    return made | changes(job, database, made, row_bytes)


def sample(database, columns, rows):
    shown = ", ".join("NULL" if column.is_personal else column.cell for column in columns)
    found = database.execute(f"SELECT {shown} FROM cells ORDER BY rowid LIMIT {rows}").fetchall()
    return {
        "header": [column.name for column in columns],
        "rows": [["" if cell is None else shortened(cell, SAMPLED) for cell in row] for row in found],
        "withheld": [column.name for column in columns if column.is_personal],
    }
