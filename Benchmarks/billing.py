#!/usr/bin/env python3
"""billing.py PROGRAM: closing a month and issuing its invoices, for 100,000, 300,000 and 1,000,000 usage totals (TOTALS) of 1,000 to
10,000 enterprises with EVENTS (1) uses in each, each size on a private PostgreSQL of its own with fsync. Prints the seconds, totals
per second, and how the time grows from size to size; the bar is 60 seconds for the largest, and growth with the size (1.3 of it)."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

program = sys.argv[1]
sizes = [int(size) for size in os.environ.get("TOTALS", "100000 300000 1000000").split()]
events = os.environ.get("EVENTS", "1")
script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "billing.sql")
results = []
for totals in sizes:
    home = tempfile.mkdtemp()
    # PostgreSQL's user must be able to enter it; else the data would lie, and stay, elsewhere.
    os.chmod(home, 0o755)
    environment = dict(os.environ, DATAMARKET_HOME=home, LOG_LEVEL="error", PORT=os.environ.get("PORT", "18091"))
    # The server holds the private PostgreSQL while the market is made, without billing it: nothing is due in an empty one.
    server = subprocess.Popen([program, "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        subprocess.run(["curl", "-sf", "--retry", "300", "--retry-delay", "1", "--retry-all-errors", "-o", os.devnull,
                        f"http://127.0.0.1:{environment['PORT']}/health/ready"], check=True)
        pid = os.path.join(os.path.realpath(os.path.join(home, "postgres")), "postmaster.pid")
        sockets = open(pid).read().splitlines()[4]
        database = f"postgresql:///datamarket?host={sockets}&user=postgres"
        subprocess.run(["psql", "-q", database, "-v", f"enterprises={totals // 100}", "-v", f"totals={totals}",
                        "-v", f"events={events}", "-f", script], check=True)
        answer = subprocess.run([program, "bill", "--period", "2026-01"], env=environment, check=True, capture_output=True,
                                text=True).stdout
        seconds = float(re.search(r"in ([0-9.,]+)", answer).group(1).replace(",", ""))
        results.append((totals, seconds))
        print(f"{totals:>9} totals, {totals // 100} enterprises: {answer.strip()}; {totals / seconds:,.0f} totals/s", flush=True)
        wrong = subprocess.run(["psql", database, "-Atc", "SELECT count(*) FROM invoice WHERE state = 'issued'"], check=True,
                               capture_output=True, text=True).stdout.strip()
        assert int(wrong) == totals // 100, f"{wrong} invoices"
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(home, ignore_errors=True)
for (small, before), (large, after) in zip(results, results[1:]):
    growth = (after / before) / (large / small)
    print(f"{small} to {large}: time grows {growth:.2f} times as the size ({'held' if growth <= 1.3 else 'MISSED'})")
print(f"{results[-1][0]} totals in {results[-1][1]:.1f} s, bar 60 s: {'held' if results[-1][1] < 60 else 'MISSED'}")
