#!/usr/bin/env python3
"""Counting usage events over HTTP, in batches of 500 and one by one, beside COPY of as many rows into the same table.

Reads DATABASE (libpq URL), BASE (server), TOKENS (file), ENTERPRISE (its id), OFFER, SECONDS and ROUNDS from the environment.
Every event is new: each takes a name, is counted, and is added to the totals of its day and quarter of an hour, durably. The
sides take turns; a ratio is the median of the rounds'. Prints events per second, p50 and p99 of a request in milliseconds, and
the bars; then what totals take, asked over HTTP, of a hundredth and a tenth of EVENTS (1000000) events and of all of them, over
thirty days, and how much longer ten times as many take. EVENTS=100000000 takes some 25 GB and twenty minutes.
"""
import http.client
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
        f"{RIGHTS[place % 20]}\tcall\t{place % 7 + 1}\t{place % 997}\t{PRODUCT}\t{REVISION}\tnow\t/gateways/bench\tcopied-{place}\n"
        for place in range(rows))
    begin = time.monotonic()
    subprocess.run(["psql", DATABASE, "-qc", """COPY usage_event (enterprise_id, occurred_at, id, entitlement_id, meter, quantity,
        bytes, product_id, revision, recorded_at, source, source_id) FROM STDIN"""], input=lines, text=True, check=True)
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
print(f"batches: {events:.0f} events/s (bar {BATCH_BAR}): {'held' if events >= BATCH_BAR else 'MISSED'}; {ratio:.2f} of COPY "
      f"(bar {COPY_BAR}): {'held' if ratio >= COPY_BAR else 'MISSED'}; one by one {rate:.0f} events/s (bar {SINGLE_BAR}): "
      f"{'held' if rate >= SINGLE_BAR else 'MISSED'}")

EVENTS_OF = """SET session_replication_role = replica;
INSERT INTO usage_event (enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id, revision, recorded_at)
SELECT '{enterprise}', timestamptz '{now}' - interval '1 second' * (2592000.0 * place / {count}),
    gen_random_uuid(), (ARRAY[{rights}]::uuid[])[1 + place % 20], 'row', 1 + place % 7, place % 997, '{product}', {revision},
    '{now}'
FROM generate_series({first}, {last}) AS place"""
# The newest value of a quarter, which sums do not ask for, is left at the largest.
TOTALS_OF = """SET session_replication_role = replica; SET work_mem = '256MB';
DELETE FROM usage_total WHERE meter = 'row'; DELETE FROM usage_window WHERE meter = 'row';
INSERT INTO usage_window (enterprise_id, entitlement_id, meter, since, events, quantity, least, most, latest, latest_at, latest_id)
SELECT enterprise_id, entitlement_id, meter, date_bin('15 minutes', occurred_at, '2000-01-01T00:00:00Z'), count(*), sum(quantity),
    min(quantity), max(quantity), max(quantity), max(occurred_at), min(id::text)::uuid
FROM usage_event WHERE meter = 'row' GROUP BY 1, 2, 3, 4;
INSERT INTO usage_total (enterprise_id, entitlement_id, meter, day, events, quantity, bytes)
SELECT enterprise_id, entitlement_id, meter, legal_day(occurred_at), count(*), sum(quantity), sum(bytes)
FROM usage_event WHERE meter = 'row' GROUP BY 1, 2, 3, 4;"""
KEY = "ALTER TABLE usage_event {} CONSTRAINT usage_event_pkey"
PARTITIONS = value("SELECT string_agg(inhrelid::regclass::text, ' ') FROM pg_inherits WHERE inhparent = 'usage_event'::regclass")


def fill(before, count):
    """As many events of the meter `row` of the last thirty days as are missing, by two sessions without the index, which is
    made anew, and all their totals; not logged, since nothing here is about writing."""
    begin = time.monotonic()
    value(";".join([KEY.format("DROP")] + [f"ALTER TABLE {part} SET UNLOGGED" for part in PARTITIONS.split()]))
    parts = [(before + 1, (before + count) // 2), ((before + count) // 2 + 1, count)]
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sessions = [subprocess.Popen(["psql", DATABASE, "-Atqc", EVENTS_OF.format(
        enterprise=os.environ["ENTERPRISE"], now=now, count=count, product=PRODUCT, revision=REVISION, first=first, last=last,
        rights=",".join(f"'{right}'" for right in RIGHTS))]) for first, last in parts]
    if any(session.wait() for session in sessions):
        sys.exit("the events were not made")
    value("SET maintenance_work_mem = '1GB'; " + KEY.format("ADD")
          + " PRIMARY KEY (enterprise_id, entitlement_id, occurred_at, id, meter)")
    value(TOTALS_OF)
    value("VACUUM ANALYZE usage_event, usage_total, usage_window")
    print(f"{count:,} events are there, after {time.monotonic() - begin:.0f} s", flush=True)


def asked(path, count=300):
    """p50 and p95 of a question in milliseconds, one after the other on one connection."""
    connection, times = http.client.HTTPConnection(BASE.removeprefix("http://")), []
    for _ in range(count):
        begin = time.monotonic()
        connection.request("GET", path, headers={"Authorization": f"Bearer {TOKENS['enterprise']}"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            sys.exit(f"{path}: {body}")
        times.append(1000 * (time.monotonic() - begin))
    times.sort()
    return times[count // 2], times[count * 95 // 100]


# From and to lie inside a quarter of an hour, so both edges are open.
SINCE, UNTIL = (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - ago)) for ago in (29 * 86_400 + 437, 211))
QUESTIONS = {
    "the totals of an entitlement": f"/v1/entitlements/{RIGHTS[0]}/usage?limit=1",
    "a meter of it over 29 days, to the second": f"/v1/meters/row/query?subject={RIGHTS[0]}&from={SINCE}&to={UNTIL}",
    "the same by day of Beijing":
        f"/v1/meters/row/query?subject={RIGHTS[0]}&from={SINCE}&to={UNTIL}&windowSize=DAY&windowTimeZone=Asia/Shanghai",
    "the meter over all of the buyer's": f"/v1/meters/row/query?from={SINCE}&to={UNTIL}",
}
EVENTS = int(os.environ.get("EVENTS", "1000000"))
sizes = [EVENTS // 100, EVENTS // 10, EVENTS]
found = {name: [] for name in QUESTIONS}
for before, size in zip([0] + sizes, sizes):
    fill(before, size)
    for name, path in QUESTIONS.items():
        found[name].append(asked(path))
print(f"{'p50 / p95 ms of':<44}" + "".join(f"{size:>18,}" for size in sizes) + f"{'tenfold takes':>15}")
for name, times in found.items():
    slope = (times[-1][1] / times[0][1]) ** 0.5
    print(f"{name:<44}" + "".join(f"{f'{p50:.1f} / {p95:.1f}':>18}" for p50, p95 in times) + f"{f'{slope:.2f} times':>15}")
worst = max(times[-1][1] for name, times in found.items() if "all of" not in name)
print(f"totals over {EVENTS:,} events: p95 {worst:.1f} ms (bar {TOTALS_BAR}): {'held' if worst < TOTALS_BAR else 'MISSED'}")
