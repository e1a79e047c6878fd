#!/usr/bin/env python3
"""Buys without pause while the server or PostgreSQL is killed with SIGKILL at random moments, and holds the market to its word.

Usage: kill_loop.py PROGRAM ROUNDS [PURCHASES]. Starts PROGRAM with a private PostgreSQL (fsync on) in a folder of its own and
kills ROUNDS times, until at least PURCHASES are acknowledged. Every fifth purchase needs approval, which an operator gives in
the same weather. After every kill the server is started again; buyers repeat with the same Idempotency-Key until they have
an answer, now and then twice at once. After each round, and in the end, every acknowledged purchase must be there under its
id, no key may have made two, the ledger must sum to zero and, in the end, every use that was acknowledged must be counted once, every receipt looked at must verify and `verify`
must find nothing wrong. Prints a row per round; exit 1 when anything was lost or doubled.
"""
import atexit
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
PURCHASES = int(sys.argv[3]) if len(sys.argv) > 3 else 1
PORT, BUYERS = int(os.environ.get("PORT", "18070")), 8
SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../script")
FREE = {"offer": "OF-AIR-001-F", "purpose": "research"}
APPROVED = "OF-AIR-001-P"


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

    def postmaster(self, line=0):
        with open(os.path.realpath(f"{self.home}/postgres") + "/postmaster.pid", encoding="ascii") as file:
            return file.read().splitlines()[line].strip()

    def sql(self, text):
        """What a statement answers; it is repeated while PostgreSQL is starting."""
        for _ in range(300):
            try:
                url = f"postgresql:///datamarket?host={self.postmaster(4)}&user=postgres"
            except (OSError, IndexError):
                time.sleep(0.1)
                continue
            done = subprocess.run(["psql", url, "-qAtX", "-v", "ON_ERROR_STOP=1"], input=text, capture_output=True,
                                  text=True, check=False)
            if done.returncode != 2:
                break
            time.sleep(0.1)
        if done.returncode != 0:
            sys.exit(f"PostgreSQL: {done.stderr}")
        return done.stdout.strip()

    def run(self, *arguments):
        return subprocess.run([PROGRAM, *arguments], env=self.environment, capture_output=True, text=True, check=False)


def ask(method, path, headers, body, read=lambda answer: json.loads(answer or b"{}")):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, read(answer.read())
    finally:
        connection.close()


def persist(path, headers, body, wanted, on_retry=lambda: None):
    """Asks until there is a clear answer. The answer, or a text that says what is wrong."""
    while True:
        try:
            status, answer = ask("POST", path, headers, body)
        except (OSError, http.client.HTTPException, ValueError):
            status, answer = 0, {}
        if status == wanted:
            return answer
        if status not in (0, 409, 503):
            return f"{path} {headers.get('Idempotency-Key')}: {status} {answer}"
        on_retry()
        time.sleep(0.05)


class Buyer(threading.Thread):
    """Makes one purchase after the other; a purchase without a clear answer is asked for again with its key."""

    def __init__(self, number, token, stop):
        super().__init__(daemon=True)
        self.number, self.stop, self.acknowledged, self.retries, self.trouble = number, stop, {}, 0, []
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def retried(self):
        self.retries += 1

    def body(self, count):
        if count % 5:
            return json.dumps(FREE)
        day = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60))
        end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 90 * 86400))
        return json.dumps({"offer": APPROVED, "purpose": "risk_assessment", "scope": "a test of faults", "from": day, "until": end})

    def run(self):
        count = 0
        while not self.stop.is_set():
            count += 1
            headers = {**self.headers, "Idempotency-Key": f"buyer-{self.number}-{count}"}
            body, answers = self.body(count), []
            # A purchase once begun is asked for until it is answered, also after the stop; every tenth twice at once.
            twin = threading.Thread(target=lambda: answers.append(persist("/v1/purchases", headers, body, 201)))
            if count % 10 == 0:
                twin.start()
            answers.append(persist("/v1/purchases", headers, body, 201, self.retried))
            if count % 10 == 0:
                twin.join()
            ids = {answer if isinstance(answer, str) else answer["id"] for answer in answers}
            if len(ids) == 1 and not isinstance(answers[0], str):
                self.acknowledged[headers["Idempotency-Key"]] = answers[0]["id"]
            else:
                self.trouble.append(f"{headers['Idempotency-Key']}: {ids}")


