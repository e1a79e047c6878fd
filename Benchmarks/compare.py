#!/usr/bin/env python3
"""Compares the server with pgbench running the same SQL, and with a route that answers a constant, in one run.

Reads DATABASE (libpq URL), BASE (server), TOKENS (file), ENTERPRISE (its id), SECONDS, CONNECTIONS from the environment.
Prints requests per second, p50 and p99 in milliseconds, and the ratios to pgbench and to the constant route; then how much
point reads slow down while a catalogue is imported and a metric is computed, again and again. The bars are printed beside.
"""
import glob
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATABASE, BASE = os.environ["DATABASE"], os.environ["BASE"]
with open(os.environ["TOKENS"], encoding="utf-8") as tokens:
    TOKENS = json.load(tokens)
os.environ["TOKEN"] = TOKENS["enterprise"]
SECONDS = int(os.environ.get("SECONDS", "6"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
CONNECTIONS = [int(n) for n in os.environ.get("CONNECTIONS", "1 8 32 128").split()]
PRODUCT, OFFER = "DP-AIR-001", "OF-AIR-001-F"


def sql(name):
    with open(f"{ROOT}/sql/queries/{name}.sql", encoding="utf-8") as file:
        text = "\n".join(line for line in file.read().splitlines() if not line.startswith("--"))
    return text


def bind(text, values):
    """Parameters become pgbench's variables, which it sends as parameters of the prepared statement, as the program does."""
    return re.sub(r"\$(\d+)", lambda match: values[int(match.group(1)) - 1], text)


def milliseconds(text):
    number, unit = re.match(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


def wrk(connections, path, script=None):
    command = ["wrk", "-t", str(min(2, connections)), "-c", str(connections), "-d", f"{SECONDS}s", "--latency"]
    if script:
        command += ["-s", f"{ROOT}/Benchmarks/{script}"]
    output = subprocess.run(command + [BASE + path], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output or "Socket errors" in output or "nan" in output:
        print(output, file=sys.stderr)
        sys.exit(f"{path}: not every request was answered well")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
    p50, p99 = (milliseconds(re.search(rf"{p}%\s+(\S+)", output).group(1)) for p in (50, 99))
    return rate, p50, p99


def pgbench(connections, text):
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/script.sql", "w", encoding="utf-8") as file:
            file.write(text)
        command = ["pgbench", "-n", "-M", "prepared", "-c", str(connections), "-j", str(min(2, connections)),
                   "-T", str(SECONDS), "-f", "script.sql", *VARIABLES, "-l", "--sampling-rate=0.2", DATABASE]
        output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder).stdout
        rate = float(re.search(r"tps = ([\d.]+)", output).group(1))
        times = sorted(int(line.split()[2]) / 1000 for log in glob.glob(f"{folder}/pgbench_log.*") for line in open(log))
    return rate, times[len(times) // 2], times[int(len(times) * 0.99)]


def median(measure):
    """The median of several rounds, so that one disturbance of the machine does not decide."""
    return [statistics.median(column) for column in zip(*(measure() for _ in range(ROUNDS)))]


VARIABLES = [f"-D{name}={value}" for name, value in
             {"product": PRODUCT, "offer": OFFER, "enterprise": os.environ["ENTERPRISE"], "purpose": "research"}.items()]
READ = bind(sql("catalog/find_product"), [":product"])
BUY = "\\set r random(1, 9000000000000000)\n" + bind(sql("purchases/accept_offer"), [
    ":enterprise", ":offer", ":purpose", "('pgbench-' || :r)::text", "'purchase'", "'\\x00'::bytea",
    "gen_random_uuid()", "gen_random_uuid()", "now()"])

print(f"{'what':<28}{'connections':>12}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'of pgbench':>12}{'of constant':>13}")
measured = {}
for connections in CONNECTIONS:
    rows = [
        ("constant route", median(lambda: wrk(connections, "/health/live"))),
        ("pgbench, product", median(lambda: pgbench(connections, READ))),
        ("GET /v1/products/{code}", median(lambda: wrk(connections, f"/v1/products/{PRODUCT}"))),
        ("pgbench, purchase", median(lambda: pgbench(connections, BUY))),
        ("POST /v1/purchases", median(lambda: wrk(connections, "/", "purchase.lua"))),
    ]
    rates = {name: values[0] for name, values in rows}
    measured |= {(connections, name): values for name, values in rows}
    for name, (rate, p50, p99) in rows:
        peer = {"GET /v1/products/{code}": "pgbench, product", "POST /v1/purchases": "pgbench, purchase"}.get(name)
        ratio = f"{rate / rates[peer]:.2f}" if peer else ""
        constant = f"{rate / rates['constant route']:.2f}" if peer else ""
        print(f"{name:<28}{connections:>12}{rate:>12.0f}{p50:>9.2f}{p99:>9.2f}{ratio:>12}{constant:>13}", flush=True)

READ_BAR, TAIL_BAR, SLOWDOWN_BAR = 0.50, 20, 4 / 3
if 32 in CONNECTIONS:
    read, peer = measured[32, "GET /v1/products/{code}"], measured[32, "pgbench, product"]
    print(f"\nread at 32 connections: {read[0] / peer[0]:.2f} of pgbench (bar {READ_BAR:.2f}), "
          f"p99 {read[2]:.1f} ms (bar {TAIL_BAR})")


def request(path, role, data=None):
    headers = {"Authorization": f"Bearer {TOKENS[role]}"}
    with urllib.request.urlopen(urllib.request.Request(BASE + path, data, headers), timeout=600) as answer:
        return answer.read()


def repeat(stop, work):
    while not stop.is_set():
        work()


catalogue = next(iter(sorted(glob.glob(f"{ROOT}/../shared/data/catalogs/us-cdc.data.json.gz")
                             or glob.glob(f"{ROOT}/demonstration/catalogue/*.json"))))
with open(catalogue, "rb") as file:
    BYTES = file.read()
IMPORT = f"/v1/directory/imports?dry_run=true&source=BENCH&file_name={os.path.basename(catalogue)}"
REPORT = "/v1/adoption/metrics/adoption-rate?panel=leading-2025&by=section"
quiet = median(lambda: wrk(8, f"/v1/products/{PRODUCT}"))
stop = threading.Event()
threads = [threading.Thread(target=repeat, args=(stop, lambda: request(IMPORT, "administrator", BYTES))),
           threading.Thread(target=repeat, args=(stop, lambda: request(REPORT, "analyst")))]
for thread in threads:
    thread.start()
busy = median(lambda: wrk(8, f"/v1/products/{PRODUCT}"))
stop.set()
for thread in threads:
    thread.join()
print(f"reads at 8 connections while an import and a report run: p50 {quiet[1]:.2f} to {busy[1]:.2f} ms, "
      f"{busy[1] / quiet[1]:.2f} times (bar {SLOWDOWN_BAR:.2f}); {quiet[0]:.0f} to {busy[0]:.0f} requests/s")
