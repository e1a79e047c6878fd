#!/usr/bin/env python3
"""Holds what a running market gives out of its figures against their JSON: CSV, XLSX as openpyxl reads it, Parquet as DuckDB
does, and the printed report. Called by script/test-figures.

    check_figures.py BASE HOME     HOME: with the file `token`; DATAMARKET is the program
"""
import csv
import datetime
import io
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from decimal import Decimal

import duckdb
import openpyxl

BASE, HOME = sys.argv[1:3]
with open(os.path.join(HOME, "token")) as file:
    TOKEN = file.read().split()[-1]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET = "application/vnd.apache.parquet"
YEAR = datetime.date.today().year


def demand(condition, message):
    if not condition:
        sys.exit(f"FAILED: {message}")
    print(f"ok: {message}", flush=True)


def get(path, accept="application/json", **parameters):
    stated = urllib.parse.urlencode({name: value for name, value in parameters.items() if value is not None})
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept": accept}
    request = urllib.request.Request(f"{BASE}{path}?{stated}", headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        sys.exit(f"FAILED: {path}?{stated} answers {error.code}: {error.read()[:300]}")


def of_json(figure):
    """The figure's rows: class, name, unit, value; of a panel one for each of its three numbers."""
    if "whole" in figure:
        for value in figure["whole"]:
            yield None, value["name"], value["unit"], value["value"]
        for row in figure["breakdown"]:
            for value in row["values"]:
                yield row["class"], value["name"], value["unit"], value["value"]
        return
    for row in [figure, *figure["breakdown"]]:
        for name in ("numerator", "denominator", "rate"):
            yield (row["class"] if row is not figure else None), name, None, row[name]


def of_table(rows, is_panel):
    """The same of rows by the names of their columns."""
    for row in rows:
        if not is_panel:
            yield row["class"], row["name"], row["unit"], row["value"]
            continue
        for name in ("numerator", "denominator", "rate"):
            yield row["class"], name, None, row[name]


def number(value):
    return None if value is None or value == "" or isinstance(value, str) and "不公布" in value else Decimal(str(value))


def same(found, expected):
    def told(rows):
        return sorted(((group or "", name, unit or "", number(value)) for group, name, unit, value in rows), key=str)

    return told(found) == told(expected)


def check(name, parameters, definition):
    path = f"/v1/adoption/metrics/{name}"
    figure = json.loads(get(path, **parameters), parse_float=Decimal)
    expected, is_panel = list(of_json(figure)), "whole" not in figure
    said = f"{name} {parameters['version']} {parameters.get('by', 'as a whole')} {parameters.get('standing', '')}".strip()

    text = get(path, "text/csv", **parameters)
    demand(text.startswith(b"\xef\xbb\xbf"), f"{said}: CSV begins with a byte-order mark")
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    demand(same(of_table(rows, is_panel), expected), f"{said}: CSV has the {len(rows)} rows of the JSON")

    book = openpyxl.load_workbook(io.BytesIO(get(path, XLSX, **parameters)))
    header, *lines = book.worksheets[0].iter_rows(values_only=True)
    names = [cell.split("\n")[1] for cell in header]
    sheet = [dict(zip(names, line)) for line in lines]
    demand(same(of_table(sheet, is_panel), expected), f"{said}: XLSX has the numbers of the JSON")
    if not is_panel:
        for row in sheet:
            hidden = row["suppressed"]
            demand_quietly(isinstance(row["value"], str) == hidden, f"{said}: {row} has words where it is suppressed")
            if re.fullmatch("[A-Z]{3}", row["unit"]) and not hidden:
                exact = round(Decimal(str(row["amount"])) * 100) == Decimal(str(row["value"]))
                demand_quietly(exact, f"{said}: {row} has its money in units of the currency")
    written = {row[0]: row[1:] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)}
    about = written["统计定义 definition"]
    right = about == (definition["definition"]["zh"], definition["definition"]["en"])
    right = right and written["摘要 SHA-256"][0] == definition["sha256"]
    demand(right, f"{said}: the second sheet has the definition in both languages, and its digest")
    names = {"standing": "holds", "by": "dimensions"}
    for parameter, value in parameters.items():
        held = [texts for item, texts in written.items() if item.endswith(" " + names.get(parameter, parameter))]
        demand_quietly(any(value in str(texts) for texts in held), f"{said}: {parameter} is on the second sheet")

    path_of_file = os.path.join(HOME, "figure.parquet")
    with open(path_of_file, "wb") as file:
        file.write(get(path, PARQUET, **parameters))
    relation = duckdb.sql(f"FROM '{path_of_file}'")
    types = dict(zip(relation.columns, map(str, relation.types)))
    found = [dict(zip(relation.columns, row)) for row in relation.fetchall()]
    demand(same(of_table(found, is_panel), expected), f"{said}: Parquet has the numbers of the JSON")
    wanted = {"suppressed": "BOOLEAN", "as_of": "TIMESTAMP WITH TIME ZONE", "recorded_by": "TIMESTAMP WITH TIME ZONE"}
    if is_panel:
        wanted |= {"numerator": "BIGINT", "n": "BIGINT", "dated_on": "DATE"}
    else:
        wanted |= {"value": "DECIMAL(38,6)", "amount": "DECIMAL(38,2)"}
    demand(wanted.items() <= types.items(), f"{said}: Parquet has types")
    metadata = duckdb.sql(f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{path_of_file}')").fetchall()
    demand(
        dict(metadata)["sha256"] == definition["sha256"] and all(row["sha256"] == definition["sha256"] for row in found),
        f"{said}: Parquet has the digest of the definition in its metadata and in every row",
    )
    return figure


def demand_quietly(condition, message):
    if not condition:
        sys.exit(f"FAILED: {message}")


def report(*arguments, ends="report.html"):
    output = os.path.join(HOME, ends)
    done = subprocess.run(
        [os.environ["DATAMARKET"], "report", "--panel", "leading-2025", "--output", output, *arguments],
        capture_output=True, text=True,
    )  # fmt: skip
    return done, output


def main():
    definitions = json.loads(get("/v1/adoption/metrics"))["items"]
    # The totals are made anew when the server begins.
    for _ in range(240):
        if json.loads(get("/v1/adoption/metrics/transactions"))["whole"]:
            break
        time.sleep(0.5)
    suppressed = 0
    for definition in [version for newest in definitions for version in (newest, *newest["earlier_versions"])]:
        name = definition["name"]
        standings = definition.get("standings") or [None]
        for by in [None, *definition["dimensions"][:3]]:
            for standing in [standing for standing in standings if standing in (None, "market", "synthetic")]:
                parameters = {"version": str(definition["version"]), "by": by, "standing": standing}
                if definition["over"] == "panel":
                    parameters |= {"panel": "leading-2025", "count": "legal_entity"}
                stated = {key: value for key, value in parameters.items() if value is not None}
                figure = check(name, stated, definition)
                suppressed += json.dumps(figure, default=str).count('"suppressed": true')
    demand(suppressed > 0, f"{suppressed} of the values were suppressed ones")

    done, output = report("--period", str(YEAR))
    # Of a panel that was imported just now there is a report in half a minute.
    for _ in range(8):
        if "try again in half a minute" not in done.stderr:
            break
        time.sleep(5)
        done, output = report("--period", str(YEAR))
    demand(done.returncode == 0, f"a report is written as HTML: {done.stderr[:300]}")
    with open(output, encoding="utf-8") as file:
        page = file.read()
    demand(all(definition["sha256"] in page for definition in definitions), "it has every metric with its digest")
    done, output = report("--period", str(YEAR), ends="report.pdf")
    demand(done.returncode == 0, f"a report is written as PDF: {done.stderr[:300]}")
    said = subprocess.run(["pdfinfo", output], capture_output=True, text=True, check=True).stdout
    pages = int(re.search(r"Pages: +(\d+)", said)[1])
    demand("595.276 x 841.89 pts (A4)" in said and pages >= len(definitions), f"its {pages} pages are A4")
    text = subprocess.run(["pdftotext", "-layout", output, "-"], capture_output=True, text=True, check=True).stdout
    together = re.sub(r"\s", "", text)
    for definition in definitions:
        title, digest = definition["title"]["zh"], definition["sha256"]
        demand_quietly(title in together and digest in together, f"the PDF has {definition['name']}, titled, with digest")
    demand("数据市场应用情况报告" in text and f"1 / {pages}" in text, "its text is there to be searched, with numbers of pages")
    rates = re.findall(r"[\d.]+%(?: \([\d,]+/[\d,]+\))?", text)
    demand(rates and all("(" in rate for rate in rates), f"none of its {len(rates)} rates stands without its numbers")
    fonts = subprocess.run(["pdffonts", output], capture_output=True, text=True, check=True).stdout
    embedded = [line.split()[-5] for line in fonts.splitlines()[2:]]
    demand("CJK" in fonts and set(embedded) == {"yes"}, "its Chinese font is embedded")

    for arguments, ends, status, word in [
        (["--period", "2026-13"], "a.html", 1, "--period"), (["--period", str(YEAR + 2)], "a.html", 1, "--period"),
        (["--period", "2026"], "a.docx", 64, "--output"), (["--period", str(YEAR), "--by", "colour"], "a.html", 1, "by"), (["--period", str(YEAR), "transactions"], "a.html", 64, "transactions"),
        (["--period", "2026"], "no/such/folder/a.html", 1, "--output"), ([], "a.html", 64, "--period"),
    ]:  # fmt: skip
        done, _ = report(*arguments, ends=ends)
        said = done.stderr.splitlines()[:1]
        demand(done.returncode == status and word in done.stderr, f"{' '.join([*arguments, ends])} is refused: {said}")
    os.environ["DATAMARKET_PYTHON"] = "/nowhere/python3"
    done, _ = report("--period", str(YEAR), ends="b.pdf")
    demand(done.returncode == 1 and "script/python" in done.stderr, f"without its library a PDF is refused: {done.stderr.strip()}")


main()