class Decider(threading.Thread):
    """Approves what waits, each request under one key until it is answered."""

    def __init__(self, token, stop):
        super().__init__(daemon=True)
        self.stop, self.approved, self.trouble = stop, set(), []
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def run(self):
        body = json.dumps({"decision": "approve", "reason": "as far as the weather allows"})
        while not self.stop.is_set():
            try:
                waiting = ask("GET", "/v1/sales?state=requested&limit=20", self.headers, None)[1].get("items", [])
            except (OSError, http.client.HTTPException, ValueError):
                waiting = []
            for sale in waiting:
                answer = persist(f"/v1/purchases/{sale['id']}/decision", {**self.headers, "Idempotency-Key": sale["id"]}, body, 200)
                if isinstance(answer, str):
                    self.trouble.append(answer)
                else:
                    self.approved.add(sale["id"])
            time.sleep(0.1)


class Reporter(threading.Thread):
    """Reports uses of an entitlement in batches; a batch without a clear answer is sent again, and every third one twice."""

    def __init__(self, right, token, stop):
        super().__init__(daemon=True)
        self.right, self.stop, self.acknowledged, self.trouble = right, stop, set(), []
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents-batch+json"}

    def run(self):
        count = 0
        while not self.stop.is_set():
            count += 1
            names = [f"batch-{count}-{place}" for place in range(50)]
            body = json.dumps([{"specversion": "1.0", "source": "/faults", "id": name, "type": "call", "subject": self.right,
                                "data": {"quantity": 2}} for name in names])
            for _ in range(2 if count % 3 == 0 else 1):
                answer = persist("/v1/usage/events", self.headers, body, 200)
                if isinstance(answer, str) or answer["refused"]:
                    self.trouble.append(f"usage was not counted: {answer}"[:500])
                else:
                    self.acknowledged.update(names)

    def faults(self, market):
        """What was acknowledged is there, once, and nothing else is."""
        counted = market.sql("SELECT count(*), count(DISTINCT source_id), COALESCE(sum(quantity), 0), (SELECT COALESCE(sum("
                             f"quantity), 0) FROM usage_total WHERE entitlement_id = '{self.right}' AND meter = 'call') "
                             f"FROM usage_event WHERE entitlement_id = '{self.right}' AND meter = 'call'").split("|")
        count = len(self.acknowledged)
        wanted = [str(count), str(count), str(2 * count), str(2 * count)]
        return self.trouble + ([] if counted == wanted else [f"events, names, quantity, total are {counted}, not {wanted}"])


def count_faults(market, acknowledged):
    """How many acknowledged purchases are gone, how many keys made two, and the ledger's sum ('-' while there is none)."""
    ids = ",".join(f"'{purchase}'" for purchase in acknowledged)
    lost = market.sql(f"SELECT count(*) FROM unnest(ARRAY[{ids}]::uuid[]) AS id WHERE id NOT IN (SELECT id FROM purchase)")
    doubled = market.sql("SELECT (SELECT count(*) FROM purchase WHERE enterprise_id IN (SELECT enterprise_id FROM command_key "
                         "WHERE key LIKE 'buyer-%')) - count(*) FROM command_key WHERE key LIKE 'buyer-%'")
    ledger = "-"
    if market.sql("SELECT to_regclass('ledger_posting') IS NOT NULL") == "t":
        ledger = market.sql("SELECT COALESCE(sum(side.amount), 0) FROM ledger_posting, LATERAL (VALUES (debit, amount_minor), "
                            "(credit, -amount_minor)) AS side (account, amount)")
    return int(lost), int(doubled), ledger


def verify_receipts(market, purchases, headers):
    """How many receipts verify and what is wrong with the others; nothing while the market gives none."""
    script = f"{SCRIPTS}/verify_receipt.py"
    paths = ask("GET", "/openapi.json", {}, None)[1]["paths"]
    if "/v1/purchases/{id}/receipt" not in paths or not os.path.exists(script):
        return 0, []
    wrong, verified = [], 0
    for purchase in purchases:
        # The bytes as they came: a receipt that is written anew is no longer the one that was signed.
        for _ in range(20):
            status, receipt = ask("GET", f"/v1/purchases/{purchase}/receipt", headers, None, bytes)
            if status != 503:
                break
            # What the killed server had not recorded is recorded now, and a receipt may have to wait for it.
            time.sleep(1)
        with open(f"{market.home}/receipt.json", "wb") as file:
            file.write(receipt)
        checked = market.run("verify", "receipt", f"{market.home}/receipt.json")
        if status == 200 and checked.returncode == 0:
            verified += 1
        else:
            wrong.append(f"receipt of {purchase}: {status} {checked.stdout}{checked.stderr}")
    return verified, wrong


