#!/usr/bin/env python3
"""Delivers files and answers Delta Sharing queries, and prints what that is of nginx with the same file.

Reads BASE (server), TOKENS (tokens.json), HOME_FOLDER (the market's folder), SECONDS (6) and ROUNDS (3) from the environment.
A file of MEGABYTES (64) of the market's own content is read whole by 8 connections, in turns from the market by a link of
Delta Sharing (its signature and its entitlement are checked for each request) and from nginx, which is only told where the
file lies. Queries are counted, durably, each with its delivery, usage, event and links; they are asked one after the other.
With UPLOAD (bytes, none) a CSV of that size is sent, checked and published, and the memory of the market and of the engine is
watched.
"""
import http.client
import json
import os
import re
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request
from urllib.parse import urlsplit

BASE, HOME = os.environ["BASE"], os.environ["HOME_FOLDER"]
SECONDS, ROUNDS = int(os.environ.get("SECONDS", "6")), int(os.environ.get("ROUNDS", "3"))
MEGABYTES, SERVER = int(os.environ.get("MEGABYTES", "64")), os.environ["SERVER"]
with open(os.environ["TOKENS"], encoding="utf-8") as file:
    TOKENS = json.load(file)


def call(method, path, role=None, body=None, headers=None):
    headers = {**(headers or {}), "Authorization": f"Bearer {TOKENS.get(role, role)}"}
    if isinstance(body, dict):
        body, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
    request = urllib.request.Request(BASE + path, data=body, method=method, headers=headers)
    with urllib.request.urlopen(request) as answer:
        return answer.status, answer.read()


def document(*arguments, **named):
    return json.loads(call(*arguments, **named)[1])


def transferred(url):
    """Bytes a second that eight connections read."""
    printed = subprocess.run(
        ["wrk", "-t2", "-c8", f"-d{SECONDS}s", url], capture_output=True, text=True, check=True
    ).stdout
    assert "Non-2xx" not in printed, printed
    number, unit = re.search(r"Transfer/sec:\s+([\d.]+)(\w+)", printed).groups()
    return float(number) * {"KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}[unit]


def nginx(folder, content):
    """nginx in front of the market's content. - Returns: the process and the address."""
    port = int(urlsplit(BASE).port) + 1
    conf = os.path.join(folder, "nginx.conf")
    with open(conf, "w", encoding="utf-8") as out:
        out.write(
            f"daemon off; user root; worker_processes 2; pid {folder}/pid; error_log {folder}/error;\n"
            "events { worker_connections 64; }\n"
            f"http {{ sendfile on; access_log off; server {{ listen 127.0.0.1:{port}; root {content}; }} }}\n"
        )
    process = subprocess.Popen(["nginx", "-c", conf, "-p", folder])
    time.sleep(1)
    return process, f"http://127.0.0.1:{port}"


def large_revision():
    """A revision whose one part of Parquet has about MEGABYTES; digits that do not repeat compress little."""
    contract = {
        "columns": [{"name": "n", "type": "integer", "zh": "序号", "en": "number"}, {"name": "text", "type": "text", "zh": "文本", "en": "text"}],
        "source": {"title": "benchmark", "url": "about:blank"},
    }
    number = document("GET", "/v1/products/DP-AIR-001/revisions", "operator")["items"][0]["number"] + 1
    call("PUT", f"/v1/products/DP-AIR-001/revisions/{number}", "operator", contract)
    rows = MEGABYTES * (1 << 20) // 60
    with tempfile.NamedTemporaryFile(suffix=".csv") as table:
        table.write(b"n,text\n")
        for place in range(rows):
            table.write(b"%d,%s\n" % (place, os.urandom(30).hex().encode()))
        table.flush()
        table.seek(0)
        send(number, table.name)


def send(number, path):
    size = os.path.getsize(path)
    target = urlsplit(BASE)
    connection = http.client.HTTPConnection(target.hostname, target.port, timeout=7200)
    with open(path, "rb") as body:
        connection.request(
            "PUT", f"/v1/products/DP-AIR-001/revisions/{number}/content", body,
            {"Authorization": f"Bearer {TOKENS['operator']}", "Content-Type": "text/csv", "Content-Length": str(size)},
        )
        answer = connection.getresponse()
        said = answer.read()
    assert answer.status in (201, 202), (answer.status, said[:500])
    while True:
        revision = document("GET", f"/v1/products/DP-AIR-001/revisions/{number}", "operator")
        state = revision.get("state", "published")
        if state != "checking":
            assert state == "published", revision
            return
        time.sleep(0.5)


def peak_of(process):
    with open(f"/proc/{process}/status", encoding="utf-8") as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) / 1024


