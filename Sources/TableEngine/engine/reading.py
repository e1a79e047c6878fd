"""Brings the files of a revision into one table of texts, in their order, and knows where each row stood."""

import bisect
import json

import duckdb

from database import batches, name, one, text
from refusal import listed, refuse
from texts import ReadableText, csv_records
from values import STORED, cell_of, held

# What a padded cell becomes and no written one is: DuckDB fills short rows with it.
PADDING = "\x1e\x1f"
# A line or record may not be longer; DuckDB keeps several such buffers.
LINE_MOST = 4_000_000


class Source:
    """One file, its rows counted from `start` in the table."""

    def __init__(self, file, start):
        self.name = file["name"]
        self.format = file["format"]
        self.path = file["path"]
        self.start = start
        self.rows = 0
        self.delimiter = ","
        self.encoding = None
        self.bytes = 0


class Cells:
    """The table `cells` with columns c0, c1, … of texts; blank cells are null. Its rowid counts rows from 0."""

    def __init__(self, workspace, job, problems):
        self.workspace = workspace
        self.database = workspace.database
        self.job = job
        self.columns = job["columns"]
        self.names = [column["name"] for column in self.columns]
        self.kinds = [column["type"] if column["type"] in STORED else "text" for column in self.columns]
        self.problems = problems
        self.sources = []
        self.rows = 0
        if len(self.columns) > job["columns_most"]:
            self._refuse_wide(len(self.columns), None)
        folded = [column.lower() for column in self.names]
        alike = (
            [column for column in self.names if folded.count(column.lower()) > 1]
            if len(set(folded)) < len(folded)
            else []
        )
        if alike:
            # Delta and DuckDB hold such names for the same.
            refuse("header", f"Columns differ only in case: {listed(alike)}.", f"列名仅大小写不同：{listed(alike)}。")
        fields = ", ".join(f"c{place} VARCHAR" for place in range(len(self.columns)))
        self.database.execute(f"CREATE TABLE cells ({fields})")

    def read(self):
        readers = {"csv": self._read_csv, "jsonl": self._read_jsonl, "parquet": self._read_parquet}
        for place, file in enumerate(self.job["files"]):
            source = Source(file, self.rows)
            readers[file["format"]](file, source, place)
            self.sources.append(source)
            source.rows = self._count() - self.rows
            self.rows += source.rows
            if self.rows > self.job["rows_most"]:
                self._refuse_long(self.rows, source.name)
        self.problems.refuse_if_any()
        self._refuse_nul()

    @property
    def bytes(self):
        return sum(source.bytes for source in self.sources)

    # MARK: CSV

    def _read_csv(self, file, source, place):
        readable = ReadableText(file, self.workspace.path(f"text-{place}"), self.job["bytes_most"])
        source.path, source.encoding, source.bytes = readable.path, readable.encoding, readable.bytes
        if not self._has_header(source):
            return
        is_read = self._copy_csv(source, strict=True)
        # DuckDB may swallow what follows a quotation mark that is never closed, and a cell behind the only column;
        # where either can be, the records are counted once more.
        if is_read and not readable.has_quotes and len(self.columns) > 1:
            return
        records = self._name_bad_records(source)
        if records is None:
            return
        # All is well but for mixed line ends, which DuckDB's strict reading refuses.
        is_read = is_read or self._copy_csv(source, strict=False)
        if not is_read or self._count() != source.start + records:
            refuse(
                "format",
                f"The file cannot be read as CSV, or a record is longer than {LINE_MOST} bytes.",
                f"文件无法按 CSV 读取，或有记录超过 {LINE_MOST} 字节。",
                file=source.name,
            )

    def _has_header(self, source):
        headers = {}
        for delimiter in ",;\t":
            record = next(csv_records(source.path, delimiter, 2), None)
            headers[delimiter] = record[1] if record else []
            if headers[delimiter] == self.names:
                source.delimiter = delimiter
                return True
        header = headers[","]
        if header is not None and len(header) == 1:
            header = max(headers.values(), key=lambda cells: len(cells or []))
        self._refuse_header(header, source)
        return False

    def _refuse_header(self, header, source):
        if header is None:
            en, zh = "The header's quotation marks are wrong.", "表头的引号有误。"
        elif not header:
            en, zh = "The file is empty; it has no header.", "文件为空，没有表头。"
        elif len(header) > self.job["columns_most"]:
            self._refuse_wide(len(header), source.name)
        else:
            en, zh = self._differences(header)
        self.problems.add("header", en, zh, file=source.name, line=1)

    def _differences(self, header):
        missing = [column for column in self.names if column not in set(header)]
        unknown = [column for column in header if column not in set(self.names)]
        repeated = sorted({column for column in header if header.count(column) > 1}) if len(header) < 5000 else []
        en, zh = [], []
        if missing:
            en.append(f"missing: {listed(missing)}")
            zh.append(f"缺少 {listed(missing)}")
        if unknown:
            en.append(f"not declared: {listed(unknown)}")
            zh.append(f"未声明 {listed(unknown)}")
        if repeated:
            en.append(f"repeated: {listed(repeated)}")
            zh.append(f"重复 {listed(repeated)}")
        if not en:
            place = next((p for p, (a, b) in enumerate(zip(header, self.names)) if a != b), 0)
            en.append(f"another order, from column {place + 1} on")
            zh.append(f"从第 {place + 1} 列起顺序不同")
        return f"The header is not the declared columns; {'; '.join(en)}.", f"表头与声明的列不符：{'；'.join(zh)}。"

    def _copy_csv(self, source, strict):
        """- Returns: whether it was read whole; a column behind the last one shows rows that are ragged."""
        width = len(self.columns)
        # DuckDB skips empty lines in tables of several columns. In one of a single column they are records, if null.
        fields = [f"c{place}" for place in range(width)] + (["beyond"] if width > 1 else [])
        types = ", ".join(f"'{field}': 'VARCHAR'" for field in fields)
        reading = (
            f"read_csv({text(source.path)}, columns = {{{types}}}, auto_detect = false, header = true, "
            f"delim = {text(source.delimiter)}, quote = '\"', escape = '\"', comment = '', "
            f"nullstr = '{PADDING if width > 1 else ''}', strict_mode = {strict}, null_padding = {width > 1}, "
            f"parallel = false, max_line_size = {LINE_MOST})"
        )
        cells = ", ".join(held(f"c{place}", kind) for place, kind in enumerate(self.kinds))
        is_ragged = f"beyond IS NOT NULL OR c{width - 1} IS NULL" if width > 1 else "false"
        try:
            self.database.execute(
                f"INSERT INTO cells SELECT {cells} FROM {reading} "
                f"WHERE CASE WHEN {is_ragged} THEN error('ragged') ELSE true END"
            )
            return True
        except duckdb.InvalidInputException:
            return False

    def _name_bad_records(self, source):
        """- Returns: how many records there are; None when some are bad."""
        width = len(self.columns)
        number, before = 0, self.problems.count
        for number, (line, cells) in enumerate(csv_records(source.path, source.delimiter, width)):
            if number == 0 or (cells is not None and len(cells) == width) or (width == 1 and cells == []):
                continue
            if cells is None:
                en = f"Line {line}: a quotation mark is missing, or stands where none may."
                zh = f"第 {line} 行：缺少引号，或引号出现在不允许的位置。"
            else:
                en = f"Line {line} has {len(cells)} cells; the header has {width}."
                zh = f"第 {line} 行有 {len(cells)} 个单元格，表头有 {width} 个。"
            self.problems.add("ragged", en, zh, file=source.name, line=line)
        return number if self.problems.count == before else None

    def _count(self):
        return one(self.database, "SELECT count(*) FROM cells")[0]

    # MARK: JSON Lines

    def _read_jsonl(self, file, source, place):
        readable = ReadableText(file, self.workspace.path(f"text-{place}"), self.job["bytes_most"], forbidden="\0\x01")
        source.path, source.encoding, source.bytes = readable.path, readable.encoding, readable.bytes
        # Every line is one cell: the delimiter is a character that stands nowhere. So its rowid is its line.
        lines = f"lines_{place}"
        try:
            self.database.execute(
                f"CREATE TABLE {lines} AS SELECT line FROM "
                f"read_csv({text(source.path)}, columns = {{'line': 'VARCHAR'}}, "
                f"auto_detect = false, header = false, delim = '\x01', quote = '', escape = '', comment = '', "
                f"nullstr = '', new_line = '\\n', strict_mode = false, parallel = false, max_line_size = {LINE_MOST})"
            )
        except duckdb.InvalidInputException:
            refuse(
                "format",
                f"The file is not JSON Lines, or a line is longer than {LINE_MOST} bytes.",
                f"文件不是 JSON Lines，或有一行超过 {LINE_MOST} 字节。",
                file=source.name,
            )
        if self._refuse_broken_lines(source, lines) or self._refuse_members(source, lines):
            return
        members = "{" + ", ".join(f'{json.dumps(column, ensure_ascii=False)}: "VARCHAR"' for column in self.names) + "}"
        cells = ", ".join(held(f"line[{text(column)}]", kind) for column, kind in zip(self.names, self.kinds))
        self.database.execute(
            f"INSERT INTO cells SELECT {cells} FROM "
            f"(SELECT from_json(line, {text(members)}) AS line FROM {lines} WHERE trim(line, ' \t\r') <> '')"
        )

    def _refuse_broken_lines(self, source, lines):
        broken = (
            f"FROM {lines} WHERE trim(line, ' \t\r') <> '' AND "
            f"CASE WHEN json_valid(line) THEN json_type(line) <> 'OBJECT' ELSE true END"
        )
        (count,) = one(self.database, f"SELECT count(*) {broken}")
        rows = self.database.execute(f"SELECT rowid + 1 {broken} ORDER BY rowid LIMIT {self.problems.most}").fetchall()
        for (line,) in rows:
            self.problems.add(
                "format",
                f"Line {line} is not a JSON object.",
                f"第 {line} 行不是 JSON 对象。",
                file=source.name,
                line=line,
            )
        self.problems.add_unnamed(count - len(rows))
        return count > 0

    def _refuse_members(self, source, lines):
        # Whether a member is repeated is asked within its line: all lines' numbers would not fit in memory.
        found = self.database.execute(
            f"SELECT member, count(*), min(line), "
            f"coalesce(bool_or(len(list_filter(odd, lambda name: name = member)) > 1), false) FROM "
            f"(SELECT line, unnest(names) AS member, CASE WHEN len(names) > len(list_distinct(names)) THEN names END AS odd "
            f"FROM (SELECT rowid + 1 AS line, json_keys(line) AS names FROM {lines} WHERE trim(line, ' \t\r') <> '')) "
            f"GROUP BY member ORDER BY 3, 1 LIMIT {len(self.names) + self.problems.most}"
        ).fetchall()
        known = set(self.names)
        before = self.problems.count
        for member, count, line, is_repeated in found:
            if member not in known:
                self.problems.add(
                    "header",
                    f"'{member[:80]}' is not declared; {count} lines have it, line {line} first.",
                    f"“{member[:80]}”未声明；共 {count} 行，首见于第 {line} 行。",
                    file=source.name,
                    line=line,
                )
            elif is_repeated:
                self.problems.add(
                    "header",
                    f"A line has '{member[:80]}' twice.",
                    f"有一行重复出现“{member[:80]}”。",
                    file=source.name,
                    column=member,
                )
        missing = [column for column in self.names if column not in {row[0] for row in found}]
        if missing and found and self.problems.count == before:
            self._add_missing(missing, source)
        return self.problems.count > before

    def _add_missing(self, missing, source):
        self.problems.add("header", f"Missing: {listed(missing)}.", f"缺少 {listed(missing)}。", file=source.name)

    # MARK: Parquet

    def _read_parquet(self, file, source, place):
        path = text(file["path"])
        try:
            self._refuse_bomb(path, source)
            described = self.database.execute(
                f"DESCRIBE SELECT * FROM read_parquet({path}, hive_partitioning = false)"
            ).fetchall()
        except duckdb.Error as error:
            self._refuse_parquet(error, source)
        types = {column: kind for column, kind, *_ in described}
        missing = [column for column in self.names if column not in types]
        unknown = [column for column in types if column not in set(self.names)]
        if missing or unknown:
            self.problems.add("header", *self._differences(list(types)), file=source.name)
            return
        try:
            self._refuse_swollen(path, types, source)
            texts = ", ".join(f"{cell_of(name(column), types[column])} AS c{n}" for n, column in enumerate(self.names))
            cells = ", ".join(held(f"c{n}", kind) for n, kind in enumerate(self.kinds))
            self.database.execute(
                f"INSERT INTO cells SELECT {cells} FROM "
                f"(SELECT {texts} FROM read_parquet({path}, hive_partitioning = false))"
            )
        except duckdb.OutOfMemoryException:
            refuse(
                "limit",
                "The Parquet file needs more memory to be read than there is: write smaller row groups.",
                "读取该 Parquet 文件所需的内存超出限制：请写成较小的行组。",
                file=source.name,
            )
        except duckdb.Error as error:
            self._refuse_parquet(error, source)
        source.encoding = "utf-8"

    def _refuse_bomb(self, path, source):
        """What the file claims, before any of it is read."""
        rows, groups = one(
            self.database, f"SELECT sum(num_rows), sum(num_row_groups) FROM parquet_file_metadata({path})"
        )
        size, values, widest = one(
            self.database,
            f"SELECT sum(total_uncompressed_size), max(num_values), max(row_group_bytes) FROM parquet_metadata({path})",
        )
        columns = one(self.database, f"SELECT count(*) FROM parquet_schema({path}) WHERE num_children IS NULL")[0]
        source.bytes = size or 0
        if columns > self.job["columns_most"]:
            self._refuse_wide(columns, source.name)
        if (rows or 0) > self.job["rows_most"]:
            self._refuse_long(rows, source.name)
        if source.bytes > self.job["bytes_most"]:
            refuse(
                "limit",
                f"The Parquet file claims {source.bytes} bytes uncompressed; {self.job['bytes_most']} are allowed.",
                f"Parquet 文件声明解压后为 {source.bytes} 字节，最多允许 {self.job['bytes_most']} 字节。",
                file=source.name,
            )

    def _refuse_swollen(self, path, types, source):
        """A dictionary can name one long text a million times; neither the file's size nor its claim shows that."""
        texts = [column for column, kind in types.items() if kind not in FIXED]
        most = self.job["bytes_most"]
        for some in batches(texts, 200):
            lengths = " + ".join(
                f"coalesce(sum(octet_length(encode(CAST({name(column)} AS VARCHAR)))), 0)" for column in some
            )
            (size,) = one(self.database, f"SELECT {lengths} FROM read_parquet({path}, hive_partitioning = false)")
            most -= size
            source.bytes = max(source.bytes, int(self.job["bytes_most"] - most))
            if most < 0:
                refuse(
                    "limit",
                    f"The texts of the Parquet file come to more than {self.job['bytes_most']} bytes.",
                    f"Parquet 文件中的文本合计超过 {self.job['bytes_most']} 字节。",
                    file=source.name,
                )

    def _refuse_parquet(self, error, source):
        reason = str(error).split("\n")[0].replace(source.path, source.name)[:200]
        refuse(
            "format",
            f"The file is no Parquet that can be read: it is broken or cut off ({reason}).",
            "文件不是可读取的 Parquet：已损坏或不完整。",
            file=source.name,
        )

    # MARK: Limits

    def _refuse_wide(self, columns, file):
        most = self.job["columns_most"]
        refuse(
            "limit",
            f"The table has {columns} columns; {most} are allowed.",
            f"表有 {columns} 列，最多允许 {most} 列。",
            file=file,
        )

    def _refuse_long(self, rows, file):
        most = self.job["rows_most"]
        refuse(
            "limit",
            f"The table has {rows} rows; {most} are allowed.",
            f"表有 {rows} 行，最多允许 {most} 行。",
            file=file,
        )

    def _refuse_nul(self):
        """CSV never comes so far with one; the others can write it with an escape."""
        if all(source.format == "csv" for source in self.sources):
            return
        for some in batches(list(range(len(self.columns))), 200):
            holding = " OR ".join(f"contains(c{place}, chr(0))" for place in some)
            rows = [
                row for (row,) in self.database.execute(f"SELECT rowid FROM cells WHERE {holding} LIMIT 1").fetchall()
            ]
            for where in self.places(rows).values():
                refuse("charset", "A text holds a NUL character.", "文本中含有空字符（NUL）。", **where)

    # MARK: Where rows stood

    def places(self, rows):
        """- Returns: for each row of the table, its file and its line (CSV, JSON Lines) or row (Parquet), from 1."""
        wanted = {}
        starts = [source.start for source in self.sources]
        for row in sorted(rows):
            # The last file that starts there: files before it may be empty.
            wanted.setdefault(bisect.bisect_right(starts, row) - 1, []).append(row)
        found = {}
        for place, some in wanted.items():
            source = self.sources[place]
            numbers = {row - source.start for row in some}
            lines = {"csv": self._csv_lines, "jsonl": self._json_lines}.get(source.format)
            held = lines(source, numbers, place) if lines else {}
            for row in some:
                number = row - source.start
                found[row] = {
                    "file": source.name,
                    "line": held.get(number),
                    "row": number + 1 if source.format == "parquet" else None,
                }
        return found

    def _csv_lines(self, source, numbers, _):
        last = max(numbers) + 1
        lines = {}
        for record, (line, _cells) in enumerate(csv_records(source.path, source.delimiter, len(self.columns))):
            if record - 1 in numbers:
                lines[record - 1] = line
            if record >= last:
                break
        return lines

    def _json_lines(self, source, numbers, place):
        rows = self.database.execute(
            f"SELECT number, line FROM (SELECT row_number() OVER () - 1 AS number, line FROM "
            f"(SELECT rowid + 1 AS line FROM lines_{place} WHERE trim(line, ' \t\r') <> '')) "
            f"WHERE number IN ({', '.join(map(str, numbers))})"
        ).fetchall()
        return dict(rows)

    def record_line(self, row):
        """As profiles count: in records of the file, of which a CSV's header is the first."""
        source = self.sources[bisect.bisect_right([source.start for source in self.sources], row) - 1]
        return row - source.start + (2 if source.format == "csv" else 1)


FIXED = {
    "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT",
    "FLOAT", "DOUBLE", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S",
    "TIMESTAMP WITH TIME ZONE",
}  # fmt: skip