def main():
    lost = []
    with tempfile.TemporaryDirectory(prefix="dm-faults-") as home:
        # PostgreSQL's user must be able to enter it; else the data would lie, and stay, elsewhere.
        os.chmod(home, 0o755)
        os.chmod(home, 0o755)
        market = Market(home)
        market.start()
        atexit.register(lambda: market.server.poll() is None and market.server.terminate())
        market.wait_until_ready()
        market.sql(f"UPDATE offer SET approval = 'operator' WHERE code = '{APPROVED}'")
        with open(f"{home}/tokens.json", encoding="utf-8") as file:
            tokens = json.load(file)
        stop, enough = threading.Event(), threading.Event()
        buyers = [Buyer(number, tokens["enterprise"], enough) for number in range(BUYERS)]
        decider = Decider(tokens["operator"], stop)
        for thread in [*buyers, decider]:
            thread.start()
        while not buyers[0].acknowledged:
            time.sleep(0.05)
        bought = next(iter(buyers[0].acknowledged.values()))
        right = market.sql(f"SELECT id FROM entitlement WHERE purchase_id = '{bought}'")
        reporter = Reporter(right, tokens["operator"], enough)
        reporter.start()
        print(f"{'round':>5} {'killed':<11}{'ready again s':>14}{'acknowledged':>14}{'retries':>9}{'lost':>6}{'doubled':>9}"
              f"{'ledger sum':>12}", flush=True)
        number = 0
        while number < ROUNDS or sum(len(buyer.acknowledged) for buyer in buyers) < PURCHASES:
            time.sleep(random.uniform(0.3, 1.5))
            if number >= ROUNDS:
                continue
            number += 1
            # First PostgreSQL and then the server, which a PostgreSQL that was started again must not keep from its port.
            victims = {1: ["postgres"], 2: ["server"]}.get(number) or random.choice(
                [["server"], ["postgres"], ["server", "postgres"]])
            for victim in victims:
                os.kill(market.server.pid if victim == "server" else int(market.postmaster()), signal.SIGKILL)
            if "server" in victims:
                market.server.wait()
                market.start()
            seconds = market.wait_until_ready()
            acknowledged = [purchase for buyer in buyers for purchase in list(buyer.acknowledged.values())]
            gone, doubled, ledger = count_faults(market, acknowledged)
            print(f"{number:>5} {'+'.join(victims):<11.11}{seconds:>14.2f}{len(acknowledged):>14}"
                  f"{sum(b.retries for b in buyers):>9}{gone:>6}{doubled:>9}{ledger:>12}", flush=True)
            if gone or doubled or ledger not in ("-", "0"):
                lost.append(f"round {number}: {gone} lost, {doubled} doubled, ledger {ledger}")
        enough.set()
        for buyer in buyers:
            buyer.join(timeout=60)
            lost += buyer.trouble + ([f"buyer {buyer.number} was never answered"] if buyer.is_alive() else [])
        reporter.join(timeout=60)
        lost += reporter.faults(market)
        stop.set()
        decider.join(timeout=60)
        lost += decider.trouble
        headers = buyers[0].headers
        listed, cursor = [], None
        while True:
            path = "/v1/purchases?limit=200" + (f"&cursor={cursor}" if cursor else "")
            page = ask("GET", path, headers, None)[1]
            listed += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
        ids = [item["id"] for item in listed]
        acknowledged = [purchase for buyer in buyers for purchase in buyer.acknowledged.values()]
        lost += [f"acknowledged and gone: {purchase}" for purchase in set(acknowledged) - set(ids)]
        lost += [f"there and never asked for: {purchase}" for purchase in set(ids) - set(acknowledged)]
        if len(ids) != len(set(ids)) or len(acknowledged) != len(set(acknowledged)):
            lost.append("a purchase stands twice")
        states = {item["id"]: item["state"] for item in listed}
        lost += [f"approved and not agreed: {purchase}" for purchase in decider.approved
                 if states.get(purchase) not in ("agreed", "active")]
        agreed = [purchase for purchase in acknowledged if states.get(purchase) in ("agreed", "active")]
        verified, wrong = verify_receipts(market, random.sample(agreed, min(50, len(agreed))), headers)
        lost += wrong
        checked = market.run("verify")
        if checked.returncode != 0:
            lost.append(f"verify: {checked.stdout}{checked.stderr}")
        market.server.terminate()
        market.server.wait(timeout=30)
    print("\n".join(lost[:20]) or f"{ROUNDS} kills, {len(acknowledged)} purchases acknowledged, {len(decider.approved)} approved, "
          f"{verified} receipts verified, {len(reporter.acknowledged)} uses counted; none lost, none doubled")
    sys.exit(1 if lost or not acknowledged else 0)


main()