def upload(size):
    """Sends a large table. - Prints: how long it takes, and the memory of the market and of the engine at their peaks."""
    peak, done = [0.0], threading.Event()

    def watch():
        while not done.wait(0.5):
            for process in subprocess.run(["pgrep", "-f", "engine.py"], capture_output=True, text=True).stdout.split():
                try:
                    peak[0] = max(peak[0], peak_of(process))
                except (FileNotFoundError, AttributeError):
                    pass

    number = document("GET", "/v1/products/DP-AIR-001/revisions", "operator")["items"][0]["number"] + 1
    with tempfile.NamedTemporaryFile(suffix=".csv", dir=HOME) as table:
        table.write(b"n,text\n")
        piece, place = b"", 0
        while table.tell() < size:
            piece = b"".join(b"%d,%s\n" % (place + more, os.urandom(12).hex().encode()) for more in range(10_000))
            place += 10_000
            table.write(piece)
        table.flush()
        threading.Thread(target=watch, daemon=True).start()
        started = time.monotonic()
        send(number, table.name)
    done.set()
    seconds = time.monotonic() - started
    print(f"upload of {size / 1e9:.1f} GB, {place} rows, checked and published in {seconds:.0f} s; "
          f"at their peaks the market took {peak_of(SERVER):.0f} MB, the table engine {peak[0]:.0f} MB")


bought = document("POST", "/v1/purchases", "enterprise", {"offer": "OF-AIR-001-F", "purpose": "research"}, {"Idempotency-Key": "bench"})
large_revision()
profile = document("POST", f"/v1/entitlements/{bought['entitlement']['id']}/credentials", "enterprise", {})
token, path = profile["bearerToken"], "/delta-sharing/shares/market/schemas/products/tables/DP-AIR-001/query"


# One connection, as clients keep theirs.
connection = http.client.HTTPConnection(urlsplit(BASE).netloc)


def query():
    connection.request("POST", path, b"{}", {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    return json.loads(connection.getresponse().read().splitlines()[2])["file"]


def at_rest(seconds=5, most=120):
    """Waits until the market has made the formats of what was published."""
    still, ends = 0, time.monotonic() + most
    while still < seconds and time.monotonic() < ends:
        busy = subprocess.run(["pgrep", "-P", SERVER, "-f", "engine.py"], capture_output=True, check=False).returncode == 0
        still = 0 if busy else still + 1
        time.sleep(1)


query()
at_rest()
times = []
for _ in range(1000):
    started = time.perf_counter()
    part = query()
    times.append((time.perf_counter() - started) * 1000)
times.sort()
print(f"Delta Sharing query, {len(times)} one after the other: p50 {statistics.median(times):.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms (bar 10)")

content = os.path.join(HOME, "content")
with tempfile.TemporaryDirectory() as folder:
    os.chmod(folder, 0o755)
    process, peer = nginx(folder, content)
    name = part["id"]
    ratios = []
    try:
        for _ in range(ROUNDS):
            theirs = transferred(f"{peer}/{name[:2]}/{name}")
            ours = transferred(part["url"])
            ratios.append(ours / theirs)
            print(f"a file of {part['size'] / (1 << 20):.0f} MB: {ours / (1 << 20):.0f} MB/s, nginx {theirs / (1 << 20):.0f} MB/s", flush=True)
    finally:
        process.terminate()
        process.wait()
print(f"file delivery at {statistics.median(ratios):.2f} of nginx with the same file (bar 0.80)")
if os.environ.get("UPLOAD"):
    upload(int(float(os.environ["UPLOAD"])))
