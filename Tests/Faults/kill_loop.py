#!/usr/bin/env python3
"""Buys without pause while the server or PostgreSQL is killed with SIGKILL at random moments, and holds the market to its word.

Usage: kill_loop.py PROGRAM ROUNDS. Starts PROGRAM with a private PostgreSQL (fsync on) in a folder of its own.
After every kill the server is started again; buyers retry with the same Idempotency-Key until they have an answer. In the end
every acknowledged purchase must still be there under its id, no key may have made two, and `verify` must find nothing wrong.
Prints a row per round; exit 1 when anything was lost or doubled.
"""
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM, ROUNDS = os.path.abspath(sys.argv[1]), int(sys.argv[2])
PORT, BUYERS = int(os.environ.get("PORT", "18070")), 8
BODY = json.dumps({"offer": "OF-AIR-001-F", "purpose": "research"})


class Market:
    def __init__(self, home):
        self.home, self.server = home, None
        self.environment = dict(os.environ, DATAMARKET_HOME=home, PORT=str(PORT), LOG_LEVEL="critical")
        self.environment.pop("DATABASE_URL", None)

    def start(self):
        log = open(f"{self.home}/log", "ab")
        self.server = subprocess.Popen([PROGRAM, "serve", "--demo"], env=self.environment, stderr=log, stdout=log)

    def wait_until_ready(self, limit=120):
        began = time.monotonic()
        while time.monotonic() - began < limit:
            if self.server.poll() is not None:
                sys.exit(f"the server ended by itself:\n{open(f'{self.home}/log').read()[-2000:]}")
            try:
                if ask("GET", "/health/ready", {}, None)[0] == 200:
                    return time.monotonic() - began
            except OSError:
                pass
            time.sleep(0.05)
        sys.exit("the market was not ready again in time")

    def postmaster(self):
        with open(os.path.realpath(f"{self.home}/postgres") + "/postmaster.pid", encoding="ascii") as file:
            return int(file.readline())

    def verify(self):
        return subprocess.run([PROGRAM, "verify"], env=self.environment, capture_output=True, text=True, check=False)


def ask(method, path, headers, body):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")
    finally:
        connection.close()


class Buyer(threading.Thread):
    """Makes one purchase after the other; a purchase without a clear answer is asked for again with its key."""

    def __init__(self, number, token, stop):
        super().__init__(daemon=True)
        self.number, self.stop, self.acknowledged, self.retries, self.trouble = number, stop, {}, 0, []
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def run(self):
        count = 0
        while not self.stop.is_set():
            count += 1
            key = f"buyer-{self.number}-{count}"
            # A purchase once begun is asked for until it is answered, also after the stop.
            while True:
                try:
                    status, answer = ask("POST", "/v1/purchases", {**self.headers, "Idempotency-Key": key}, BODY)
                except (OSError, http.client.HTTPException, ValueError):
                    status, answer = 0, {}
                if status == 201:
                    self.acknowledged[key] = answer["id"]
                    break
                if status not in (0, 409, 503):
                    self.trouble.append(f"{key}: {status} {answer}")
                    break
                self.retries += 1
                time.sleep(0.05)


def main():
    lost = []
    with tempfile.TemporaryDirectory(prefix="dm-faults-") as home:
        os.chmod(home, 0o755)
        market = Market(home)
        market.start()
        market.wait_until_ready()
        with open(f"{home}/tokens.json", encoding="utf-8") as file:
            token = json.load(file)["enterprise"]
        stop = threading.Event()
        buyers = [Buyer(number, token, stop) for number in range(BUYERS)]
        for buyer in buyers:
            buyer.start()
        print(f"{'round':>5} {'killed':<11}{'ready again s':>14}{'acknowledged':>14}{'retries':>9}", flush=True)
        for number in range(1, ROUNDS + 1):
            time.sleep(random.uniform(0.3, 1.5))
            # First PostgreSQL and then the server, which a PostgreSQL that was started again must not keep from its port.
            victims = {1: ["postgres"], 2: ["server"]}.get(number) or random.choice(
                [["server"], ["postgres"], ["server", "postgres"]])
            for victim in victims:
                os.kill(market.server.pid if victim == "server" else market.postmaster(), signal.SIGKILL)
            if "server" in victims:
                market.server.wait()
                market.start()
            seconds = market.wait_until_ready()
            print(f"{number:>5} {'+'.join(victims):<11.11}{seconds:>14.2f}"
                  f"{sum(len(b.acknowledged) for b in buyers):>14}{sum(b.retries for b in buyers):>9}", flush=True)
        stop.set()
        for buyer in buyers:
            buyer.join(timeout=60)
            lost += buyer.trouble + ([f"buyer {buyer.number} was never answered"] if buyer.is_alive() else [])
        headers = buyers[0].headers
        listed, cursor = [], None
        while True:
            path = "/v1/purchases?limit=200" + (f"&cursor={cursor}" if cursor else "")
            page = ask("GET", path, headers, None)[1]
            listed += [item["id"] for item in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        acknowledged = [purchase for buyer in buyers for purchase in buyer.acknowledged.values()]
        lost += [f"acknowledged and gone: {purchase}" for purchase in set(acknowledged) - set(listed)]
        lost += [f"there and never asked for: {purchase}" for purchase in set(listed) - set(acknowledged)]
        if len(listed) != len(set(listed)) or len(acknowledged) != len(set(acknowledged)):
            lost.append("a purchase stands twice")
        checked = market.verify()
        if checked.returncode != 0:
            lost.append(f"verify: {checked.stdout}{checked.stderr}")
        market.server.terminate()
        market.server.wait(timeout=30)
    print("\n".join(lost[:20]) or f"{ROUNDS} kills, {len(acknowledged)} purchases acknowledged, none lost, none doubled")
    sys.exit(1 if lost or not acknowledged else 0)


main()
