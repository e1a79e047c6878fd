"""Holds the table engine to its protocol, on real tables and on bad ones. Called by script/test-engine."""

import atexit
import collections
import csv
import datetime
import glob
import gzip
import hashlib
import io
import json
import os
import random
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unicodedata
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TABLES = os.path.join(ROOT, "demonstration", "tables")
SHARED = os.path.join(os.path.dirname(ROOT), "shared", "data")
PYTHON = os.environ["ENGINE_PYTHON"]
SOURCES = os.path.join(ROOT, "Sources/TableEngine/engine")
PROGRAM = [os.path.join(SOURCES, "engine.py")]
if os.environ.get("SORTED") == "1":
    # Small tables are treated as those of very many rows are.
    PROGRAM = ["-c", f"import sys; sys.path.insert(0, {SOURCES!r}); import runs; runs.MANY = -1; import engine; engine.main()"]
FOLDER = tempfile.mkdtemp(prefix="engine-test-")
atexit.register(shutil.rmtree, FOLDER, True)


class Engine:
    """A resident engine: one question a line, one answer a line."""

    def __init__(self, memory_mb=512, *arguments):
        self.process = subprocess.Popen(
            [PYTHON, "-I", *PROGRAM, "--memory-mb", str(memory_mb),
             "--threads", "1", "--temporary", os.path.join(FOLDER, "temporary"), *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if not os.environ.get("TRACE") else None,
        )  # fmt: skip

    def ask(self, job):
        self.process.stdin.write(json.dumps(job).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(
                "the engine ended: " + (self.process.stderr.read().decode() if self.process.stderr else "")
            )
        return json.loads(line)

    def end(self):
        self.process.stdin.close()
        self.process.wait()
        _, _, used = 0, 0, resource.getrusage(resource.RUSAGE_CHILDREN)
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
        return used


ENGINE = Engine()
atexit.register(lambda: ENGINE.process.kill())
NUMBER = iter(range(1_000_000))


def write(content, name="a.csv"):
    folder = os.path.join(FOLDER, str(next(NUMBER)))
    os.makedirs(folder)
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
    return path


def columns_of(stated):
    """`a:integer b` and what is stated of a column as a dictionary."""
    made = []
    for column in stated.split() if isinstance(stated, str) else stated:
        if isinstance(column, str):
            name, _, kind = column.partition(":")
            column = {"name": name, "type": kind or "text"}
        empty = {
            "required": False,
            "unique": False,
            "minimum": None,
            "maximum": None,
            "values": None,
            "personal": False,
        }
        made.append(empty | column)
    return made


def table_job(content, columns, keys=(), strict=True, **others):
    files = content if isinstance(content, list) else [content]
    described = []
    for file in files:
        file = file if isinstance(file, dict) else {"path": write(file)}
        file = {"name": os.path.basename(file["path"]), "format": "csv", "charset": None, "compression": None} | file
        described.append(file)
    output = os.path.join(FOLDER, f"output-{next(NUMBER)}")
    os.makedirs(output)
    return {
        "job": "table", "files": described, "columns": columns_of(columns), "keys": list(keys), "strict": strict,
        "output": output, "part_bytes": 134217728, "problems": 100, "columns_most": 2000, "rows_most": 2_000_000_000,
        "bytes_most": 107374182400, "sample_rows": 20, "previous": None,
    } | others  # fmt: skip


def file(content, format, **others):
    return {"path": write(content, "a." + format), "format": format} | others


def taken(content, columns, *arguments, **others):
    answer = ENGINE.ask(table_job(content, columns, *arguments, **others))
    if "parts" not in answer:
        raise AssertionError(json.dumps(answer, ensure_ascii=False)[:2000])
    return answer


def refused(content, columns, *arguments, **others):
    answer = ENGINE.ask(table_job(content, columns, *arguments, **others))
    if "refused" not in answer:
        raise AssertionError("not refused: " + json.dumps(answer, ensure_ascii=False)[:2000])
    for problem in answer["refused"]["problems"]:
        assert problem["zh"] and problem["en"], problem
        assert set(problem) == {"file", "line", "row", "column", "value", "rule", "zh", "en"}, problem
    return answer["refused"]


def paths(answer):
    return [part["path"] for part in answer["parts"]]


def exported(answer, format="csv", columns=None, **others):
    output = os.path.join(FOLDER, f"export-{next(NUMBER)}.{format}")
    columns = columns or [column["name"] for column in answer["schema"]]
    job = {"job": "export", "parts": paths(answer), "columns": columns, "format": format, "compression": None,
           "output": output, "watermark": None} | others  # fmt: skip
    made = ENGINE.ask(job)
    if "bytes" not in made:
        raise AssertionError(json.dumps(made, ensure_ascii=False)[:1000])
    content = open(output, "rb").read()
    assert made["bytes"] == len(content) and made["sha256"] == hashlib.sha256(content).hexdigest()
    return content


def records(content):
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def rows_of(answer, **others):
    job = {"job": "rows", "parts": paths(answer), "columns": answer["schema"], "select": None, "where": None,
           "order": None, "limit": 10_000, "offset": 0, "milliseconds": 5000} | others  # fmt: skip
    return ENGINE.ask(job)


def rules(refusal):
    return [(problem["rule"], problem["line"]) for problem in refusal["problems"]]


class Shape(unittest.TestCase):
    def test_line_ends_marks_and_embedded_newlines(self):
        for content in ("a,b\n1,x\n2,y\n", "a,b\r\n1,x\r\n2,y", "\ufeffa,b\n1,x\n2,y\n", "a,b\n1,x\r\n2,y\n",
                        "a;b\n1;x\n2;y\n",
                        "a\tb\n1\tx\n2\ty\n", "a,b\n\n1,x\n\n\n2,y\n\n",
                        '"a","b"\n"1","x"\n2,y\n', "a,b\r1,x\r2,y\r"):  # fmt: skip
            self.assertEqual(rows_of(taken(content, "a:integer b"))["rows"], [[1, "x"], [2, "y"]], content)
        held = rows_of(taken('a,b\r\n1,"p\r\nq\n"\r\n2,"say ""no"", yes"\r\n', "a b"))["rows"]
        self.assertEqual(held, [["1", "p\r\nq\n"], ["2", 'say "no", yes']])

    def test_empty_cells_are_null_and_blank_ones_too(self):
        self.assertEqual(
            rows_of(taken('a,b\n,x\n"",y\n  ,\u3000\n x ,z\n', "a b"))["rows"],
            [[None, "x"], [None, "y"], [None, None], [" x ", "z"]],
        )
        self.assertEqual(rows_of(taken("a\n1\n\n2\n", "a:integer"))["rows"], [[1], [None], [2]])

    def test_ragged_rows_are_all_named_by_physical_line(self):
        content = 'a,b\n1,"x\n\ny"\n2\n3,4,5\n4,ok\n5,6,\n7,8,9,10,11\n'
        found = refused(content, "a b")
        self.assertEqual(rules(found), [("ragged", 5), ("ragged", 6), ("ragged", 8), ("ragged", 9)])
        self.assertEqual(found["count"], 4)
        many = refused("a,b\n" + "1\n" * 5000, "a b", problems=10)
        self.assertEqual((many["count"], len(many["problems"])), (5000, 10))
        self.assertEqual(refused(content, "a b", strict=False)["count"], 4)

    def test_wrong_quotes_are_refused(self):
        self.assertEqual(rules(refused('a,b\n1,2\n3,"4\n5,6\n', "a b"))[0], ("ragged", 3))
        self.assertEqual(rules(refused('a,b\n"x"y,2\n', "a b")), [("ragged", 2)])
        for content, columns in (
            ('a,b\nx"y,1\n"abc', "a b"),
            ('a,b\n6",1\n"abc', "a b"),
            ('a\nx"y\n"abc\n', "a"),
            ("a\ny\n1,\n", "a"),
        ):
            self.assertEqual(rules(refused(content, columns)), [("ragged", 3)], content)
        self.assertEqual(rows_of(taken('a,b\n6" pipe,2\n', "a b"))["rows"], [['6" pipe', "2"]])

    def test_header(self):
        for content in (
            "b,a\n1,2\n",
            "a\n1\n",
            "a,b,c\n1,2,3\n",
            "a,a\n1,2\n",
            '"a\nb",b\n1,2\n',
            "",
            "\n",
            "A,b\n1,2\n",
        ):
            self.assertEqual(rules(refused(content, "a b")), [("header", 1)], content)
        self.assertIn("'c'", refused("a,b,c\n", "a b")["problems"][0]["en"])
        self.assertIn("'b'", refused("a\n", "a b")["problems"][0]["en"])
        self.assertEqual(taken("a,b\n", "a:integer b")["rows"], 0)
        self.assertEqual(taken("a,b", "a:integer b")["rows"], 0)
        self.assertEqual(
            rows_of(taken('"x\ny",b\n1,2\n', [{"name": "x\ny", "type": "text"}, {"name": "b", "type": "text"}]))[
                "count"
            ],
            1,
        )
        self.assertEqual(refused("a,A\n1,2\n", "a A")["problems"][0]["rule"], "header")

    def test_columns_beyond_the_limit(self):
        wide = ",".join(f"c{n}" for n in range(10_000))
        self.assertEqual(refused(wide + "\n", "a")["problems"][0]["rule"], "limit")
        self.assertEqual(refused("a\n", [f"c{n}" for n in range(10_000)])["problems"][0]["rule"], "limit")

    def test_rows_beyond_the_limit(self):
        self.assertEqual(refused("a\n1\n2\n3\n", "a", rows_most=2)["problems"][0]["rule"], "limit")

    def test_several_files_are_one_table_in_their_order(self):
        answer = taken(
            ["a,b\n1,x\n", "a,b\n", "a,b\r\n2,y\r\n3,z\n", file('{"b":"w","a":4}\n', "jsonl")], "a:integer b"
        )
        self.assertEqual([row[0] for row in rows_of(answer)["rows"]], [1, 2, 3, 4])

    def test_json_lines(self):
        content = '{"a":1,"b":"x"}\r\n\n{"b":"中\\ny","a":2}\n{"a":null}\n'
        self.assertEqual(
            rows_of(taken(file(content, "jsonl"), "a:integer b"))["rows"], [[1, "x"], [2, "中\ny"], [None, None]]
        )
        broken = refused(file('{"a":1}\n\n{"a":\n[1]\n{"a":2}\nx\n', "jsonl"), "a:integer")
        self.assertEqual(rules(broken), [("format", 3), ("format", 4), ("format", 6)])
        unknown = refused(file('{"a":1}\n{"a":2,"z":1}\n{"z":1,"y":1}\n', "jsonl"), "a:integer")
        self.assertEqual(rules(unknown), [("header", 2), ("header", 3)])
        self.assertEqual(refused(file('{"a":1}\n', "jsonl"), "a:integer b")["problems"][0]["rule"], "header")
        twice = refused(file('{"a":1,"b":"x"}\n{"a":1,"b":"y","a":2}\n', "jsonl"), "a:integer b")
        self.assertEqual([(one["rule"], one["column"]) for one in twice["problems"]], [("header", "a")])
        self.assertEqual(rules(refused(file('{"a":1}\n\n{"a":"x"}\n', "jsonl"), "a:integer")), [("type", 3)])
        self.assertEqual(refused(file('{"a":"x\\u0000"}\n', "jsonl"), "a")["problems"][0]["rule"], "charset")
        nested = rows_of(taken(file('{"a":[1,2]}\n{"a":{"b":true}}\n', "jsonl"), "a"))["rows"]
        self.assertEqual(nested, [["[1,2]"], ['{"b":true}']])


class Charsets(unittest.TestCase):
    TEXT = "編號,名稱\n1,臺灣資料集的名稱與說明\n2,政府機關\n"
    SIMPLE = "编号,名称\n1,中华人民共和国北京市的数据目录\n2,政府机关\n"

    def columns(self, content):
        return content.split("\n")[0].split(",")

    def test_stated_charsets_are_read(self):
        for charset, text in (("gb18030", self.SIMPLE), ("gbk", self.SIMPLE), ("big5", self.TEXT), 
                              ("utf-16", self.TEXT), ("utf-16-le", self.TEXT),
                              ("euc-kr", "이름,값\n서울특별시,1\n"), 
                              ("shift_jis", "名前,値\n東京都,1\n"), ("UTF-8", self.TEXT)):  # fmt: skip
            answer = taken(file(text.encode(charset), "csv", charset=charset), self.columns(text))
            self.assertEqual(records(exported(answer)), records(text.encode()), charset)
            self.assertEqual(answer["encoding"], charset.lower())

    def test_utf16_with_a_mark_needs_no_statement(self):
        self.assertEqual(taken(file(self.TEXT.encode("utf-16"), "csv"), self.columns(self.TEXT))["encoding"], "utf-16")

    def test_what_is_not_utf8_is_refused_with_its_line_and_the_likely_charset(self):
        padding = "x,y\n" * 300_000
        for charset, text in (
            ("gb18030", self.SIMPLE),
            ("big5", self.TEXT),
            ("euc-kr", "이름,값\n서울특별시,대한민국 정부\n"),
            ("windows-1252", "nom,é\ncafé,où est-il\n"),
        ):
            found = refused(file((padding + text).encode(charset), "csv"), "x y")["problems"][0]
            self.assertEqual((found["rule"], found["line"]), ("charset", 300_001), charset)
            self.assertIn(f"It reads as {charset}", found["en"])

    def test_a_wrong_statement_is_refused_with_the_line(self):
        content = "a,b\n".encode() + "x,中\n".encode("gb18030") + b"y,\xff\xff\n"
        found = refused(file(content, "csv", charset="gb18030"), "a b")["problems"][0]
        self.assertEqual((found["rule"], found["line"]), ("charset", 3))
        self.assertEqual(refused(file("a\n", "csv", charset="klingon"), "a")["problems"][0]["rule"], "charset")
        self.assertEqual(refused(file("a\n", "csv", charset="base64"), "a")["problems"][0]["rule"], "charset")
        cut = refused(file("a\n中".encode()[:-1], "csv"), "a")["problems"][0]
        self.assertEqual((cut["rule"], cut["line"]), ("charset", 2))

    def test_nul_characters_are_refused(self):
        found = refused(b"a,b\n1,2\n3,x\0y\n", "a b")["problems"][0]
        self.assertEqual((found["rule"], found["line"]), ("charset", 3))
        self.assertEqual(refused(file(self.TEXT.encode("utf-16-le"), "csv"), "a b")["problems"][0]["rule"], "charset")

    def test_gzip(self):
        content = gzip.compress(self.TEXT.encode())
        self.assertEqual(taken(file(content, "csv", compression="gzip"), self.columns(self.TEXT))["rows"], 2)
        self.assertEqual(
            refused(file(content[:-20], "csv", compression="gzip"), self.columns(self.TEXT))["problems"][0]["rule"],
            "format",
        )
        self.assertEqual(refused(file(b"no gzip", "csv", compression="gzip"), "a")["problems"][0]["rule"], "format")
        bomb = gzip.compress(b"a,b\n" + b"1,2\n" * 10_000_000)
        self.assertLess(len(bomb), 100_000)
        self.assertEqual(
            refused(file(bomb, "csv", compression="gzip"), "a b", bytes_most=10_000_000)["problems"][0]["rule"], "limit"
        )


class Types(unittest.TestCase):
    GOOD = {
        "integer": ["0", "-5", "+3", "007", "9223372036854775807", "-9223372036854775808", " 4 "],
        "number": ["1", "1.5", "-2e10", ".5", "5.", "+1E-3", "1e308"],
        "boolean": ["true", "FALSE", "yes", "No", "1", "0", "是", "否"],
        "date": ["2024-02-29", "0001-01-01", "9999-12-31", "20240229", "2024-02-29 00:00:00", "2024-02-29T00:00"],
        "datetime": [
            "2024-02-29",
            "2024-02-29 10:11",
            "2024-02-29T10:11:12Z",
            "2024-02-29T10:11:12.5+08:00",
            "2024-02-29T10:11:12-0330",
        ],
    }
    BAD = {
        "integer": ["1.0", "1e3", "0x10", "1_000", "9223372036854775808", "1,000", "-", "１"],
        "number": ["1e400", "nan", "inf", "-Infinity", "0x1p3", "1_0", "1.2.3", "1,5", "--1", "e5"],
        "boolean": ["t", "2", "maybe", "真"],
        "date": [
            "2023-02-29",
            "2024-13-01",
            "2024/01/01",
            "0000-01-01",
            "2024-1-1",
            "2024-01-01 10:00",
            "epoch",
            "infinity",
            "2024",
            "2024-01",
        ],
        "datetime": [
            "2024-02-30",
            "2024-01-01T25:00",
            "2024-01-01T10:60",
            "now",
            "2024-01-01 (BC)",
            "2024-01-01T10:00+8",
        ],
    }

    def test_values_of_each_type(self):
        for kind, values in self.GOOD.items():
            content = "a,n\n" + "".join(f'"{value}",1\n' for value in values)
            self.assertEqual(taken(content, f"a:{kind} n")["rows"], len(values), kind)

    def test_values_of_none(self):
        for kind, values in self.BAD.items():
            content = f"a,n\n{self.GOOD[kind][0]},1\n" + "".join(f'"{value}",1\n' for value in values)
            found = refused(content, f"a:{kind} n")
            self.assertEqual([problem["value"] for problem in found["problems"]], values, kind)
            self.assertEqual(rules(found), [("type", line) for line in range(3, len(values) + 3)])
            lenient = taken(content, f"a:{kind} n", strict=False)
            self.assertEqual(lenient["schema"][0]["type"], "string")
            self.assertEqual(len(lenient["notes"]), 1)

    def test_times_are_instants(self):
        content = "t\n2024-02-29T10:11:12.5+08:00\n2024-01-01\n2024-01-01 10:00\n"
        held = rows_of(taken(content, "t:datetime"))["rows"]
        self.assertEqual(held, [["2024-02-29T02:11:12.500000Z"], ["2024-01-01T00:00:00Z"], ["2024-01-01T10:00:00Z"]])

    def test_years_and_months_stay_text(self):
        for content in ("d\n2021\n2022\n", "d\n2021-05\n\n2022-06\n"):
            answer = taken(content, [{"name": "d", "type": "date", "minimum": "2021-01-01"}])
            self.assertEqual((answer["schema"][0]["type"], len(answer["notes"])), ("string", 1))
            found = refused(content, [{"name": "d", "type": "date", "minimum": "2021-06-01"}])
            self.assertEqual(rules(found), [("minimum", 2)])
        self.assertEqual(rules(refused("d\n2021\n2021-05\n", "d:date")), [("type", 2), ("type", 3)])

    def test_lines_are_right_behind_multi_line_cells_and_long_values_are_cut(self):
        content = 'a,b\r\n1,"x\r\ny\nz"\r\nq,1\r\n\r\n2,"\n"\r\n' + "w" * 200 + ",1\r\n"
        found = refused(content, "a:integer b")
        self.assertEqual(rules(found), [("type", 5), ("type", 9)])
        self.assertEqual(len(found["problems"][1]["value"]), 80)

    def test_personal_values_are_withheld_everywhere(self):
        columns = [{"name": "p", "type": "text", "personal": True, "unique": True}, {"name": "n", "type": "integer"}]
        found = json.dumps(refused("p,n\nSECRET,1\nSECRET,2\n", columns))
        self.assertNotIn("SECRET", found)
        self.assertNotIn(
            "SECRET", json.dumps(refused("p,n\nSECRET,x\n", [{"name": "p", "type": "integer", "personal": True}, "n"]))
        )
        answer = taken("p,n\nSECRET,1\nOTHER,2\n", columns)
        self.assertNotIn("SECRET", json.dumps(answer))
        self.assertEqual(answer["sample"], {"header": ["p", "n"], "rows": [["", "1"], ["", "2"]], "withheld": ["p"]})


class Rules(unittest.TestCase):
    def test_each_rule_is_named_with_its_rows_in_their_order(self):
        columns = [
            {"name": "id", "type": "integer", "required": True, "unique": True},
            {"name": "n", "type": "number", "minimum": 0, "maximum": 10.5},
            {"name": "d", "type": "date", "minimum": "2020-01-01"},
            {"name": "v", "type": "text", "values": ["a", "b'c"]},
        ]
        content = "id,n,d,v\n1,10.5,2020-01-01,a\n1,11,2019-12-31,b'c\n,-1,,x\n01,0,,\n"
        found = refused(content, columns)
        expected = [
            ("unique", 3),
            ("maximum", 3),
            ("minimum", 3),
            ("required", 4),
            ("minimum", 4),
            ("values", 4),
            ("unique", 5),
        ]
        self.assertEqual(rules(found), expected)
        self.assertEqual(found["count"], 7)
        self.assertIn("line 2", found["problems"][0]["en"])
        self.assertEqual(taken(content, columns, strict=False)["rows"], 4)

    def test_keys(self):
        content = "a,b,c\n1,x,p\n1,y,q\n1,x,r\n,z,s\n"
        found = refused(content, "a:integer b c", keys=["a", "b"])
        self.assertEqual(rules(found), [("key", 4), ("key", 5)])
        self.assertEqual(
            taken(content.replace("1,x,r\n,z,s\n", ""), "a:integer b c", keys=["a", "b"])["schema"][0]["nullable"],
            False,
        )

    def test_uniqueness_holds_across_files(self):
        found = refused(["id\n1\n2\n", "id\n3\n2\n"], [{"name": "id", "type": "integer", "unique": True}])
        self.assertEqual(rules(found), [("unique", 3)])
        self.assertIn("line 3", found["problems"][0]["en"])

    def test_zero_and_minus_zero_are_one_value(self):
        found = refused("n\n0\n1\n-0\n", [{"name": "n", "type": "number", "unique": True}])
        self.assertEqual(rules(found), [("unique", 4)])

    def test_a_key_of_several_columns_repeats_only_as_a_whole(self):
        content = "a,b\n1,x\n1,y\n2,x\n1,y\n1,y\n"
        found = refused(content, "a:integer b", keys=["a", "b"])
        self.assertEqual(rules(found), [("key", 5), ("key", 6)])

    def test_only_the_first_problems_are_named_and_all_counted(self):
        content = "a,b\n" + "x,y\n" * 500
        found = refused(content, "a:integer b:integer", problems=10)
        self.assertEqual((found["count"], len(found["problems"])), (1000, 10))
        self.assertEqual([(p["line"], p["column"]) for p in found["problems"][:3]], [(2, "a"), (2, "b"), (3, "a")])


class ParquetFiles(unittest.TestCase):
    def make(self, sql, options=""):
        path = os.path.join(FOLDER, f"made-{next(NUMBER)}.parquet")
        program = (
            f"import duckdb; duckdb.sql({sql!r}).to_parquet({path!r})"
            if not options
            else "import duckdb; duckdb.execute(" + repr(f"COPY ({sql}) TO '{path}' (FORMAT parquet{options})") + ")"
        )
        subprocess.run([PYTHON, "-c", program], check=True)
        return {"path": path, "format": "parquet"}

    def test_columns_are_taken_by_name_and_types_checked(self):
        made = self.make(
            "SELECT 1.0::DOUBLE AS n, 'x' AS t, TIMESTAMP '2024-01-01' AS d UNION ALL SELECT NULL, NULL, NULL"
        )
        self.assertEqual(
            rows_of(taken(made, "t d:date n:integer"))["rows"], [["x", "2024-01-01", 1], [None, None, None]]
        )
        self.assertEqual(taken(made, "t d:datetime n:number")["schema"][1]["type"], "timestamp")
        self.assertEqual(refused(made, "t d")["problems"][0]["rule"], "header")
        bad = refused(self.make("SELECT 1.5::DOUBLE AS n UNION ALL SELECT 'nan'::DOUBLE"), "n:integer")
        self.assertEqual(
            [(p["rule"], p["row"], p["line"]) for p in bad["problems"]], [("type", 1, None), ("type", 2, None)]
        )

    def test_bombs(self):
        million = self.make("SELECT repeat('x', 100000) AS t FROM range(3000)", ", ROW_GROUP_SIZE 2048")
        self.assertLess(os.path.getsize(million["path"]), 200_000)
        self.assertEqual(refused(million, "t", bytes_most=100_000_000)["problems"][0]["rule"], "limit")
        self.assertEqual(refused(million, "t", rows_most=1000)["problems"][0]["rule"], "limit")
        zeros = self.make("SELECT 0 AS n FROM range(20000000)")
        self.assertEqual(refused(zeros, "n:integer", rows_most=1000)["problems"][0]["rule"], "limit")
        wide = self.make("SELECT " + ", ".join(f"1 AS c{n}" for n in range(3000)))
        self.assertEqual(refused(wide, "c0")["problems"][0]["rule"], "limit")

    def test_claims_of_more_bytes_are_refused_before_reading(self):
        made = self.make("SELECT i::VARCHAR AS t FROM range(100000) r(i)")
        self.assertEqual(refused(made, "t", bytes_most=10_000)["problems"][0]["rule"], "limit")

    def test_broken_files(self):
        made = self.make("SELECT i::VARCHAR AS t, random() AS n FROM range(10000) r(i)")
        content = open(made["path"], "rb").read()
        for cut in range(1, 10):
            found = refused(file(content[: len(content) * cut // 10], "parquet"), "t n:number")
            self.assertEqual(found["problems"][0]["rule"], "format")
        for seed in range(15):
            damaged = bytearray(content)
            for _ in range(20):
                damaged[random.Random(seed).randrange(len(damaged))] = random.Random(seed + 99).randrange(256)
            answer = ENGINE.ask(table_job(file(bytes(damaged), "parquet"), "t n:number"))
            self.assertTrue("refused" in answer or "parts" in answer, answer)
        self.assertEqual(
            refused(file(b"PAR1" + struct.pack("<I", 1 << 30) + b"PAR1", "parquet"), "t")["problems"][0]["rule"],
            "format",
        )
        self.assertEqual(refused(file(b"", "parquet"), "t")["problems"][0]["rule"], "format")

    @unittest.skipUnless(os.path.isdir(SHARED), "the shared tables are not here")
    def test_real_taxi_trips(self):
        path = os.path.join(SHARED, "products/nyc-green-taxi-2022-01.parquet")
        program = f"import duckdb,json; print(json.dumps(duckdb.sql(\"DESCRIBE SELECT * FROM '{path}'\").fetchall()))"
        names = [row[0] for row in json.loads(subprocess.check_output([PYTHON, "-c", program]))]
        kinds = {"lpep_pickup_datetime": "datetime", "lpep_dropoff_datetime": "datetime", "trip_distance": "number"}
        answer = taken({"path": path, "format": "parquet"}, [f"{name}:{kinds.get(name, 'integer')}" for name in names])
        self.assertEqual(answer["rows"], 62_495)
        stated = answer["parts"][0]["statistics"]
        self.assertEqual(stated["minValues"]["lpep_pickup_datetime"], "2009-01-01T00:34:01.000Z")
        self.assertEqual(stated["maxValues"]["lpep_pickup_datetime"], "2022-01-31T23:57:37.000Z")
        self.assertEqual(set(stated["nullCount"].values()), {0})


class Output(unittest.TestCase):
    def test_parts_keep_the_order_and_are_the_same_bytes_each_time(self):
        content = "n,t\n" + "".join(f"{n},{hashlib.md5(str(n).encode()).hexdigest()}\n" for n in range(300_000))
        one = taken(content, "n:integer t", part_bytes=2_000_000)
        other = taken(content, "n:integer t", part_bytes=2_000_000)
        self.assertGreater(len(one["parts"]), 2)
        self.assertEqual([part["sha256"] for part in one["parts"]], [part["sha256"] for part in other["parts"]])
        self.assertEqual(sum(part["rows"] for part in one["parts"]), 300_000)
        start = 0
        for part in one["parts"]:
            self.assertEqual(part["sha256"], hashlib.sha256(open(part["path"], "rb").read()).hexdigest())
            stated = part["statistics"]
            self.assertEqual(stated["minValues"]["n"], start)
            start += part["rows"]
            self.assertEqual((stated["maxValues"]["n"], stated["numRecords"]), (start - 1, part["rows"]))
        self.assertEqual(records(exported(one)), records(content.encode()))

    def test_statistics_are_bounds(self):
        long = "é" * 40
        content = f"t,d,b,p,m\n{long},2024-01-01T00:00:00.0001Z,true,x,\na,2024-01-01T00:00:00.0005Z,false,y,\n"
        columns = ["t", "d:datetime", "b:boolean", {"name": "p", "type": "text", "personal": True}, "m:integer"]
        stated = taken(content, columns)["parts"][0]["statistics"]
        self.assertEqual(stated["minValues"], {"t": "a", "d": "2024-01-01T00:00:00.000Z"})
        self.assertEqual(stated["maxValues"], {"t": "é" * 32 + "\U0010ffff", "d": "2024-01-01T00:00:00.001Z"})
        self.assertEqual(stated["nullCount"], {"t": 0, "d": 0, "b": 0, "p": 0, "m": 2})

    def test_nothing_is_left_behind(self):
        taken("a\n1\n", "a")
        refused("a\n1,2\n", "a b")
        self.assertEqual(glob.glob(os.path.join(FOLDER, "temporary", "job-*")), [])

    def test_what_is_no_job_is_an_error_and_the_next_is_answered(self):
        self.assertIn("error", ENGINE.ask({"job": "nothing"}))
        self.assertIn("error", ENGINE.ask([]))
        self.assertEqual(taken("a\n1\n", "a")["rows"], 1)


def real_tables():
    kinds = {
        "id": "integer",
        "ref": "integer",
        "ft": "number",
        "deg": "number",
        "mhz": "number",
        "khz": "number",
        "m": "number",
    }
    for path in sorted(glob.glob(os.path.join(TABLES, "*.csv"))):
        with open(path, encoding="utf-8-sig", newline="") as source:
            header, *rows = list(csv.reader(source))
        columns = []
        for name in header:
            kind = "date" if name.lower() in ("date", "day") else kinds.get(name.lower().split("_")[-1], "text")
            if name.lower() in ("lighted", "closed"):
                kind = "boolean"
            if name.lower() in ("value", "rainfall", "temperature", "tasmax", "tmax"):
                kind = "number"
            columns.append(f"{name}:{kind}")
        yield path, columns, header, rows


class Profiles(unittest.TestCase):
    """Against the rules of Profile.swift, written down again."""

    def test_excerpts(self):
        tables = list(real_tables())
        self.assertGreaterEqual(len(tables), 5)
        for path, columns, header, rows in tables:
            made = taken({"path": path}, columns, strict=False)["profile"]
            self.assertEqual(made, self.stripped(made, expected_profile(columns, header, rows)), path)

    def test_odd_tables(self):
        for content, columns in (
            ("n,d,t\n9,2024-02-01,b\n10,2023-12-31T23:00:00-02:00,a\n-1.5e1,2024-01-01,中\n", "n:number d:date t"),
            (
                "n,d,b\n1,2024-01-01,yes\nn/a,2024-02-30,是\n0x10,soon,maybe\nnan,2024-01-02,0\n",
                "n:integer d:date b:boolean",
            ),
            ("d\n2024\n2024-05\n20240502\n2024-05-02 10:00:00\n2024/05/02\n2024/5/2\n", "d:date"),
            ("n\n1\n2.0\n+3\n", "n:integer"),
            ('t\ncafé\ncafe\u0301\n""\n""\nx\n', "t"),
            ("n\n" + "".join(f"{n}\n" for n in range(1, 9)), "n:integer"),
            ("t\n" + "".join(f"v{n}\n" for n in range(21)), "t"),
            ("a,b\n1,2\n1,2\n1,3\n1,2\n", "a:integer b:integer"),
            ("a,b\n", "a:integer b"),
            ("t\n" + "长" * 100 + "\n", "t"),
            ("n\n" + "".join(f"{n % 7000}\n" for n in range(20_000)) + "1e999\n" + "9" * 400 + "\n", "n:number"),
            ("n\n-1.7e308\n1.7e308\n0\n", "n:number"),
        ):
            header, *rows = list(csv.reader(io.StringIO(content, newline="")))
            rows = rows if len(header) == 1 else [row for row in rows if row]
            rows = [row or [""] for row in rows]
            made = taken(content, columns, strict=False)["profile"]
            self.assertEqual(
                made, self.stripped(made, expected_profile(columns_of(columns), header, rows)), content[:200]
            )

    def stripped(self, made, expected):
        """Histograms are the engine's own; they are held to their sums."""
        for column, wanted in zip(made["columns"], expected["columns"]):
            bins = column.pop("histogram", None)
            has = wanted["type"] in ("integer", "number", "date") and "minimum" in wanted
            self.assertEqual(bins is not None, has)
            if bins:
                self.assertEqual(sum(b["count"] for b in bins), made["rows"] - wanted["empty"] - wanted["invalid"])
                self.assertLessEqual(len(bins), 20)
                self.assertTrue(all(b["count"] >= 0 for b in bins))
        return expected


def expected_profile(columns, header, rows):
    columns = columns_of(columns) if isinstance(columns[0], str) else columns
    composed = [[unicodedata.normalize("NFC", cell) for cell in row] for row in rows]
    return {
        "rows": len(rows),
        "duplicates": len(rows) - len({tuple(row) for row in composed}),
        "columns": [
            expected_column(c["name"], c["type"], [row[place] for row in composed]) for place, c in enumerate(columns)
        ],
    }


def expected_column(name, kind, cells):
    kind = "date" if kind == "datetime" else kind
    counts = collections.Counter(cell for cell in cells if cell.strip() != "")
    made = {
        "name": name,
        "type": kind,
        "empty": len(cells) - sum(counts.values()),
        "distinct": len(counts),
        "invalid": 0,
        "invalid_lines": [],
    }
    cut = lambda value: value[:80] + "…" if len(value) > 80 else value  # noqa: E731
    if kind == "text":
        if counts:
            made |= {"minimum": cut(min(counts)), "maximum": cut(max(counts)), "longest": max(map(len, counts))}
    else:
        places = {value: expected_place(value, kind) for value in counts}
        valid = sorted((place, value) for value, place in places.items() if place is not None)
        made["invalid"] = sum(count for value, count in counts.items() if places[value] is None)
        bad = [line for line, cell in enumerate(cells, 2) if cell in places and places[cell] is None]
        made["invalid_lines"] = bad[:5]
        if valid:
            made |= {"minimum": cut(valid[0][1]), "maximum": cut(valid[-1][1])}
            if kind in ("integer", "number"):
                spread = [value for _, value in valid for _ in range(counts[value])]
                made["quartiles"] = [spread[(quarter * len(spread) + 3) // 4 - 1] for quarter in (1, 2, 3)]
    if kind in ("text", "boolean") and 1 <= len(counts) <= 20:
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
        made["frequent"] = [{"value": cut(value), "count": count} for value, count in ordered]
    return made


def expected_place(value, kind):
    if kind == "boolean":
        return {"0": 0, "false": 0, "no": 0, "否": 0, "1": 1, "true": 1, "yes": 1, "是": 1}.get(value.lower())
    if kind == "integer":
        digits = value[1:] if value[:1] in "+-" else value
        return float(value) if digits and all(c in "0123456789" for c in digits) else None
    if kind == "number":
        try:
            number = float(value) if all(c in "0123456789+-.eE" for c in value) else None
        except ValueError:
            return None
        return number if number is not None and abs(number) != float("inf") else None
    if "/" in value:
        return None
    whole = {4: value + "-01-01", 7: value + "-01"}.get(len(value), value.replace(" ", "T"))
    if len(value) == 8 and value.isdigit():
        whole = f"{value[:4]}-{value[4:6]}-{value[6:]}"
    try:
        moment = datetime.datetime.fromisoformat(whole)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)).timestamp()


class Changes(unittest.TestCase):
    def revision(self, seed):
        chance = random.Random(seed)
        rows = {}
        for number in range(3000):
            if chance.random() < 0.9:
                rows[number] = (
                    str(number),
                    f"name {number % 100}",
                    str(chance.choice([1, 2]) if seed and number % 10 == 0 else 1),
                )
        return rows

    def test_by_keys_as_plain_python_counts_them(self):
        old, new = self.revision(0), self.revision(1)
        write_out = lambda rows: "k,t,n\n" + "".join(",".join(row) + "\n" for row in rows.values())  # noqa: E731
        before = taken(write_out(old), "k:integer t n:integer", keys=["k"])
        previous = {"columns": before["schema"], "parts": paths(before), "keys": ["k"]}
        answer = taken(write_out(new), "k:integer t n:integer", keys=["k"], previous=previous)
        changed = {key for key in old.keys() & new.keys() if old[key] != new[key]}
        said = answer["changes"]
        self.assertEqual(
            (said["rows_added"], said["rows_removed"], said["rows_changed"]),
            (len(new.keys() - old.keys()), len(old.keys() - new.keys()), len(changed)),
        )
        feed = {
            "parts": answer["change_parts"],
            "schema": answer["schema"] + [{"name": "_change_type", "type": "string"}],
        }
        found = collections.defaultdict(set)
        for *row, kind in rows_of(feed)["rows"]:
            found[kind].add(tuple(map(str, row)))
        self.assertEqual(found["insert"], {new[key] for key in new.keys() - old.keys()})
        self.assertEqual(found["delete"], {old[key] for key in old.keys() - new.keys()})
        self.assertEqual(found["update_preimage"], {old[key] for key in changed})
        self.assertEqual(found["update_postimage"], {new[key] for key in changed})

    def test_as_bags_without_keys(self):
        before = taken("a,b\n1,x\n1,x\n2,y\n", "a:integer b")
        previous = {"columns": before["schema"], "parts": paths(before), "keys": []}
        answer = taken("a,b\n1,x\n3,z\n3,z\n", "a:integer b", previous=previous)
        self.assertEqual(
            answer["changes"] | {},
            {
                "rows_added": 2,
                "rows_removed": 2,
                "rows_changed": None,
                "columns_added": [],
                "columns_removed": [],
                "columns_retyped": [],
            },
        )
        self.assertIsNone(answer["change_parts"])
        self.assertIsNone(before["changes"])

    def test_columns_come_go_and_change_type(self):
        before = taken("k,a,b\n1,1,x\n2,2,y\n", "k:integer a:integer b", keys=["k"])
        previous = {"columns": before["schema"], "parts": paths(before), "keys": ["k"]}
        answer = taken("k,a,c\n1,1,p\n2,3,q\n", "k:integer a c", keys=["k"], previous=previous)
        said = answer["changes"]
        self.assertEqual((said["columns_added"], said["columns_removed"]), (["c"], ["b"]))
        self.assertEqual(said["columns_retyped"], [{"name": "a", "from": "long", "to": "string"}])
        self.assertEqual((said["rows_added"], said["rows_removed"], said["rows_changed"]), (0, 0, 1))
        self.assertEqual(answer["change_parts"][0]["rows"], 2)

    def test_the_same_table_again_changes_nothing(self):
        before = taken("k,a\n1,0.1\n2,\n", "k:integer a:number", keys=["k"])
        previous = {"columns": before["schema"], "parts": paths(before), "keys": ["k"]}
        said = taken("k,a\n2,\n1,0.10\n", "k:integer a:number", keys=["k"], previous=previous)["changes"]
        self.assertEqual((said["rows_added"], said["rows_removed"], said["rows_changed"]), (0, 0, 0))


class Exports(unittest.TestCase):
    CONTENT = (
        "i,n,b,d,t,x\n1,1.5,true,2024-02-29,2024-02-29T10:11:12Z,=SUM(A1)\n"
        '9007199254740993,,false,,,"a,""b""\nc"\n,2,,,,http://x\n'
    )
    COLUMNS = "i:integer n:number b:boolean d:date t:datetime x"

    def test_csv_comes_back_as_it_was(self):
        answer = taken(self.CONTENT, self.COLUMNS)
        content = exported(answer)
        self.assertEqual(records(content), records(self.CONTENT.encode()))
        self.assertEqual(gzip.decompress(exported(answer, compression="gzip")), content)
        self.assertEqual(exported(answer, compression="gzip"), exported(answer, compression="gzip"))
        self.assertEqual(records(exported(answer, columns=["x", "i"]))[1], ["=SUM(A1)", "1"])

    def test_real_tables_come_back(self):
        for path, columns, header, rows in real_tables():
            texts = [column.rpartition(":")[0] for column in columns]
            answer = taken({"path": path}, [{"name": name, "type": "text"} for name in texts])
            self.assertEqual(records(exported(answer)), [header, *rows])

    def test_json_lines(self):
        lines = exported(taken(self.CONTENT, self.COLUMNS), "jsonl").decode().splitlines()
        self.assertEqual(
            json.loads(lines[0]),
            {"i": 1, "n": 1.5, "b": True, "d": "2024-02-29", "t": "2024-02-29T10:11:12Z", "x": "=SUM(A1)"},
        )
        self.assertEqual(len(lines), 3)

    def test_parquet_carries_its_mark_and_is_the_same_bytes_each_time(self):
        answer = taken(self.CONTENT, self.COLUMNS)
        mark = {"text": "buyer '7' 买方", "seed": None}
        content = exported(answer, "parquet", watermark=mark)
        self.assertEqual(content, exported(answer, "parquet", watermark=mark))
        again = taken(file(content, "parquet"), self.COLUMNS)
        self.assertEqual(rows_of(again)["rows"], rows_of(answer)["rows"])
        traced = ENGINE.ask(
            {
                "job": "trace",
                "file": write(content),
                "format": "parquet",
                "parts": paths(answer),
                "columns": ["i", "x"],
                "candidates": [],
            }
        )
        self.assertEqual((traced["text"], traced["matched_rows"]), ("buyer '7' 买方", 3))

    def test_workbooks(self):
        import openpyxl

        answer = taken(self.CONTENT, self.COLUMNS)
        content = exported(answer, "xlsx", watermark={"text": "buyer 7", "seed": None})
        self.assertEqual(content, exported(answer, "xlsx", watermark={"text": "buyer 7", "seed": None}))
        book = openpyxl.load_workbook(io.BytesIO(content))
        rows = [[cell.value for cell in row] for row in book.worksheets[0]]
        self.assertEqual(rows[0], ["i", "n", "b", "d", "t", "x"])
        self.assertEqual(
            rows[1],
            [1, 1.5, True, datetime.datetime(2024, 2, 29), datetime.datetime(2024, 2, 29, 10, 11, 12), "=SUM(A1)"],
        )
        self.assertEqual(rows[2][0], "9007199254740993")
        self.assertEqual([cell.data_type for cell in book.worksheets[0][2]], ["n", "n", "b", "d", "d", "s"])
        self.assertEqual(book.properties.description, "buyer 7")
        job = {
            "job": "trace",
            "file": write(content),
            "format": "xlsx",
            "parts": paths(answer),
            "columns": ["i", "n", "b", "d", "t", "x"],
            "candidates": [],
        }
        self.assertEqual(ENGINE.ask(job), {"matched_rows": 3, "scores": [], "text": "buyer 7"})

    def test_a_sheet_has_no_room_for_more_rows(self):
        answer = taken("n\n" + "1\n" * 1_048_576, "n:integer")
        job = {
            "job": "export",
            "parts": paths(answer),
            "columns": ["n"],
            "format": "xlsx",
            "compression": None,
            "output": os.path.join(FOLDER, "no.xlsx"),
            "watermark": None,
        }
        self.assertEqual(ENGINE.ask(job)["refused"]["problems"][0]["rule"], "limit")
        self.assertFalse(os.path.exists(job["output"]))

    def test_a_leaked_file_tells_its_buyer(self):
        content = "id,name\n" + "".join(f"{n},name {n % 50}\n" for n in range(4000))
        answer = taken(content, "id:integer name")
        seeds = [{"id": f"buyer {n}", "seed": hashlib.sha256(str(n).encode()).hexdigest()} for n in range(50)]
        marked = exported(answer, watermark={"text": "x", "seed": seeds[31]["seed"]})
        self.assertEqual(sorted(records(marked)), sorted(records(content.encode())))
        header, *rows = records(marked)
        chance = random.Random(5)
        rows = [row if chance.random() < 0.95 else [row[0], "changed"] for row in rows if chance.random() < 0.7]
        for format, leaked in (
            ("csv", "\n".join(",".join(row) for row in [header, *rows])),
            ("csv", "\n".join(";".join(row) for row in [header, *rows])),
            ("jsonl", "\n".join(json.dumps({"id": int(row[0]), "name": row[1]}) for row in rows)),
            ("parquet", exported(answer, "parquet", watermark={"text": "x", "seed": seeds[31]["seed"]})),
            ("xlsx", exported(answer, "xlsx", watermark={"text": "x", "seed": seeds[31]["seed"]})),
        ):
            job = {
                "job": "trace",
                "file": write(leaked),
                "format": format,
                "parts": paths(answer),
                "columns": ["id", "name"],
                "candidates": seeds,
            }
            traced = ENGINE.ask(job)
            self.assertEqual(traced["scores"][0]["id"], "buyer 31", format)
            self.assertGreater(traced["scores"][0]["agreement"], 0.99)
            self.assertLess(traced["scores"][1]["agreement"], 0.2)
            self.assertGreater(traced["matched_rows"], 2400)
        self.assertIn("refused", ENGINE.ask(job | {"file": write("no workbook")}))


class Figures(unittest.TestCase):
    """A figure's cells are texts, truths, nulls, or objects for what is withheld."""

    COLUMNS = {
        "class": "text", "value": "number", "amount": "money", "suppressed": "boolean", "n": "integer",
        "dated_on": "date", "as_of": "time",
    }  # fmt: skip
    TIME = "2026-11-29T20:30:00.250Z"
    ROWS = [
        ["=J", "1280050", "12800.5", False, "15", "2025-12-31", TIME],
        [None, {}, {}, True, "15", "2025-12-31", TIME],
        ["G", "0.123456", None, False, None, None, None],
        ["R", "9007199254740993", None, False, None, None, None],
    ]
    DEFINITION = [["统计定义 definition", "计数", "What is counted"], ["摘要 SHA-256", "ab12", "ab12"]]

    def made(self, format, rows=None):
        output = os.path.join(FOLDER, f"figure-{next(NUMBER)}.{format}")
        columns = [{"name": name, "type": kind, "zh": "列"} for name, kind in self.COLUMNS.items()]
        job = {
            "job": "figure", "format": format, "output": output, "columns": columns, "definition": self.DEFINITION,
            "rows": self.ROWS if rows is None else rows, "metadata": {"sha256": "ab12", "definition": "it's \"counted\""},
        }  # fmt: skip
        return ENGINE.ask(job), output

    def workbook(self, rows=None):
        import openpyxl

        answer, output = self.made("xlsx", rows)
        self.assertIn("bytes", answer, answer)
        return openpyxl.load_workbook(output)

    def parquet(self, query, rows=None):
        """As DuckDB reads it, which is in the engine's Python only."""
        answer, output = self.made("parquet", rows)
        self.assertIn("bytes", answer, answer)
        program = f"import duckdb, json; print(json.dumps(duckdb.sql({query!r}.format(file={output!r})).fetchall(), default=str))"
        return json.loads(subprocess.run([PYTHON, "-c", program], capture_output=True, check=True).stdout)

    def test_a_sheet_has_real_numbers_dates_and_times_of_beijing(self):
        rows = [list(row) for row in self.workbook().worksheets[0].iter_rows(min_row=2)]
        self.assertEqual([cell.value for cell in rows[0][:5]], ["=J", 1280050, 12800.5, False, 15])
        self.assertEqual(rows[0][5].value, datetime.datetime(2025, 12, 31))
        self.assertEqual(rows[0][6].value, datetime.datetime(2026, 11, 30, 4, 30, 0, 250000))
        self.assertEqual([cell.data_type for cell in rows[0]], ["s", "n", "n", "b", "n", "d", "d"])
        self.assertEqual(rows[0][2].number_format, "#,##0.00")
        self.assertEqual(rows[2][1].value, 0.123456)
        self.assertEqual(rows[3][1].value, "9007199254740993", "Excel would round it")

    def test_a_sheet_says_in_words_what_is_withheld(self):
        row = list(self.workbook().worksheets[0].iter_rows(min_row=3, max_row=3, values_only=True))[0]
        for cell in row[1:3]:
            self.assertIn("不公布", cell)
            self.assertIn("to protect enterprises", cell)

    def test_a_sheet_keeps_its_header_in_sight_and_its_columns_as_wide_as_they_need(self):
        sheet = self.workbook().worksheets[0]
        self.assertEqual(sheet.freeze_panes, "A2")
        self.assertEqual([cell.value for cell in sheet[1]], [f"列\n{name}" for name in self.COLUMNS])
        # Columns of the same width are stated together, by the first of them.
        widths = {letter: sheet.column_dimensions[letter].width for letter in sheet.column_dimensions}
        self.assertTrue(all(9 <= width <= 50 for width in widths.values()) and widths["B"] > 30, widths)

    def test_the_second_sheet_is_the_definition(self):
        book = self.workbook()
        self.assertEqual(len(book.worksheets), 2)
        rows = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
        self.assertEqual([list(row) for row in rows], self.DEFINITION)

    def test_parquet_has_types_and_exact_values(self):
        described = self.parquet("SELECT column_name, column_type FROM (DESCRIBE FROM '{file}')")
        types = ["VARCHAR", "DECIMAL(38,6)", "DECIMAL(38,2)", "BOOLEAN", "BIGINT", "DATE", "TIMESTAMP WITH TIME ZONE"]
        self.assertEqual(described, [list(pair) for pair in zip(self.COLUMNS, types)])
        rows = self.parquet("SELECT class, value, amount, suppressed, n, dated_on, epoch_ms(as_of) FROM '{file}'")
        moment = datetime.datetime(2026, 11, 29, 20, 30, 0, 250000, datetime.timezone.utc)
        self.assertEqual(
            rows[0], ["=J", "1280050.000000", "12800.50", False, 15, "2025-12-31", round(moment.timestamp() * 1000)]
        )
        self.assertEqual(rows[1][1:4], [None, None, True])
        self.assertEqual([row[1] for row in rows[2:]], ["0.123456", "9007199254740993.000000"])

    def test_parquet_carries_the_definition(self):
        said = self.parquet("SELECT decode(key), decode(value) FROM parquet_kv_metadata('{file}')")
        self.assertEqual(dict(said), {"sha256": "ab12", "definition": "it's \"counted\""})

    def test_a_value_with_more_digits_than_are_kept_is_not_rounded_but_an_error(self):
        answer, _ = self.made("parquet", [["J", "0.1234567", None, False, None, None, None]])
        self.assertIn("more than six digits", answer.get("error", ""))

    def test_a_figure_without_values_still_has_its_header_and_types(self):
        self.assertEqual(self.workbook([]).worksheets[0].max_row, 1)
        self.assertEqual(self.parquet("SELECT count(*) FROM '{file}'", []), [[0]])


class Prints(unittest.TestCase):
    def printed(self, page):
        output = os.path.join(FOLDER, f"page-{next(NUMBER)}.pdf")
        return ENGINE.ask({"job": "print", "page": write(page, "page.html"), "output": output}), output

    def test_a_page_becomes_a_pdf_with_chinese_in_it(self):
        answer, output = self.printed(
            "<html lang=zh><title>报告</title><style>section { break-before: page }</style><p>采购率 63.64%<section>定义</section>"
        )
        self.assertEqual(answer.get("pages"), 2, answer)
        with open(output, "rb") as file:
            self.assertTrue(file.read().startswith(b"%PDF-"))
        text = subprocess.run(["pdftotext", output, "-"], capture_output=True, check=True).stdout.decode()
        self.assertIn("采购率", text)
        self.assertIn("定义", text)

    def test_a_page_loads_nothing(self):
        for address in ("file:///etc/hostname", "http://127.0.0.1:9/x.png"):
            answer, output = self.printed(f"<p>a<img src='{address}'>")
            self.assertEqual(answer.get("pages"), 1, answer)
            with open(output, "rb") as file:
                self.assertNotIn(b"/Subtype /Image", file.read())


class Missing(unittest.TestCase):
    def test_without_its_libraries_the_engine_says_so_by_its_status(self):
        process = subprocess.run(
            [PYTHON, "-I", "-S", os.path.join(SOURCES, "engine.py"), "--temporary", FOLDER], stdin=subprocess.DEVNULL, capture_output=True
        )
        self.assertEqual(process.returncode, 3, process.stderr)


class Rows(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        content = "id,name,n,day,ok,Name 2\n" + "".join(
            f"{i},name {i % 10},{i / 4},2024-01-{i % 28 + 1:02},{'true' if i % 2 else 'false'},{'' if i % 3 else 'x'}\n"
            for i in range(100)
        ) + "9007199254740993,大,,,,\n"  # fmt: skip
        columns = ["id:integer", "name", "n:number", "day:date", "ok:boolean", {"name": "Name 2", "type": "text"}]
        cls.table = taken(content, columns)

    def ids(self, where, **others):
        answer = rows_of(self.table, select=["id"], where=where, **others)
        self.assertIn("rows", answer, (where, answer))
        return [row[0] for row in answer["rows"]]

    def test_conditions(self):
        for where, expected in (
            ("id = 5", [5]),
            ("id IN (1, 2) AND NOT ok", [2]),
            ("n BETWEEN 1 AND 1.5 OR id = 99", [4, 5, 6, 99]),
            ("name LIKE 'name 3' AND day >= '2024-01-20'", [23, 53, 83]),
            ("name ILIKE 'NAME 3%' AND day < DATE '2024-01-05'", [3]),
            ('"Name 2" IS NOT NULL AND id < 5', [0, 3]),
            ('"Name 2" IS NULL and ID<3', [1, 2]),
            ("id + 1 = 2 * 3 - 1", [4]),
            ("-id = -7", [7]),
            ("name = '大'", ["9007199254740993"]),
            ("name not like 'name%'", ["9007199254740993"]),
            ("ok = true and id / 2 < 1", [1]),
            ("id = 1 -- why not", [1]),
            ("name = 'it''s; drop table x'", []),
            ("CAST(name AS VARCHAR) = 'name 1' and id not in (1,11,21,31,41,51,61,71,81)", [91]),
        ):
            self.assertEqual(self.ids(where), expected, where)

    def test_what_is_not_allowed_is_refused_by_name(self):
        for where in (
            "1=1; drop table x", "read_csv('/etc/passwd') IS NULL", "(select 1) = 1", "id in (select 1)",
            "1=1) union select (1",
            "exists(select 1)", "getenv('HOME') = 'x'", "id = ?", "id = $1", "id::hugeint = 1", "id::blob = 'x'",
            "* = 1", "columns(*) = 1",
            "case when ok then true end", "id = (1)[1]", "name ~ 'x'", "name similar to 'x'", "name || 'x' = 'y'",
            "length(name) = 1",
            "name = current_user", "x.id = 1", "nothing = 1", "id = 1 order by 1", "id = 1 limit 1", "id = 1) limit (1",
            "id = 1) group by (1",
            "id = 1) having (1=1", "row_number() over () = 1", "name = 'x' collate nocase", "id =", "'", "id = 1 /*",
            "lambda x: x", "[1] = [1]",
            "{'a': 1} = 1", "id = 1) -- ", "name like 'x' escape '!'", "interval 1 day = 1",
            "not " * 3000 + "ok", "(" * 5000 + "ok" + ")" * 5000,
        ):  # fmt: skip
            answer = rows_of(self.table, where=where)
            self.assertEqual(answer.get("refused", {}).get("field"), "where", (where[:60], answer))
            self.assertTrue(answer["refused"]["zh"] and answer["refused"]["en"])
        position = rows_of(self.table, where="name = '大' and length(name) = 1")["refused"]["en"]
        self.assertIn("'length' (at letter 16)", position)

    def test_conditions_that_cannot_be_computed_are_refused(self):
        for where in ("id = 'x'", "ok + 1 = 'q'", "n", "id * 9223372036854775807 * 9 = 1", "name LIKE 5"):
            answer = rows_of(self.table, where=where)
            self.assertTrue("rows" in answer or answer["refused"]["field"] == "where", (where, answer))

    def test_selection_order_and_pages(self):
        answer = rows_of(self.table, select=["name", "day", "n"], order=["-n", "id"], limit=2, offset=1)
        self.assertEqual(
            answer,
            {
                "header": ["name", "day", "n"],
                "rows": [["name 8", "2024-01-15", 24.5], ["name 7", "2024-01-14", 24.25]],
                "count": 2,
            },
        )
        self.assertEqual(rows_of(self.table, select=["nothing"])["refused"]["field"], "select")
        self.assertEqual(rows_of(self.table, order=["-nothing"])["refused"]["field"], "order")
        for limit, offset in ((-1, 0), ("1", 0), (10**9, 0), (1, -1), (True, 0)):
            self.assertEqual(rows_of(self.table, limit=limit, offset=offset)["refused"]["field"], "limit")

    def test_a_deadline_ends_it(self):
        table = taken("n\n" + "".join(f"{n}\n" for n in range(200_000)), "n:integer")
        start = time.monotonic()
        answer = rows_of(
            table, where=" OR ".join(f"n * {k} + n = -{k + 5}" for k in range(900)), order=["-n"], milliseconds=50
        )
        self.assertEqual(answer.get("refused", {}).get("field"), "where", answer)
        self.assertLess(time.monotonic() - start, 3)
        self.assertEqual(rows_of(table, where="n = 5")["rows"], [[5]])


ENTERPRISES = [f"{number}1900000-0000-4000-8000-000000000000" for number in (1, 5, 9)]


class Archives(unittest.TestCase):
    """A month of usage, as PostgreSQL's COPY with FORCE_QUOTE writes it."""

    @staticmethod
    def line(enterprise, number, quantity="1", source=None, dimensions="{}", value=""):
        id = f"01900000-0000-7000-8000-{number:012x}"
        time = f"2026-01-{1 + number % 31:02}T00:00:00.{number % 1_000_000:06}Z"
        cells = [enterprise, time, id, id, "call", quantity, number, id, 1, time, source, source, dimensions, value]
        return ",".join("" if cell is None else '"' + str(cell).replace('"', '""') + '"' for cell in cells) + "\n"

    def archived(self, lines):
        rows = write("".join(lines))
        output, again = rows + ".parquet", rows + ".again"
        answer = ENGINE.ask({"job": "archive", "rows": rows, "output": output, "again": again})
        with open(rows, "rb") as one, open(again, "rb") as other:
            content = one.read()
            self.assertEqual(content, other.read())
        self.assertEqual(answer, {"sha256": hashlib.sha256(content).hexdigest()})
        return output

    def test_nothing_of_a_row_is_lost(self):
        self.archived(
            [
                self.line(ENTERPRISES[0], 0),
                self.line(ENTERPRISES[0], 1, "1.500", "", '{"a": "x\\ny \\" z"}', 'a,"b"\r\nc'),
                self.line(ENTERPRISES[0], 2, "1" * 60 + "." + "7" * 40, "\\N", '{"é": "😀"}', " NULL "),
                self.line(ENTERPRISES[0], 3, "0", "\r", "{}", "\n"),
            ]
        )

    def test_a_recall_holds_the_rows_of_the_enterprises_that_are_asked_for(self):
        lines = [self.line(ENTERPRISES[number // 30_000], number) for number in range(90_000)]
        archive = self.archived(lines)
        output = archive + ".rows"
        asked = [{"path": archive, "enterprises": [ENTERPRISES[1]]}, {"path": archive, "enterprises": ENTERPRISES[2:]}]
        self.assertEqual(ENGINE.ask({"job": "recall", "files": asked, "output": output}), {})
        with open(output, encoding="utf-8") as file:
            self.assertEqual(file.read(), "".join(lines[30_000:]))


@unittest.skipUnless(os.path.isdir(SHARED), "the shared tables are not here")
class RealTables(unittest.TestCase):
    def test_products_and_catalogues(self):
        counts = {"airport-runways.csv": 48_184, "airport-frequencies.csv": 30_340, "airport-navaids.csv": 11_008}
        files = glob.glob(SHARED + "/products/*.csv") + [
            SHARED + "/catalogs/tw-taichung.csv",
            SHARED + "/catalogs/tw-taoyuan.csv.gz",
        ]
        for path in files:
            opened = (
                gzip.open(path, "rt", encoding="utf-8-sig", newline="")
                if path.endswith("gz")
                else open(path, encoding="utf-8-sig", newline="")
            )
            with opened as source:
                header, *rows = list(csv.reader(source))
            if len(set(header)) < len(header):
                continue
            answer = taken(
                {"path": path, "compression": "gzip" if path.endswith("gz") else None},
                [{"name": name, "type": "text"} for name in header],
            )
            self.assertEqual(answer["rows"], counts.get(os.path.basename(path), len(rows)))
            blank = lambda cell: "" if not cell.strip() else cell  # noqa: E731
            self.assertEqual(records(exported(answer)), [header, *[[blank(cell) for cell in row] for row in rows]])

    def test_taichung_in_big5_and_taxis_in_gb18030(self):
        for path, charset in (
            (SHARED + "/catalogs/tw-taichung.csv", "big5"),
            (SHARED + "/catalogs/tw-taichung.csv", "gb18030"),
        ):
            text = open(path, encoding="utf-8-sig", newline="").read()
            text = text.encode("cp950" if charset == "big5" else charset, "ignore").decode(
                "cp950" if charset == "big5" else charset
            )
            content = text.encode("cp950" if charset == "big5" else charset)
            header, *rows = records(text.encode())
            answer = taken(file(content, "csv", charset=charset), [{"name": name, "type": "text"} for name in header])
            self.assertEqual(answer["rows"], len(rows))
            found = refused(file(content, "csv"), [{"name": name, "type": "text"} for name in header])["problems"][0]
            self.assertIn(f"It reads as {charset}", found["en"])


@unittest.skipUnless(os.environ.get("LARGE") == "1", "LARGE=1 tries a CSV of 1 GB")
class Large(unittest.TestCase):
    def test_a_gigabyte_in_half_of_one(self):
        path = os.path.join(FOLDER, "large.csv")
        chance = random.Random(1)
        block = [
            f"%d,name {chance.randrange(100_000)},{chance.random() * 1000:.3f},"
            f"202{chance.randrange(6)}-0{chance.randrange(1, 10)}-1{chance.randrange(10)},"
            f'{chance.choice(["true", "false"])},"a note, {chance.randrange(1000)} with some text in it"\n'
            for _ in range(200_000)
        ]
        rows = 0
        with open(path, "w") as large:
            large.write("id,name,value,day,flag,note\n")
            while large.tell() < 1 << 30:
                large.write("".join(line % (rows + place) for place, line in enumerate(block)))
                rows += len(block)
        columns = [
            {"name": "id", "type": "integer", "unique": True},
            "name",
            "value:number",
            "day:date",
            "flag:boolean",
            "note",
        ]
        start = time.monotonic()
        engine = Engine(512)
        answer = engine.ask(table_job({"path": path}, columns, keys=["id"]))
        status = open(f"/proc/{engine.process.pid}/status").read()
        peak = int(status.split("VmHWM:")[1].split()[0]) // 1024
        used = engine.end()
        self.assertEqual(answer.get("rows"), rows, str(answer)[:500])
        print(
            f"1 GB CSV, {rows} rows: {time.monotonic() - start:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of CPU, "
            f"peak {peak} MB with --memory-mb 512"
        )
        self.assertLess(peak, 700)


class Timed(unittest.TextTestResult):
    """With TIMES=1 says what takes long."""

    def startTest(self, test):
        self.started = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        super().stopTest(test)
        if os.environ.get("TIMES") == "1":
            print(f"{time.monotonic() - self.started:6.1f} s {test}", file=sys.stderr)


if __name__ == "__main__":
    result = unittest.main(exit=False, warnings="ignore", testRunner=unittest.TextTestRunner(resultclass=Timed)).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed")
    sys.exit(1 if failed else 0)
