#!/usr/bin/env python3
"""Imports large catalogues made by repeating real ones with new identifiers, and prints the rates and the peak memory.

Reads ENTRIES (50000), BASE and SERVER (its process) from the environment; $1 is the program. Needs ../shared/data/catalogs, and
a server that runs on the demonstration market in DATAMARKET_HOME, so that the database is there.
Prints for each format entries per second of the first import, of the same file again, and of the same file read again in
full, with the program's peak memory, and beside them the bars; then of an import over HTTP, how much more memory the server
takes while it runs and keeps afterwards.
"""
import gzip
import json
import os
import re
import sys
import tempfile
import time
import urllib.parse
import urllib.request

CATALOGUES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../shared/data/catalogs")
ENTRIES = int(os.environ.get("ENTRIES", "50000"))
PROGRAM = sys.argv[1]
MEMORY_BAR = 300


def opened(name):
    path = os.path.join(CATALOGUES, name)
    return gzip.open(path, "rt", encoding="utf-8") if name.endswith(".gz") else open(path, encoding="utf-8")


def write_json(path):
    datasets = []
    for name in ["us-cdc.data.json.gz", "us-dc-20201118.data.json.gz", "us-baltimore-20200722.data.json"]:
        with opened(name) as file:
            datasets += json.load(file)["dataset"]
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"dataset": [')
        for number in range(ENTRIES):
            dataset = dict(datasets[number % len(datasets)])
            copy = number // len(datasets)
            dataset["identifier"] = f"{dataset['identifier']}#{copy}"
            dataset["title"] = f"{dataset['title']} ({copy})"
            file.write((",\n" if number else "") + json.dumps(dataset))
        file.write("]}")
    return ENTRIES


def write_rdf(path):
    """The Belgian catalogue in Turtle: everything it describes gets an address of its own in each copy."""
    with opened("be-federal.ttl.gz") as file:
        text = file.read()
    own = set(re.findall(r"^<([^>]*)>", text, re.M))
    pieces = re.split(r"(<[^<>\"\s]*>|\b_:\w+)", re.sub(r"(?i)^@?prefix .*$", "", text, flags=re.M))
    prefixes = "\n".join(re.findall(r"(?i)^@?prefix .*$", text, re.M))
    datasets = len(re.findall(r"a <http://www.w3.org/ns/dcat#Dataset>", text))
    copies = -(-ENTRIES // datasets)
    with open(path, "w", encoding="utf-8") as file:
        file.write(prefixes + "\n")
        for copy in range(copies):
            file.write("".join(
                f"{piece[:-1]}#{copy}>" if piece.startswith("<") and piece[1:-1] in own
                else f"{piece}x{copy}" if piece.startswith("_:") else piece for piece in pieces))
    return copies * datasets


def write_jsonld(path):
    """The datasets of write_json as nodes of DCAT, nested in their catalogue."""
    def node(dataset):
        publisher, contact = dataset.get("publisher") or {}, dataset.get("contactPoint") or {}
        return {"@id": "https://example.org/" + urllib.parse.quote(dataset["identifier"], safe=""), "@type": "dcat:Dataset",
                "dct:title": {"@value": dataset["title"], "@language": "en"},
                "dct:description": {"@value": dataset.get("description", ""), "@language": "en"},
                "dct:publisher": {"@type": "foaf:Agent", "foaf:name": publisher.get("name", "Nobody")},
                "dcat:contactPoint": {"@type": "vcard:Organization", "vcard:fn": contact.get("fn", "Office")},
                "dcat:keyword": dataset.get("keyword", []), "dct:modified": dataset.get("modified", ""),
                "dcat:distribution": [
                    {"@type": "dcat:Distribution", "dct:format": part.get("format", part.get("mediaType", "")),
                     "dcat:accessURL": {"@id": part.get("accessURL") or part.get("downloadURL") or "https://example.org/"}}
                    for part in dataset.get("distribution", [])]}
    whole = path + ".json"
    write_json(whole)
    with open(whole, encoding="utf-8") as source, open(path, "w", encoding="utf-8") as file:
        file.write('{"@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", '
                   '"foaf": "http://xmlns.com/foaf/0.1/", "vcard": "http://www.w3.org/2006/vcard/ns#"}, '
                   '"@id": "https://example.org/", "@type": "dcat:Catalog", "dcat:dataset": [')
        for number, dataset in enumerate(json.load(source)["dataset"]):
            file.write((",\n" if number else "") + json.dumps(node(dataset)))
        file.write("]}")
    return ENTRIES


def resident(field):
    with open(f"/proc/{os.environ['SERVER']}/status", encoding="utf-8") as file:
        return int(re.search(rf"{field}:\s+(\d+)", file.read()).group(1)) / 1024


def post(path, source):
    """What an import over HTTP adds to the server's memory at its peak, and what it keeps of that, in MB."""
    before = resident("VmRSS")
    with open(f"/proc/{os.environ['SERVER']}/clear_refs", "w", encoding="utf-8") as file:
        file.write("5")  # the peak begins anew
    token = json.load(open(f"{os.environ['DATAMARKET_HOME']}/tokens.json", encoding="utf-8"))["administrator"]
    query = urllib.parse.urlencode({"file_name": os.path.basename(path), "source": source})
    with open(path, "rb") as body:
        request = urllib.request.Request(f"{os.environ['BASE']}/v1/directory/imports?{query}", body, {
            "Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream",
            "Content-Length": str(os.path.getsize(path))})
        with urllib.request.urlopen(request) as answer:
            place = answer.headers.get("Location")
    while place:
        request = urllib.request.Request(os.environ["BASE"] + place, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request) as answer:
            if json.load(answer)["state"] != "reading":
                break
        time.sleep(1)
    peak = resident("VmHWM")
    time.sleep(5)
    return peak - before, resident("VmRSS") - before, peak


def run(*arguments):
    """Seconds, and the peak memory of the program in MB."""
    begin = time.monotonic()
    child = os.posix_spawn(PROGRAM, [PROGRAM, "import", "directory", *arguments], os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)])
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 2):
        sys.exit(f"the import of {arguments[0]} failed")
    return time.monotonic() - begin, usage.ru_maxrss / 1024


