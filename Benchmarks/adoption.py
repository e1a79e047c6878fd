#!/usr/bin/env python3
"""adoption.py PROGRAM: figures of adoption over synthetic markets of SIZES (0.03 0.3 3), hundredths of the largest: 100 is one of
100,000 enterprises, 20,000 products, 10,000,000 purchases and 100,000,000 usage events. Run by the Python that has DuckDB.

Measures of each market: how long it takes to make; every published metric by each of its dimensions over HTTP, REQUESTS (40)
times; a recount of the adoption rate from every purchase, beside DuckDB over the same rows in Parquet, ROUNDS (5) times in turn;
how soon a purchase that is recorded forty days late shows; what the totals cost a purchase; how long making them anew takes. The
enterprises of these markets are not marked as synthetic, so that their figures are suppressed as those of a market are. Prints
all of it with the bars, how it grows, and what the largest market would take. With KEEP=folder the markets stay there, and are made
once.
"""
import json
import math
import os
import shutil
import sys
import tempfile

from adoption_measures import cost, import_panels, late, metrics, recounts
from market import Market

SIZES = [float(size) for size in os.environ.get("SIZES", "0.03 0.3 3").split()]
PORT = int(os.environ.get("PORT", "18092"))
LARGEST_BILLED = 10
METRIC_BAR, RECOUNT_BAR, LATE_BAR, COST_BAR = 100, 2, 1, 20
# What a purchase has a row in; the rest of what grows is of usage.
BOUGHT = "purchase purchase_transition entitlement command_key".split()
USED = "usage_event usage_total usage_window".split()


def size_of(market, tables):
    names = "{" + ",".join(tables) + "}"
    return market.number(f"""SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE oid = ANY ('{names}'::regclass[])
        OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = ANY ('{names}'::regclass[]))""")


def prepare(market):
    """Has the market as it would be served: billed, recorded, found by the search, its totals made. Very large ones are not billed:
    more than a million invoices and their records in the log take hours, and are what other benches measure."""
    if market.size > LARGEST_BILLED:
        market.hold("LOCK TABLE invoice IN EXCLUSIVE MODE")
    kept = os.path.join(market.home, "prepared.json")
    if os.path.exists(kept):
        market.settle()
        with open(kept, encoding="utf-8") as file:
            return json.load(file)
    market.psql("UPDATE party SET synthetic = false WHERE kind = 'enterprise'")
    found = {"market made, s": market.made, "billed and recorded, s": market.settle(),
             "totals made anew, s": market.run_for("totals", "rebuild", "--use")}
    found["rows of totals"] = market.number(
        "SELECT (SELECT count(*) FROM adoption_total) + (SELECT count(*) FROM enterprise_step)")
    market.psql("VACUUM ANALYZE " + ", ".join(BOUGHT + ["party", "adoption_total", "enterprise_step"]))
    market.psql("CHECKPOINT")
    found["bytes of a purchase"] = size_of(market, BOUGHT) / market.purchases
    found["bytes of a usage event"] = size_of(market, USED) / market.usage
    with open(kept, "w", encoding="utf-8") as file:
        json.dump(found, file)
    return found


def slowest(found):
    return max(found["metrics"], key=lambda figure: found["metrics"][figure][1])


def measure(size, checks):
    with Market(sys.argv[1], size, PORT) as market:
        print(f"\nsize {size:g}: {market.enterprises:,} enterprises, {market.products:,} products, {market.purchases:,} purchases, "
              f"{market.usage:,} usage events, {market.entries:,} entries\n{market.steps.strip()}", flush=True)
        found = prepare(market)
        if checks:
            found["all of it verified, s"] = market.run_for("verify")
        analyst, = market.tokens("analyst", "kind = 'department'")
        import_panels(market)
        found["metrics"] = metrics(market, analyst)
        found.update(recounts(market, analyst))
        found.update(late(market, analyst))
        found.update(cost(market))
        for what, value in found.items():
            if what != "metrics":
                print(f"{what:<44}{value:>16,.3f}", flush=True)
        print(f"slowest figure: {' by '.join(slowest(found))}, p95 {found['metrics'][slowest(found)][1]:.1f} ms", flush=True)
        return market, found


def table(title, rows, shape):
    """A line for each name and its values by size, with how many times as long ten times as much takes."""
    print(f"\n{title:<48}" + "".join(f"{f'{size:g}':>18}" for size in SIZES) + f"{'tenfold takes':>15}")
    for name, values in rows:
        slope = ""
        if len(values) > 1 and min(values[0], values[-1]) > 0:
            slope = f"{(values[-1] / values[0]) ** (1 / math.log10(SIZES[-1] / SIZES[0])):.2f}"
        print(f"{name:<48}" + "".join(f"{shape.format(value):>18}" for value in values) + f"{slope:>15}")


# The smallest is verified: that takes longer than all else.
markets, founds = zip(*(measure(size, checks=number == 0) for number, size in enumerate(SIZES)))
market, last = markets[-1], founds[-1]
table("size", [(name, [getattr(each, name) for each in markets])
               for name in ("enterprises", "products", "purchases", "usage")], "{:,}")
table("what", [(name, [found[name] for found in founds]) for name in last if name != "metrics"], "{:,.3f}")
for place, name in enumerate(("p50", "p95")):
    table(f"figure, {name} in ms", [(" by ".join(figure), [found["metrics"][figure][place] for found in founds])
                                    for figure in last["metrics"]], "{:.1f}")
print()
for what, value, unit, bar in (
        (f"slowest figure, {' by '.join(slowest(last))}, p95", last["metrics"][slowest(last)][1], "ms", METRIC_BAR),
        ("recount of the adoption rate, of DuckDB's time", last["recount, s"] / last["DuckDB, s"], "times", RECOUNT_BAR),
        ("a late purchase shows, at most after", last["late purchase shows, at most, s"], "s", LATE_BAR),
        ("of a purchase's throughput its totals cost", last["totals cost, percent"], "percent", COST_BAR)):
    print(f"{what}: {value:.2f} {unit} (bar {bar}): {'held' if value < bar else 'MISSED'}")
needed = (10_000_000 * last["bytes of a purchase"] + 100_000_000 * last["bytes of a usage event"]) / 1e9 + 15
free = shutil.disk_usage(tempfile.gettempdir()).free / 1e9
print(f"size 100 as {SIZES[-1]:g}: made in {100 / SIZES[-1] * market.made / 60:.0f} minutes, {needed:.0f} GB with what is written while "
      f"it is made; {free:.0f} GB are free: {'enough' if free > needed else 'NOT enough'}")
