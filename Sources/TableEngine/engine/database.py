"""DuckDB with limits: memory, threads, disk, and no files but those that a job names."""

import os
import tempfile

import duckdb

VECTOR = 2048
GROUP = 60 * VECTOR
USUAL_COLUMNS = 40


class Limits:
    def __init__(self, memory_mb, threads, temporary, temporary_mb):
        self.memory_mb = memory_mb
        self.threads = threads
        self.temporary = temporary
        self.temporary_mb = temporary_mb

    def connect(self, files=(), folders=(), spill=None, attached=None):
        """A database of its own for one job, because what it may read cannot be changed once it is locked."""
        # Python and the libraries take some 100 MB; and of what is left, DuckDB does not count all it uses.
        connection = duckdb.connect(
            config={
                "memory_limit": f"{max(96, (self.memory_mb - 128) * 3 // 4)}MB",
                "threads": self.threads,
                # DuckDB removes it when it ends.
                "temp_directory": spill or os.path.join(self.temporary, f"spill-{os.getpid()}"),
                "max_temp_directory_size": f"{self.temporary_mb}MB",
                "preserve_insertion_order": True,
                # Several may be open, and the system caches files too.
                "enable_external_file_cache": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
            },
        )
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET parquet_metadata_cache = true")
        connection.execute("SET TimeZone = 'UTC'")
        if attached:
            connection.execute(attached)
            connection.execute("USE held")
        connection.execute(f"SET allowed_paths = {text_list(files)}")
        connection.execute(f"SET allowed_directories = {text_list(folders)}")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection


class Workspace:
    """A folder that is gone after the job, and a database on disk in it, so that a table may be larger than memory."""

    def __init__(self, limits, files=(), folders=(), columns=1):
        os.makedirs(limits.temporary, exist_ok=True)
        self.folder = tempfile.TemporaryDirectory(dir=limits.temporary, prefix="job-")
        # DuckDB holds a group of rows in memory until it is full, and a block of each column: wide tables get less.
        group = max(VECTOR, GROUP * USUAL_COLUMNS // max(USUAL_COLUMNS, columns) // VECTOR * VECTOR)
        block = 1 << 18 if columns <= USUAL_COLUMNS * 4 else 1 << 14
        path = text(self.path("table.duckdb"))
        attached = f"ATTACH {path} AS held (ROW_GROUP_SIZE {group}, BLOCK_SIZE {block})"
        self.database = limits.connect(files, [*folders, self.folder.name], self.path("spill"), attached)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.database.close()
        self.folder.cleanup()


def text(value):
    """As an SQL constant."""
    return "'" + str(value).replace("'", "''") + "'"


def text_list(values):
    return "[" + ", ".join(text(value) for value in values) + "]"


def name(value):
    """As an SQL identifier."""
    return '"' + str(value).replace('"', '""') + '"'


def one(database, sql):
    return database.execute(sql).fetchone()


def batches(items, size):
    for start in range(0, len(items), size):
        yield items[start : start + size]