print(f"{'catalogue':<12}{'MB':>7}{'entries':>9}{'run':>22}{'entries/s':>11}{'factor':>8}{'peak MB':>9}  bar")
with tempfile.TemporaryDirectory() as folder:
    for name, write, rate_bar in [("bench.json", write_json, 2_000), ("bench.ttl", write_rdf, 1_000),
                                  ("bench.jsonld", write_jsonld, 1_000)]:
        path = os.path.join(folder, name)
        count = write(path)
        size = os.path.getsize(path) / 1e6
        first = None
        source = ["--source", "BENCH-" + name.split(".")[1]]
        for label, options in [("first", []), ("same file again", []), ("same file, read again", ["--reread"])]:
            seconds, memory = run(path, *source, *options)
            bars = {"first": (count / seconds, rate_bar, "/s"), "same file again": ((first or seconds) / seconds, 5, " times")}
            reached, bar, unit = bars.get(label, (0, 0, ""))
            verdict = f"{'held' if reached >= bar else 'MISSED'} {bar}{unit}, " if bar else ""
            first = first or seconds
            print(f"{name:<12}{size:>7.0f}{count:>9}{label:>22}{count / seconds:>11.0f}{first / seconds:>8.1f}{memory:>9.0f}  "
                  f"{verdict}{'held' if memory < MEMORY_BAR else 'MISSED'} < {MEMORY_BAR} MB",
                  flush=True)
    for name in ("bench.ttl", "bench.json"):
        more, kept, peak = post(os.path.join(folder, name), "POSTED-" + name.split(".")[1])
        print(f"{name} over HTTP: the server takes {more:.0f} MB more at its peak of {peak:.0f} MB "
              f"({'held' if more < MEMORY_BAR else 'MISSED'} < {MEMORY_BAR} MB), and keeps {kept:.0f} MB", flush=True)
