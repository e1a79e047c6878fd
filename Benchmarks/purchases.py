#!/usr/bin/env python3
"""Compares purchases and entitlement checks over HTTP with pgbench running the same statements with as many connections.

Reads DATABASE (libpq URL), BASE (server), TOKENS (file), ENTERPRISE (its id), SECONDS, ROUNDS, CONNECTIONS from the
environment. The sides take turns, so that the machine is the same for both; a ratio is the median of the rounds' ratios.
Prints requests per second, p50 and p99 in milliseconds, and the ratios with their bars.
"""
import json
import os
import statistics
import urllib.request

from measure import BASE, ROUNDS, bind, pgbench, settle, sql, wrk

with open(os.environ["TOKENS"], encoding="utf-8") as tokens:
    TOKEN = os.environ["TOKEN"] = json.load(tokens)["enterprise"]
CONNECTIONS = [int(n) for n in os.environ.get("CONNECTIONS", "1 8 32").split()]
PURCHASE_BAR, TAIL_BAR, CHECK_BAR = 0.70, 50, 0.60


def buy(key="bench-entitlement"):
    request = urllib.request.Request(
        f"{BASE}/v1/purchases", json.dumps({"offer": os.environ["OFFER"], "purpose": "research"}).encode(),
        {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", "Idempotency-Key": key})
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())["entitlement"]["id"]


ENTITLEMENT = buy()
VARIABLES = [f"offer={os.environ['OFFER']}", f"enterprise={os.environ['ENTERPRISE']}", f"entitlement={ENTITLEMENT}",
             "purpose=research", "meter=download"]
# Of one purchase: what the market sends for a request that finds no other on its way.
BUY = "\\set r random(1, 9000000000000000)\n" + bind(sql("purchases/accept_offers"), [
    "ARRAY[:enterprise]", "ARRAY[:offer]", "ARRAY[:purpose]", "ARRAY['pgbench-' || :r]", "'purchase'", "ARRAY['\\x00'::bytea]",
    "ARRAY[uuid7(now(), 1)]", "ARRAY[uuid7(now(), 2)]", "ARRAY[now()]", "ARRAY[NULL::text]", "ARRAY[NULL::text]",
    "ARRAY[NULL::timestamptz]", "ARRAY[NULL::timestamptz]", "ARRAY[NULL::integer]", "ARRAY[NULL::jsonb]"])
CHECK = bind(sql("entitlements/check_entitlement"), [
    ":enterprise", ":entitlement", ":meter", "NULL::numeric", "NULL::text", "now()"])
# What pgbench -S does: one row by its key. No route over HTTP, however empty, can be nearer to it than the constant one is.
ROW = bind("SELECT valid FROM entitlement WHERE enterprise_id = $1 AND id = $2;", [":enterprise", ":entitlement"])
PATH = f"/v1/entitlements/{ENTITLEMENT}?meter=download"
AT_ONCE = 100
os.environ["USES"] = json.dumps({"uses": [
    {"entitlement": buy(f"bench-{number}"), "meter": "download"} for number in range(AT_ONCE)]})


def checked_at_once():
    request = urllib.request.Request(
        f"{BASE}/v1/entitlements/checks", os.environ["USES"].encode(),
        {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return [item["allowed"] for item in json.loads(answer.read())["items"]]


assert checked_at_once() == [True] * AT_ONCE


def compare(name, peer, own):
    rounds = []
    for _ in range(ROUNDS):
        theirs = peer()
        settle()  # the server still has to sign what pgbench bought
        rounds.append((theirs, own()))
        settle()
    rows = [[statistics.median(column) for column in zip(*side)] for side in zip(*rounds)]
    ratio = statistics.median(mine[0] / theirs[0] for theirs, mine in rounds)
    for label, (rate, p50, p99) in zip((f"pgbench, {name}", name), rows):
        print(f"{label:<28}{connections:>12}{rate:>12.0f}{p50:>9.2f}{p99:>9.2f}"
              + (f"{ratio:>12.2f}" if label == name else ""), flush=True)
    return ratio, rows[1][2], rows[1][0]


print(f"{'what':<28}{'connections':>12}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'of pgbench':>12}")
for connections in CONNECTIONS:
    bought = compare("POST /v1/purchases", lambda: pgbench(connections, BUY, VARIABLES),
                     lambda: wrk(connections, "/", "purchase.lua"))
    checked = compare("GET /v1/entitlements/{id}", lambda: pgbench(connections, CHECK, VARIABLES),
                      lambda: wrk(connections, PATH, "authorized.lua"))
    rows = [pgbench(connections, ROW, VARIABLES)[0] for _ in range(ROUNDS)]
    constant = [wrk(connections, "/health/live", "authorized.lua")[0] for _ in range(ROUNDS)]
    together = [wrk(connections, "/v1/entitlements/checks", "checks.lua") for _ in range(ROUNDS)]
    row, floor = statistics.median(rows), statistics.median(constant)
    many, p50, p99 = (statistics.median(column) for column in zip(*together))
    print(f"{'pgbench -S (one row)':<28}{connections:>12}{row:>12.0f}\n"
          f"{'GET /health/live':<28}{connections:>12}{floor:>12.0f}{'':>18}{floor / row:>12.2f} of pgbench -S\n"
          f"{f'checks, {AT_ONCE} in a request':<28}{connections:>12}{many * AT_ONCE:>12.0f}{p50:>9.2f}{p99:>9.2f}"
          f"{many * AT_ONCE / row:>12.2f} of pgbench -S")
    print(f"at {connections} connections: purchases {bought[0]:.2f} of pgbench (bar {PURCHASE_BAR:.2f})"
          + (f", p99 {bought[1]:.1f} ms (bar {TAIL_BAR})" if connections == 32 else "")
          + f"; entitlement checks {checked[0]:.2f} of pgbench with the same statement, "
          f"one by one {checked[2] / row:.2f} of pgbench -S, {AT_ONCE} in a request {many * AT_ONCE / row:.2f} "
          f"(bar {CHECK_BAR:.2f})", flush=True)
