#!/usr/bin/env python3
"""Counting usage events over HTTP, in batches of 500 and one by one, beside COPY of as many rows into the same table.

Reads DATABASE (libpq URL), BASE (server), TOKENS (file), ENTERPRISE (its id), OFFER, SECONDS and ROUNDS from the environment.
Every event is new: each takes a name, is counted, and is added to the totals of its day, durably. The sides take turns; a
ratio is the median of the rounds'. Prints events per second, p50 and p99 of a request in milliseconds, and the bars; then the
totals of an entitlement, asked over HTTP.
"""
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
import uuid

from measure import BASE, DATABASE, ROUNDS, wrk

with open(os.environ["TOKENS"], encoding="utf-8") as tokens:
    TOKENS = json.load(tokens)
BATCH_BAR, SINGLE_BAR, COPY_BAR, TOTALS_BAR = 20_000, 1_000, 0.5, 20


def buy():
    request = urllib.request.Request(
        f"{BASE}/v1/purchases", json.dumps({"offer": os.environ["OFFER"], "purpose": "research"}).encode(),
        {"Authorization": f"Bearer {TOKENS['enterprise']}", "Content-Type": "application/json",
         "Idempotency-Key": str(uuid.uuid4())})
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())["entitlement"]["id"]


def value(query):
    return subprocess.run(["psql", DATABASE, "-Atc", query], check=True, capture_output=True, text=True).stdout.strip()


RIGHTS = [buy() for _ in range(20)]
os.environ["ENTITLEMENTS"] = " ".join(RIGHTS)
PRODUCT, REVISION = value(f"""SELECT product_id, revision FROM purchase JOIN entitlement USING (enterprise_id, product_id)
    WHERE entitlement.id = '{RIGHTS[0]}' LIMIT 1""").split("|")


def counted():
    return int(value("SELECT count(*) FROM usage_event_key"))


def report(connections, batch):
    os.environ.update(BATCH=str(batch), TOKEN=TOKENS["operator"])
    before = counted()
    rate, p50, p99 = wrk(connections, "/", "usage.lua")
    events = rate * max(batch, 1)
    # What was answered was counted: wrk stops while some requests are on their way, which are counted too.
    seconds = int(os.environ.get("SECONDS", "6"))
    if counted() - before < 0.9 * events * seconds:
        sys.exit(f"{events * seconds:.0f} events were answered, {counted() - before} were counted")
    return events, p50, p99


def copy(rows=100_000):
    lines = "".join(
        f"{os.environ['ENTERPRISE']}\t{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}\t{uuid.uuid4()}\t"
        f"{RIGHTS[place % 20]}\tcall\t{place % 7 + 1}\t{place % 997}\t{PRODUCT}\t{REVISION}\tnow\n" for place in range(rows))
    begin = time.monotonic()
    subprocess.run(["psql", DATABASE, "-qc", """COPY usage_event (enterprise_id, occurred_at, id, entitlement_id, meter, quantity,
        bytes, product_id, revision, recorded_at) FROM STDIN"""], input=lines, text=True, check=True)
    return rows / (time.monotonic() - begin)


print(f"{'what':<34}{'events/s':>10}{'p50 ms':>9}{'p99 ms':>9}{'of COPY':>9}")
pairs = [(copy(), report(4, 500)) for _ in range(ROUNDS)]
copied = statistics.median(rate for rate, _ in pairs)
events, p50, p99 = (statistics.median(column) for column in zip(*(own for _, own in pairs)))
ratio = statistics.median(own[0] / rate for rate, own in pairs)
print(f"{'COPY of the same rows':<34}{copied:>10.0f}")
print(f"{'batches of 500, 4 connections':<34}{events:>10.0f}{p50:>9.1f}{p99:>9.1f}{ratio:>9.2f}")
for connections in (1, 8, 32):
    single = [report(connections, 0) for _ in range(ROUNDS)]
    rate, p50, p99 = (statistics.median(column) for column in zip(*single))
    print(f"{f'one by one, {connections} connections':<34}{rate:>10.0f}{p50:>9.1f}{p99:>9.1f}")
os.environ["TOKEN"] = TOKENS["enterprise"]
asked, p50, p99 = wrk(1, f"/v1/entitlements/{RIGHTS[0]}/usage?limit=10", "authorized.lua")
print(f"totals of an entitlement of {value('SELECT count(*) FROM usage_event')} events: {asked:.0f} a second, "
      f"p50 {p50:.1f} ms, p99 {p99:.1f} ms ({'held' if p99 < TOTALS_BAR else 'MISSED'} < {TOTALS_BAR} ms)")
print(f"batches: {events:.0f} events/s (bar {BATCH_BAR}): {'held' if events >= BATCH_BAR else 'MISSED'}; {ratio:.2f} of COPY "
      f"(bar {COPY_BAR}): {'held' if ratio >= COPY_BAR else 'MISSED'}; one by one {rate:.0f} events/s (bar {SINGLE_BAR}): "
      f"{'held' if rate >= SINGLE_BAR else 'MISSED'}")
