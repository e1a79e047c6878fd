#!/usr/bin/env python3
"""Reads every page of the portal over and over, one after the other, as each role, and prints how long it takes and weighs.

Reads BASE (server), TOKENS (tokens.json), SERVER (its process id) and ROUNDS (how often, 200) from the environment.
`cpu` is the program's own processor time for a page, without PostgreSQL's: reading the answers of its queries, rendering,
gzip and HTTP. `render` is what a product's page takes beyond its queries: from the last of their answers to its bytes, at
the median, as its header Server-Timing says. Parts that are made of earlier answers are in `cpu` only. The weight is what a
browser fetches for the page when it has nothing yet. The peer is /health/live, which does nothing but answer.
"""
import http.client
import json
import os
import re
import statistics
import sys
import time
from urllib.parse import urlencode, urlsplit

BASE, SERVER, ROUNDS = urlsplit(os.environ["BASE"]), os.environ["SERVER"], int(os.environ.get("ROUNDS", "200"))
with open(os.environ["TOKENS"], encoding="utf-8") as file:
    TOKENS = json.load(file)
LONGEST, WEIGHT, RENDER = 100, 200_000, 1
PAGES = {
    None: ["/", "/search?q=%E7%A9%BA%E6%B0%94", "/products", "/products/1", "/compare", "/scenarios", "/scenarios/1", "/directory", "/directory/1",
           "/directory/1/history", "/sign-in"],
    "enterprise": ["/products/1", "/purchases", "/purchases/1", "/bills", "/bills/1", "/webhooks", "/corrections", "/deadlines",
                   "/notices"],
    "operator": ["/operator", "/sales", "/income", "/consents"],
    "administrator": ["/administration", "/administration/drafts", "/administration/conditions", "/administration/synonyms", "/directory/1/impact",
                      "/ledger", "/deadlines"],
    "analyst": ["/adoption", "/adoption/snapshots", "/adoption/snapshots/1"],
}
connection = http.client.HTTPConnection(BASE.hostname, BASE.port)


def session(role):
    """The cookie of a role that is signed in."""
    connection.request("POST", "/sign-in", urlencode({"token": TOKENS[role]}), {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    answer.read()
    return answer.getheader("Set-Cookie").split(";")[0]


SESSIONS = {role: session(role) for role in TOKENS}


def get(path, role=None):
    """The status, the body and how many bytes came over the line."""
    headers = {"Accept-Encoding": "gzip", "Accept-Language": "zh-CN"}
    if role:
        headers["Cookie"] = SESSIONS[role]
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    return answer, body


def plain(path, role=None):
    connection.request("GET", path, headers={"Accept-Language": "zh-CN", **({"Cookie": SESSIONS[role]} if role else {})})
    return connection.getresponse().read().decode()


def processor():
    with open(f"/proc/{SERVER}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def addressed(path, role):
    """The page with the code or id of the first that the list above it shows; None when it shows none."""
    if path == "/compare":
        codes = re.findall(r'name="code" value="([^"]+)"', plain("/products"))
        return "/compare?code=" + "&code=".join(codes[:4])
    if "/1" not in path:
        return path
    above = path[:path.index("/1")]
    found = re.search(rf'<main.*?href="({above}/[^"/?]+)"', plain(above, role), re.S)
    return found and path.replace(above + "/1", found[1])


def anew(path, number):
    """The answer of a search is kept; with other marks behind the words it is another one."""
    return path + "+" + f"{number:012b}".translate({48: ".", 49: ","}) if "?q=" in path else path


def measured(path, role):
    """Milliseconds at the median and at the 95th percentile, of the program's processor, and of rendering, for one page."""
    for _ in range(20):
        get(path, role)
    begin, times, renders = processor(), [], []
    for number in range(ROUNDS):
        start = time.perf_counter()
        answer, _ = get(anew(path, number), role)
        times.append((time.perf_counter() - start) * 1000)
        if answer.status != 200:
            sys.exit(f"{path} as {role}: {answer.status}")
        renders += re.findall(r"render;dur=([\d.]+)", answer.getheader("Server-Timing") or "")
    times.sort()
    render = statistics.median(map(float, renders)) if renders else None
    return times[len(times) // 2], times[len(times) * 95 // 100], (processor() - begin) / ROUNDS, render


def buy():
    """One purchase of a free offer, so that there is a purchase to show."""
    products = json.loads(plain("/v1/products"))["items"]
    for product in products:
        for offer in json.loads(plain(f"/v1/products/{product['code']}/offers"))["items"]:
            body = json.dumps({"offer": offer["code"], "purpose": offer["purposes"][0]})
            connection.request("POST", "/v1/purchases", body, {
                "Authorization": "Bearer " + TOKENS["enterprise"], "Content-Type": "application/json", "Idempotency-Key": "portal"})
            answer = connection.getresponse()
            answer.read()
            if answer.status in (200, 201):
                return
    sys.exit("nothing can be bought")


def keep():
    """One snapshot, so that there is one to show."""
    panel = json.loads(plain("/v1/adoption/panels", "analyst"))["items"][0]["code"]
    connection.request("POST", "/v1/adoption/snapshots", json.dumps({"metric": "adoption-rate", "panel": panel}), {
        "Authorization": "Bearer " + TOKENS["analyst"], "Content-Type": "application/json", "Idempotency-Key": "portal"})
    answer = connection.getresponse()
    answer.read()
    if answer.status not in (200, 201):
        sys.exit(f"no snapshot was kept: {answer.status}")


buy()
keep()
_, live, base, _ = measured("/health/live", None)
print(f"/health/live: p95 {live:.2f} ms, cpu {base:.2f} ms\n\n{'page':<42}{'as':<15}{'p50 ms':>8}{'p95 ms':>8}{'cpu ms':>8}{'render':>8}{'bytes':>9}  bars")
missed = False
for role, paths in PAGES.items():
    for stated in paths:
        path = addressed(stated, role)
        if path is None:
            print(f"{stated:<42}{role or 'anyone':<15}  nothing to show")
            continue
        middle, late, cpu, render = measured(path, role)
        page = plain(path, role)
        files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
        weight = len(get(path, role)[1]) + sum(len(get(file)[1]) for file in files)
        if render is None and stated == "/products/1" and role is None:
            sys.exit(f"{path} does not say how long it was rendered")
        held = late < LONGEST and weight < WEIGHT and (render is None or render < RENDER)
        missed = missed or not held
        print(f"{path[:40]:<42}{role or 'anyone':<15}{middle:>8.1f}{late:>8.1f}{cpu:>8.2f}{'' if render is None else f'{render:.2f}':>8}{weight:>9}  {'held' if held else 'MISSED'}", flush=True)
print(f"\nbars: p95 < {LONGEST} ms, weight < {WEIGHT} bytes, rendering a product < {RENDER} ms")
sys.exit(1 if missed else 0)
