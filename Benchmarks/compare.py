#!/usr/bin/env python3
"""Compares the server with pgbench running the same SQL, and with a route that answers a constant, in one run.

Reads DATABASE (libpq URL), BASE (server), TOKENS (file), SECONDS, CONNECTIONS from the environment.
Prints requests per second, p50 and p99 in milliseconds, and the ratios to pgbench and to the constant route; then how much
point reads slow down while a catalogue is imported again and again and an analyst asks for a metric ten times a second,
in rounds that take turns with quiet ones. The bars are printed beside.
"""
import glob
import json
import os
import statistics
import threading
import time
import urllib.request

from measure import BASE, ROOT, ROUNDS, bind, median, pgbench, sql, wrk

with open(os.environ["TOKENS"], encoding="utf-8") as tokens:
    TOKENS = json.load(tokens)
os.environ["TOKEN"] = TOKENS["enterprise"]
CONNECTIONS = [int(n) for n in os.environ.get("CONNECTIONS", "1 8 32 128").split()]
PRODUCT = "DP-AIR-001"

VARIABLES = [f"product={PRODUCT}"]
READ = bind(sql("catalog/find_product"), [":product"])

print(f"{'what':<28}{'connections':>12}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'of pgbench':>12}{'of constant':>13}")
measured = {}
for connections in CONNECTIONS:
    rows = [
        ("constant route", median(lambda: wrk(connections, "/health/live"))),
        ("pgbench, product", median(lambda: pgbench(connections, READ, VARIABLES))),
        ("GET /v1/products/{code}", median(lambda: wrk(connections, f"/v1/products/{PRODUCT}"))),
    ]
    rates = {name: values[0] for name, values in rows}
    measured |= {(connections, name): values for name, values in rows}
    for name, (rate, p50, p99) in rows:
        peer = {"GET /v1/products/{code}": "pgbench, product"}.get(name)
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


def report():
    request(REPORT, "analyst")
    time.sleep(0.1)


def busy():
    stop = threading.Event()
    threads = [threading.Thread(target=repeat, args=(stop, work))
               for work in (lambda: request(IMPORT, "administrator", BYTES), report)]
    for thread in threads:
        thread.start()
    measured = wrk(8, f"/v1/products/{PRODUCT}")
    stop.set()
    for thread in threads:
        thread.join()
    return measured


rounds = [(wrk(8, f"/v1/products/{PRODUCT}"), busy()) for _ in range(ROUNDS)]
quiet, busy = ([statistics.median(column) for column in zip(*side)] for side in zip(*rounds))
print(f"reads at 8 connections while an import and a report run: p50 {quiet[1]:.2f} to {busy[1]:.2f} ms, "
      f"{busy[1] / quiet[1]:.2f} times (bar {SLOWDOWN_BAR:.2f}); {quiet[0]:.0f} to {busy[0]:.0f} requests/s")
