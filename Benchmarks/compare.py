#!/usr/bin/env python3
"""Compares the server with pgbench running the same SQL, and with a route that answers a constant, in one run.

Reads DATABASE (libpq URL), BASE (server), TOKEN, ENTERPRISE (its id), SECONDS, CONNECTIONS from the environment.
Prints requests per second, p50 and p99 in milliseconds, and the ratios to pgbench and to the constant route.
"""
import glob
import os
import re
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATABASE, BASE = os.environ["DATABASE"], os.environ["BASE"]
SECONDS = int(os.environ.get("SECONDS", "6"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
CONNECTIONS = [int(n) for n in os.environ.get("CONNECTIONS", "1 8 32 128").split()]
PRODUCT, OFFER = "DP-AIR-001", "OF-AIR-001-F"


def sql(name):
    with open(f"{ROOT}/sql/queries/{name}.sql", encoding="utf-8") as file:
        text = "\n".join(line for line in file.read().splitlines() if not line.startswith("--"))
    return text


def bind(text, values):
    return re.sub(r"\$(\d+)", lambda match: values[int(match.group(1)) - 1], text)


def milliseconds(text):
    number, unit = re.match(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


def wrk(connections, path, script=None):
    command = ["wrk", "-t", str(min(2, connections)), "-c", str(connections), "-d", f"{SECONDS}s", "--latency"]
    if script:
        command += ["-s", f"{ROOT}/Benchmarks/{script}"]
    output = subprocess.run(command + [BASE + path], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        print(output, file=sys.stderr)
        sys.exit(f"{path}: not every request was answered well")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
    p50, p99 = (milliseconds(re.search(rf"^ +{p}%\s+(\S+)", output, re.M).group(1)) for p in (50, 99))
    return rate, p50, p99


def pgbench(connections, text):
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/script.sql", "w", encoding="utf-8") as file:
            file.write(text)
        command = ["pgbench", "-n", "-M", "prepared", "-c", str(connections), "-j", str(min(2, connections)),
                   "-T", str(SECONDS), "-f", "script.sql", "-l", "--sampling-rate=0.2", DATABASE]
        output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder).stdout
        rate = float(re.search(r"tps = ([\d.]+)", output).group(1))
        times = sorted(int(line.split()[2]) / 1000 for log in glob.glob(f"{folder}/pgbench_log.*") for line in open(log))
    return rate, times[len(times) // 2], times[int(len(times) * 0.99)]


def median(measure):
    """The median of several rounds, so that one disturbance of the machine does not decide."""
    return [statistics.median(column) for column in zip(*(measure() for _ in range(ROUNDS)))]


def main():
    READ = bind(sql("catalog/find_product"), [f"'{PRODUCT}'"])
    BUY = "\\set r random(1, 9000000000000000)\n" + bind(sql("purchases/accept_offer"), [
        f"'{os.environ['ENTERPRISE']}'::uuid", f"'{OFFER}'", "'research'", "('pgbench-' || :r)::text", "'purchase'",
        "'\\x00'::bytea", "gen_random_uuid()", "gen_random_uuid()", "now()"])

    # What the program prepares with parameters, pgbench prepares with values: its plan is the same one-row look-up.
    print(f"{'what':<28}{'connections':>12}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'of pgbench':>12}{'of constant':>13}")
    for connections in CONNECTIONS:
        rows = [
            ("constant route", median(lambda: wrk(connections, "/health/live"))),
            ("pgbench, product", median(lambda: pgbench(connections, READ))),
            ("GET /v1/products/{code}", median(lambda: wrk(connections, f"/v1/products/{PRODUCT}"))),
            ("pgbench, purchase", median(lambda: pgbench(connections, BUY))),
            ("POST /v1/purchases", median(lambda: wrk(connections, "/", "purchase.lua"))),
        ]
        rates = {name: values[0] for name, values in rows}
        for name, (rate, p50, p99) in rows:
            peer = {"GET /v1/products/{code}": "pgbench, product", "POST /v1/purchases": "pgbench, purchase"}.get(name)
            ratio = f"{rate / rates[peer]:.2f}" if peer else ""
            constant = f"{rate / rates['constant route']:.2f}" if peer else ""
            print(f"{name:<28}{connections:>12}{rate:>12.0f}{p50:>9.2f}{p99:>9.2f}{ratio:>12}{constant:>13}", flush=True)


if __name__ == "__main__":
    main()
