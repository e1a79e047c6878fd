"""A synthetic market of some size on a private server and PostgreSQL of its own, with fsync, which go with it."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TICKS = os.sysconf("SC_CLK_TCK")


class Hold:
    """A transaction that holds what a statement locks."""

    def __init__(self, database, statement):
        self.session = subprocess.Popen(["psql", database, "-XAtq"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.session.stdin.write(f"BEGIN; {statement}; SELECT 'held';\n")
        self.session.stdin.flush()
        while self.session.stdout.readline().strip() != "held":
            pass

    def release(self):
        self.session.communicate("ROLLBACK;\n")


class Market:
    """`with Market(program, size) as market`: a hundredth of the largest market for each `size`: 1,000 enterprises, 200 products,
    100,000 purchases and 1,000,000 usage events. `made` are the seconds that it took. In the folder KEEP, if it is given, the market
    stays, and is made once: one that was measured before has the purchases that the measures made, too."""

    def __init__(self, program, size, port):
        self.program, self.size, self.port, self.base = program, size, port, f"http://127.0.0.1:{port}"
        self.enterprises, self.products, self.purchases, self.usage = (
            max(least, round(unit * size)) for least, unit in ((60, 1000), (20, 200), (100, 100_000), (100, 1_000_000)))
        self.entries = max(300, round(250 * size))
        self.server, self.holds = None, []

    def __enter__(self):
        self.is_kept = "KEEP" in os.environ
        self.home = os.path.join(os.environ["KEEP"], f"{self.size:g}") if self.is_kept else tempfile.mkdtemp()
        os.makedirs(self.home, exist_ok=True)
        # PostgreSQL's user must be able to enter it; else the data would lie, and stay, elsewhere.
        os.chmod(self.home, 0o755)
        self.environment = dict(os.environ, DATAMARKET_HOME=self.home, LOG_LEVEL="error", PORT=str(self.port))
        try:
            told = os.path.join(self.home, "made.txt")
            if not os.path.exists(told):
                demo = self.run("demo", *(f"--{name}={getattr(self, name)}" for name in (
                    "entries", "products", "enterprises", "purchases", "usage")))
                with open(told, "w") as file:
                    file.write(demo.stderr + demo.stdout)
            with open(told) as file:
                *steps, last = file.read().strip().splitlines()
            self.steps, self.made = "\n".join(steps), float(re.search(r" in ([\d.,]+)", last).group(1).replace(",", ""))
            self.serve()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for hold in self.holds:
            hold.session.kill()
        if self.server:
            self.server.terminate()
            self.server.wait()
        if not self.is_kept:
            shutil.rmtree(self.home, ignore_errors=True)

    def run(self, *words):
        """A command of the program, beside the server."""
        answer = subprocess.run([self.program, *words], env=self.environment, capture_output=True, text=True)
        if answer.returncode:
            raise SystemExit(f"datamarket {' '.join(words)}: {answer.stdout}{answer.stderr}")
        return answer

    def run_for(self, *words):
        """Seconds that a command takes."""
        begin = time.monotonic()
        self.run(*words)
        return time.monotonic() - begin

    def serve(self):
        self.server = subprocess.Popen([self.program, "serve"], env=self.environment, stdout=subprocess.DEVNULL,
                                       stderr=open(f"{self.home}/log", "wb"))
        while True:
            try:
                urllib.request.urlopen(f"{self.base}/health/ready").close()
                break
            except OSError:
                if self.server.poll() is not None:
                    raise SystemExit(open(f"{self.home}/log").read())
                time.sleep(0.2)
        with open(os.path.join(os.path.realpath(f"{self.home}/postgres"), "postmaster.pid")) as file:
            lines = file.read().splitlines()
        self.postmaster, self.database = int(lines[0]), f"postgresql:///datamarket?host={lines[4]}&user=postgres"

    def psql(self, text, *options):
        answer = subprocess.run(["psql", self.database, "-XAtq", "-v", "ON_ERROR_STOP=1", *options], input=text, text=True,
                                capture_output=True)
        if answer.returncode:
            raise SystemExit(f"{text[:300]}\n{answer.stderr}")
        return answer.stdout.strip()

    def number(self, text):
        return int(self.psql(text) or 0)

    def timed(self, text):
        """Seconds of the last statement in PostgreSQL, and its answer."""
        *answer, last = self.psql("\\timing on\n" + text).splitlines()
        return float(re.search(r"Time: ([\d.]+) ms", last).group(1)) / 1000, [line for line in answer if "Time: " not in line]

    def hold(self, statement):
        """Keeps the market from what takes a lock, until the answer is released."""
        self.holds.append(Hold(self.database, statement))
        return self.holds[-1]

    def settle(self):
        """Seconds until what the market owes is done: bills, their records in the log, and the index of the search."""
        begin, quiet = time.monotonic(), 0
        while quiet < 5:
            time.sleep(1)
            is_quiet = self.psql("""SELECT NOT EXISTS (SELECT FROM market_event WHERE position IS NULL)
                AND NOT EXISTS (SELECT FROM search_pending)
                AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
                    AND state NOT IN ('idle', 'idle in transaction') AND wait_event_type IS DISTINCT FROM 'Lock')""") == "t"
            quiet = quiet + 1 if is_quiet else 0
        return time.monotonic() - begin - quiet

    def tokens(self, role, where, limit=1):
        """Tokens straight in the database: the command would take a second for each."""
        self.psql(f"""INSERT INTO access_token (digest, id, party_id, role, created_at, expires_at)
            SELECT sha256(convert_to('adoption-{role}-' || code, 'UTF8')), gen_random_uuid(), id, '{role}', now(),
                now() + interval '1 day' FROM (SELECT code, id FROM party WHERE {where} ORDER BY md5(code) LIMIT {limit}) AS chosen
            ON CONFLICT DO NOTHING""")
        return [f"adoption-{role}-{code}" for code in self.psql(
            f"SELECT code FROM party WHERE {where} ORDER BY md5(code) LIMIT {limit}").split()]

    def get(self, path, token):
        request = urllib.request.Request(self.base + path, headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=700) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{path}: {error.read().decode()}")

    def processor_seconds(self):
        """What the server and its PostgreSQL have used of the processors so far."""
        used = 0
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(pid) in (self.server.pid, self.postmaster):
                used += sum(int(ticks) for ticks in fields[11:15])
            elif int(fields[1]) == self.postmaster:
                used += int(fields[11]) + int(fields[12])
        return used / TICKS

