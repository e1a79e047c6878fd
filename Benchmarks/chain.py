#!/usr/bin/env python3
"""The chain of random purchases and the as-of look-up of random entries, over HTTP and by pgbench with the same statement.

Reads DATABASE (libpq URL) and BASE (server) of a synthetic market, SECONDS and ROUNDS from the environment. Makes a
bearer token for every 50th enterprise, straight in the database: the command would take a second for each.
Prints requests per second, p50 and p99 in milliseconds, the ratio to pgbench, and whether the bar is held.
"""
import os
import random
import subprocess
import sys
import tempfile
import time

from measure import DATABASE, bind, median, pgbench, rows, settle, sql, wrk

CONNECTIONS = [int(n) for n in os.environ.get("CONNECTIONS", "1 8").split()]


def token(code):
    return "chain-benchmark-" + code


settle()
# The search's index of a new market is made beside everything else.
while rows("SELECT count(*) FROM search_pending") != [["0"]]:
    time.sleep(1)
# So are the first vacuum of its tables and the first checkpoint.
rows("VACUUM ANALYZE")
rows("CHECKPOINT")

rows("""INSERT INTO access_token (digest, id, party_id, role, created_at, expires_at)
    SELECT sha256(convert_to('chain-benchmark-' || code, 'UTF8')), gen_random_uuid(), id, 'enterprise', now(),
        now() + interval '1 day'
    FROM party WHERE kind = 'enterprise' AND hashtext(code) % 50 = 0 ON CONFLICT DO NOTHING""")
purchases = rows("""SELECT party.code, party.id, purchase.id FROM purchase JOIN party ON party.id = enterprise_id
    WHERE hashtext(party.code) % 50 = 0 ORDER BY md5(purchase.id::text) LIMIT 20000""")
entries = [row[0] for row in rows("SELECT code FROM directory_entry ORDER BY md5(code) LIMIT 20000")]
size = rows("""SELECT (SELECT count(*) FROM directory_entry), (SELECT count(*) FROM product),
    (SELECT count(*) FROM purchase)""")[0]
print(f"{size[0]} entries, {size[1]} products, {size[2]} purchases; {len(purchases)} purchases and {len(entries)} entries "
      "drawn")

random.seed(1)
DAYS = ["2025-06-01", "2025-12-01", "2026-03-01", "2026-10-01"]
with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
    for code, _, purchase in purchases:
        file.write(f"/v1/purchases/{purchase}/responsibility {token(code)}\n")
os.environ["CHAIN_REQUESTS"] = file.name
with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
    for code in entries:
        file.write(f"/v1/directory/entries/{code}?as_of={random.choice(DAYS)} -\n")
os.environ["ENTRY_REQUESTS"] = file.name


def drawn(text, table, columns):
    """A pgbench script that draws a row of a table of drawn ones by its place."""
    return (f"\\set place random(1, {len(purchases) if table == 'drawn_purchase' else len(entries)})\n"
            f"SELECT {columns} FROM {table} WHERE place = :place \\gset\n" + text)


rows("DROP TABLE IF EXISTS drawn_purchase, drawn_entry")
rows("CREATE TABLE drawn_purchase (place int PRIMARY KEY, enterprise uuid, purchase uuid)")
rows("CREATE TABLE drawn_entry (place int PRIMARY KEY, code text)")
for table, values in (("drawn_purchase", [(b, c) for _, b, c in purchases]), ("drawn_entry", [(c,) for c in entries])):
    text = "".join("\t".join((str(place), *value)) + "\n" for place, value in enumerate(values, 1))
    subprocess.run(["psql", "-q", DATABASE, "-c", f"COPY {table} FROM STDIN"], input=text, text=True, check=True)

CHAIN = drawn(bind(sql("lineage/find_purchase_responsibility"),
                   [":enterprise", ":purchase", "NULL", "now()"]), "drawn_purchase", "enterprise, purchase")
ENTRY = drawn(bind(sql("directory/find_entry"), [":code", "'2026-03-01'::timestamptz", "now()", "true"]), "drawn_entry", "code")

print(f"{'what':<34}{'connections':>12}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'of pgbench':>12}{'bar':>14}")
failed = False
for connections in CONNECTIONS:
    for name, text, script, key, bar in (
            ("chain of a purchase", CHAIN, "requests.lua", "CHAIN_REQUESTS", 5),
            ("entry as of a day", ENTRY, "requests.lua", "ENTRY_REQUESTS", 2)):
        peer = median(lambda: pgbench(connections, text))
        os.environ["REQUESTS"] = os.environ[key]
        own = median(lambda: wrk(connections, "/", script))
        held = own[2] < bar
        failed = failed or not held
        print(f"{'pgbench, ' + name:<34}{connections:>12}{peer[0]:>12.0f}{peer[1]:>9.2f}{peer[2]:>9.2f}")
        print(f"{name:<34}{connections:>12}{own[0]:>12.0f}{own[1]:>9.2f}{own[2]:>9.2f}{own[0] / peer[0]:>12.2f}"
              f"{('held' if held else 'MISSED') + f' < {bar} ms':>14}", flush=True)
rows("DROP TABLE drawn_purchase, drawn_entry")
for key in ("CHAIN_REQUESTS", "ENTRY_REQUESTS"):
    os.unlink(os.environ[key])
sys.exit(1 if failed else 0)
