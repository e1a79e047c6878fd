"""What is measured of a market and its figures of adoption; each answers seconds, or milliseconds where it says so."""
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from urllib.parse import urlencode

import duckdb

from market import ROOT

REQUESTS, ROUNDS, SECONDS = (int(os.environ.get(*pair)) for pair in (("REQUESTS", "40"), ("ROUNDS", "5"), ("SECONDS", "6")))
LARGEST_PANEL = 20_000
# As many as a survey of leading enterprises has.
SURVEYED = 1_000


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def import_panels(market):
    """A panel as large as a survey of leading enterprises, and one of every enterprise or of as many as a panel may have."""
    for size in (SURVEYED, LARGEST_PANEL):
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            file.write("enterprise_code,reason\n" + market.psql(
                f"SELECT identifier || ',bench' FROM party WHERE kind = 'enterprise' ORDER BY md5(code) LIMIT {size}") + "\n")
            file.flush()
            market.run("panel", "import", file.name, f"--code=bench-{size}", "--title-zh=企业", "--title-en=Enterprises",
                       "--dated-on=2026-01-01")


def metrics(market, analyst):
    """p50 and p95 in milliseconds of every metric by each of its dimensions; of panels for both sizes."""
    times = {}
    for metric in market.get("/v1/adoption/metrics", analyst)["items"]:
        for panel in (SURVEYED, LARGEST_PANEL) if metric["over"] == "panel" else (None,):
            for dimension in [None, *metric["dimensions"]]:
                asked = {**({"panel": f"bench-{panel}"} if panel else {}), **({"by": dimension} if dimension else {})}
                taken = []
                for _ in range(REQUESTS):
                    begin = time.monotonic()
                    market.get(f"/v1/adoption/metrics/{metric['name']}?{urlencode(asked)}", analyst)
                    taken.append(1000 * (time.monotonic() - begin))
                name = metric["name"] + (f" of {panel:,}" if panel else "")
                times[name, dimension or "whole"] = percentile(taken, 0.5), percentile(taken, 0.95)
    return times


RECOUNT = """SELECT section, count(*), count(*) FILTER (WHERE bought) FROM ({}) AS member GROUP BY 1 ORDER BY 1;"""
IN_POSTGRESQL = RECOUNT.format("""SELECT industry_section AS section, COALESCE((SELECT true FROM purchase
    WHERE purchase.enterprise_id = party.id AND accepted_at <= '{at}' AND recorded_at <= '{known}' LIMIT 1), false) AS bought
    FROM party WHERE kind = 'enterprise'""")
IN_DUCKDB = RECOUNT.format("""SELECT section, enterprise_id IS NOT NULL AS bought FROM '{folder}/member.parquet'
    LEFT JOIN (SELECT DISTINCT enterprise_id FROM '{folder}/purchase.parquet'
        WHERE accepted_at <= '{at}' AND recorded_at <= '{known}') ON enterprise_id = id""")


