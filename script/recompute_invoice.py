#!/usr/bin/env python3
"""recompute_invoice.py INVOICE.json USAGE.csv: the invoice's amount from the exported uses; exit status 1 when it differs."""
import collections, hashlib, json, sys
from decimal import Decimal as D, ROUND_HALF_UP
invoice, events = json.load(open(sys.argv[1]), parse_float=D), open(sys.argv[2], newline="").readlines()[1:]
cents, billed, total = lambda amount: int(amount.quantize(D(1), ROUND_HALF_UP)), collections.Counter(), 0
for line in invoice["lines"]:
    net = line["net_minor"] if line["unit_price_minor"] is None else cents(D(line["quantity"]) * D(line["unit_price_minor"]))
    total += net + cents(net * D(line["vat_rate"]))
    billed[line["period"], line["meter"]] += D(line["quantity"]) if line["kind"] == "usage" else 0
    for use in line["usage"]:
        own = [event for event in events if event.split(",")[2:4] == [str(use["period"]), use["meter"]]]
        used = sum(D(event.split(",")[4]) for event in own)
        assert hashlib.sha256("".join(own).encode()).hexdigest() == use["sha256"] and used == D(use["quantity"]), use
for line in invoice["lines"]:  # every exported use is in a line (but packages count whole packages)
    for use in line["usage"] if line["kind"] == "usage" and "packages" not in line["title_en"] else []:
        assert billed[line["period"], line["meter"]] == D(use["quantity"]), line
print(f"{total} recomputed, {invoice['gross_minor']} billed, from {len(events)} uses")
sys.exit(total != invoice["gross_minor"])
