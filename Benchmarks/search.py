#!/usr/bin/env python3
"""How well the search finds, and how long it takes with facets, suggestions and the broadest word, at a tenth of the
catalogue and at all of it.

Takes the program as $1, ENTRIES (250000), CONNECTIONS (8), SECONDS and ROUNDS from the environment, and a server on a
synthetic market at BASE with DATABASE. The catalogue is made by repeating real ones (../shared/data/catalogs) with new
identifiers, so that each word is as frequent in the large one as in the real ones.
Prints p50, p95 and p99 in milliseconds beside the bars, and how long the index took.
"""
import csv
import gzip
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import relevance
from measure import BASE, ROOT, median, rows, wrk_latency

PROGRAM = sys.argv[1]
ENTRIES = int(os.environ.get("ENTRIES", "250000"))
CONNECTIONS = int(os.environ.get("CONNECTIONS", "8"))
CATALOGUES = f"{ROOT}/../shared/data/catalogs"
ADMINISTRATION = rows("SELECT code FROM party WHERE name LIKE '%管理局%' LIMIT 1")[0][0]
# So many times each query is asked in a round, enough that none comes again in it.
VARIATIONS = 100
SEARCH_BAR, BROAD_BAR, SUGGESTION_BAR, GROWTH_BAR = 40, 150, 10, 3


def opened(name):
    path = f"{CATALOGUES}/{name}"
    return gzip.open(path, "rt", encoding="utf-8-sig") if name.endswith(".gz") else open(path, encoding="utf-8-sig")


def write_json(path, count):
    datasets = []
    for name in ["us-cdc.data.json.gz", "us-dc-20201118.data.json.gz", "us-baltimore-20200722.data.json"]:
        with opened(name) as file:
            datasets += json.load(file)["dataset"]
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"dataset": [')
        for number in range(count):
            dataset = dict(datasets[number % len(datasets)])
            # Another title too: what says the same under another identifier is refused as a duplicate.
            copy = number // len(datasets) + 1
            dataset["identifier"], dataset["title"] = f"{dataset['identifier']}#{copy}", f"{dataset['title']} ({copy})"
            file.write((",\n" if number else "") + json.dumps(dataset))
        file.write("]}")


def write_csv(path, count):
    with opened("tw-taichung.csv") as file:
        table = csv.DictReader(file)
        header, records = table.fieldnames, list(table)
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, header)
        table.writeheader()
        for number in range(count):
            record = dict(records[number % len(records)])
            record["資料集連結網址"] += f"#{number // len(records) + 1}"
            table.writerow(record)


def grow(count):
    """Imports the catalogues and waits until the search knows them; answers how many documents it has, and seconds."""
    with tempfile.TemporaryDirectory() as folder:
        for name, write, part in [("search.json", write_json, count * 6 // 10), ("search.csv", write_csv, count * 4 // 10)]:
            write(f"{folder}/{name}", part)
            done = subprocess.run([PROGRAM, "import", "directory", f"{folder}/{name}", "--source",
                                   "SEARCH-" + name.split(".")[1], "--administration", ADMINISTRATION], capture_output=True, text=True)
            if done.returncode not in (0, 2):
                sys.exit(f"{name} was not imported: {done.stderr[-500:]}")
    begin = time.monotonic()
    settle()
    took = time.monotonic() - begin
    rows("VACUUM ANALYZE search_document")
    return int(rows("SELECT count(*) FROM search_document")[0][0]), took


def paths(queries, path, **more):
    return [f"{path}?" + urllib.parse.urlencode({"q": query, **more}) for query in queries]


def latency(requests):
    """Of the median round; `requests` gives each round its own paths."""
    def measure():
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            lines = [f"{path} -\n" for path in requests()]
            random.shuffle(lines)
            file.writelines(lines)
            file.flush()
            os.environ["REQUESTS"] = file.name
            return wrk_latency(CONNECTIONS, "/", "requests.lua")
    return median(measure)


def report(what, requests, bar):
    p50, p95, p99 = latency(requests)
    verdict = f"{'held' if p95 < bar else 'MISSED'} < {bar} ms" if bar else ""
    print(f"{what:<48}{p50:>9.2f}{p95:>9.2f}{p99:>9.2f}  {verdict}", flush=True)
    return p95


def settle():
    while rows("SELECT count(*) FROM search_pending") != [["0"]]:
        time.sleep(1)


relevance.load(PROGRAM, ADMINISTRATION)
settle()
relevance.compare()
queries = [query["query"] for query in relevance.queries()]
beginnings = sorted({query[:length] for query in queries for length in (1, 2, 3, 5) if query[:length].strip()})
round_number = itertools.count(1)
taken = {}


def anew(more=""):
    """An answer is kept until the index changes; with other marks behind the words it is another one."""
    first = next(round_number) * VARIATIONS
    return [path + more for number in range(first, first + VARIATIONS)
            for path in paths([query + " " + f"{number:012b}".translate({48: ".", 49: ","}) for query in queries], "/v1/search")]


for count in (ENTRIES // 10, ENTRIES):
    documents, took = grow(count)
    word, found = "", 0
    for candidate in ("data", "資料", "district", "臺中市"):
        with urllib.request.urlopen(f"{BASE}/v1/search?" + urllib.parse.urlencode({"q": candidate, "limit": 1})) as answer:
            total = json.load(answer)["total"]
            word, found = (candidate, total) if total > found else (word, found)
    print(f"\n{documents} documents, the last of them indexed {took:.0f} s after the import ended; the broadest word is "
          f"'{word}', in {found}")
    print(f"{'at ' + str(CONNECTIONS) + ' connections, in milliseconds':<48}{'p50':>9}{'p95':>9}{'p99':>9}  bar of p95")
    full = count == ENTRIES
    p95 = report("judged queries with facets, never asked before", anew, SEARCH_BAR if full else None)
    report("the same, narrowed by two facets", lambda: anew("&kind=entry&delivery=file"), SEARCH_BAR if full else None)
    report("judged queries, asked again", lambda: paths(queries, "/v1/search"), SEARCH_BAR if full else None)
    report("the broadest word", lambda: paths([word], "/v1/search"), BROAD_BAR if full else None)
    report("suggestions", lambda: paths(beginnings, "/v1/search/suggestions"), SUGGESTION_BAR if full else None)
    taken[count] = p95
growth = taken[ENTRIES] / taken[ENTRIES // 10]
print(f"\nten times the catalogue: judged queries take {growth:.1f} times as long "
      f"({'held' if growth <= GROWTH_BAR else 'MISSED'}, bar {GROWTH_BAR})")