def recounts(market, analyst):
    """Seconds of the adoption rate of all enterprises by section, counted from every purchase in PostgreSQL, in DuckDB, and over
    HTTP; the answers are the same."""
    at, known = (market.psql(f"SELECT to_char(now() - interval '{days} days', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
                 for days in (300, 0))
    path = f"/v1/adoption/metrics/adoption-rate?panel=bench-{LARGEST_PANEL}&by=section&as_of={at}&recorded_by={known}"
    with tempfile.TemporaryDirectory() as folder:
        peer = duckdb.connect()
        peer.execute("SET TimeZone = 'UTC'")
        for name, query in (("purchase", "SELECT id, enterprise_id, offer_id, product_id, price_minor, state, accepted_at,"
                                         " recorded_at, ended_at FROM purchase"),
                            ("member", "SELECT id, industry_section AS section FROM party WHERE kind = 'enterprise'")):
            with open(f"{folder}/{name}.csv", "wb") as file:
                subprocess.run(["psql", market.database, "-Xqc", f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)"], check=True,
                               stdout=file)
            peer.execute(f"COPY (FROM read_csv('{folder}/{name}.csv')) TO '{folder}/{name}.parquet'")
            os.unlink(f"{folder}/{name}.csv")
        times = []
        for _ in range(ROUNDS):
            begin = time.monotonic()
            theirs = peer.execute(IN_DUCKDB.format(folder=folder, at=at, known=known)).fetchall()
            middle = time.monotonic()
            figure = market.get(path, analyst)
            end = time.monotonic()
            seconds, rows = market.timed(IN_POSTGRESQL.format(at=at, known=known))
            times.append((seconds, middle - begin, end - middle))
            ours = [(section, int(n), int(bought)) for section, n, bought in (row.split("|") for row in rows)]
            assert ours == theirs, f"PostgreSQL counts {ours}, DuckDB {theirs}"
            if market.enterprises <= LARGEST_PANEL:
                told = [(row["class"], row["denominator"], row["numerator"]) for row in figure["breakdown"]]
                # What would give an enterprise away is not told.
                same = all(mine[:2] == other[:2] and mine[2] in (None, other[2]) for mine, other in zip(told, theirs, strict=True))
                assert same, f"the market tells {told}, DuckDB counts {theirs}"
    return dict(zip(("recount, s", "DuckDB, s", "panel over HTTP, s"), (statistics.median(column) for column in zip(*times))))


def late(market, analyst):
    """Seconds, median and longest, until a purchase that was accepted forty days ago and is recorded now is in the totals; from
    before it is written, by the statement of the market."""
    with open(f"{ROOT}/sql/queries/purchases/accept_offers.sql", encoding="utf-8") as file:
        accept = file.read()
    since, until = (market.psql(f"SELECT legal_day(now() - interval '{days} days')") for days in (43, 37))
    buyers = market.psql("SELECT id FROM party WHERE kind = 'enterprise' ORDER BY md5(code) LIMIT 10").split()

    def told():
        figure = market.get(f"/v1/adoption/metrics/transactions?from={since}&to={until}", analyst)
        return next(value["value"] for value in figure["whole"] if value["name"] == "purchases")

    times = []
    for buyer in buyers:
        purchase, before, begin = uuid.uuid4(), told(), time.monotonic()
        market.psql(f"""BEGIN; PREPARE accept AS {accept}
            EXECUTE accept ('{{{buyer}}}', '{{OF-SYN-0000001-F}}', '{{research}}', '{{late-{purchase}}}', 'purchase',
                '{{"\\\\x00"}}', '{{{purchase}}}', '{{{uuid.uuid4()}}}', ARRAY[now() - interval '40 days'], '{{NULL}}', '{{NULL}}',
                '{{NULL}}', '{{NULL}}', '{{NULL}}', '{{NULL}}');
            UPDATE purchase SET recorded_at = now() WHERE enterprise_id = '{buyer}' AND id = '{purchase}'; COMMIT;""")
        while told() == before:
            if time.monotonic() - begin > 60:
                sys.exit("a late purchase does not show in the totals")
            time.sleep(0.01)
        times.append(time.monotonic() - begin)
    return {"late purchase shows, s": statistics.median(times), "late purchase shows, at most, s": max(times)}


def cost(market):
    """Purchases per second with and without the totals being kept, and seconds of the processors for a purchase, for its record in
    the log and for its totals: each while the others wait for a lock."""
    tokens = market.tokens("enterprise", "kind = 'enterprise'", 200)
    # As the market's own: of sixteen, twelve are free and one is a trial.
    offers = [f"OF-SYN-{place:07}-{'FFF1FFFFS1FFFMFF'[place % 16]}" for place in range(1, market.products + 1) if place % 5][:160]
    environment = dict(os.environ, TOKEN=" ".join(tokens), OFFER=" ".join(offers))

    def buy():
        before, begin = market.number("SELECT count(*) FROM purchase"), time.monotonic()
        output = subprocess.run(
            ["wrk", "-t", "2", "-c", "8", "-d", f"{SECONDS}s", "-s", f"{ROOT}/Benchmarks/purchase.lua", market.base],
            env=environment, check=True, capture_output=True, text=True).stdout
        if "Non-2xx" in output or "Socket errors" in output:
            sys.exit(f"not every purchase was made:\n{output}")
        seconds = time.monotonic() - begin
        return (market.number("SELECT count(*) FROM purchase") - before), seconds

    def used(work):
        """Seconds of the processors that some work takes, besides those that pass when nothing is done; and its answer."""
        before, begin = market.processor_seconds(), time.monotonic()
        answer = work()
        return market.processor_seconds() - before - idle * (time.monotonic() - begin), answer

    def until(condition):
        while market.psql(f"SELECT {condition}") != "t":
            time.sleep(0.2)

    def all_counted():
        until("(SELECT position FROM adoption_progress) >= (SELECT max(position) FROM log_leaf)")

    def all_recorded():
        until("NOT EXISTS (SELECT FROM market_event WHERE position IS NULL)")

    idle = 0
    idle, _ = used(lambda: time.sleep(4))
    idle /= 4
    kept, alone = [], []
    for _ in range(3):
        bought, seconds = buy()
        kept.append(bought / seconds)
        all_recorded()
        all_counted()
        totals = market.hold("LOCK TABLE adoption_progress IN EXCLUSIVE MODE")
        bought, seconds = buy()
        alone.append(bought / seconds)
        all_recorded()
        totals.release()
        all_counted()
    totals, log = market.hold("LOCK TABLE adoption_progress IN EXCLUSIVE MODE"), market.hold("SELECT pg_advisory_lock(7305643)")
    purchase, (bought, _) = used(buy)
    log.release()
    record, _ = used(all_recorded)
    totals.release()
    total, _ = used(all_counted)
    purchase, record, total = (1000 * each / bought for each in (purchase, record, total))
    return {"purchases/s": statistics.median(kept), "purchases/s without totals": statistics.median(alone),
            "a purchase, ms of processors": purchase, "its record in the log, ms": record, "its totals, ms": total,
            "totals cost, percent": 100 * total / (purchase + total)}
