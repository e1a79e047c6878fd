"""What the benchmarks share: the project's SQL, and runs of wrk and pgbench.

Takes SECONDS, ROUNDS, BASE (server) and DATABASE (libpq URL) from the environment.
"""
import glob
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATABASE, BASE = os.environ["DATABASE"], os.environ["BASE"]
SECONDS = int(os.environ.get("SECONDS", "6"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))


def sql(name):
    with open(f"{ROOT}/sql/queries/{name}.sql", encoding="utf-8") as file:
        text = "\n".join(line for line in file.read().splitlines() if not line.startswith("--"))
    return text


def bind(text, values):
    """Parameters become pgbench's variables, which it sends as parameters of the prepared statement, as the program does."""
    return re.sub(r"\$(\d+)", lambda match: values[int(match.group(1)) - 1], text)


def rows(query):
    output = subprocess.run(["psql", DATABASE, "-AtF", " ", "-c", query], check=True, capture_output=True, text=True)
    return [line.split(" ") for line in output.stdout.splitlines()]


def settle():
    """Waits until what the market still owes is done: ended purchases, a month's bills and their records in the log."""
    counts = None
    while True:
        told = rows("SELECT count(*), count(position) FROM market_event")[0]
        if told == counts and told[0] == told[1]:
            return
        counts = told
        time.sleep(2)


def milliseconds(text):
    number, unit = re.match(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


def run_wrk(connections, path, script=None):
    command = ["wrk", "-t", str(min(2, connections)), "-c", str(connections), "-d", f"{SECONDS}s", "--latency"]
    if script:
        command += ["-s", f"{ROOT}/Benchmarks/{script}"]
    output = subprocess.run(command + [BASE + path], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output or "Socket errors" in output or "nan" in output:
        print(output, file=sys.stderr)
        sys.exit(f"{path}: not every request was answered well")
    return output


def wrk(connections, path, script=None):
    """Requests per second, p50 and p99 in milliseconds."""
    output = run_wrk(connections, path, script)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
    p50, p99 = (milliseconds(re.search(rf"^ +{p}%\s+(\S+)", output, re.M).group(1)) for p in (50, 99))
    return rate, p50, p99


def wrk_latency(connections, path, script=None):
    """p50, p95 and p99 in milliseconds; the script prints p95, which wrk itself does not."""
    output = run_wrk(connections, path, script)
    return tuple(float(value) for value in re.search(r"percentiles ([\d.]+) ([\d.]+) ([\d.]+)", output).groups())


def pgbench(connections, text, variables=()):
    """Variables are NAME=VALUE; as `:NAME` in the text they are parameters."""
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/script.sql", "w", encoding="utf-8") as file:
            file.write(text)
        command = ["pgbench", "-n", "-M", "prepared", "-c", str(connections), "-j", str(min(2, connections)),
                   "-T", str(SECONDS), "-f", "script.sql", *[f"-D{v}" for v in variables], "-l", "--sampling-rate=0.2", DATABASE]
        output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder).stdout
        rate = float(re.search(r"tps = ([\d.]+)", output).group(1))
        times = sorted(int(line.split()[2]) / 1000 for log in glob.glob(f"{folder}/pgbench_log.*") for line in open(log))
    return rate, times[len(times) // 2], times[int(len(times) * 0.99)]


def median(measure):
    """The median of several rounds, so that one disturbance of the machine does not decide."""
    return [statistics.median(column) for column in zip(*(measure() for _ in range(ROUNDS)))]
