"""Holds content and delivery against what clients do: uploads that are cut, files in every format and charset, the unmodified
delta-sharing client, downloads that go on, quotas under parallel use, marked copies.
Arguments: URL of the market, tokens.json, the market's home [, names of sections to run]. Environment: DATAMARKET, the program;
DATACONTRACT, datacontract-cli."""
import atexit
import base64
import csv
import datetime
import functools
import gzip
import hashlib
import http.client
import io
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse
import urllib.request
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import delta_sharing
import pandas
import pyarrow
import pyarrow.parquet
import requests

base, tokens, home = sys.argv[1], json.load(open(sys.argv[2])), sys.argv[3]
wanted = sys.argv[4:]
datamarket = os.environ.get("DATAMARKET", ".build/debug/datamarket")
datacontract = os.environ.get("DATACONTRACT", "datacontract")
folder = Path(tempfile.mkdtemp(prefix="check-delivery-"))
atexit.register(shutil.rmtree, folder, ignore_errors=True)
# The client prints what it does.
lines_out, sys.stdout = sys.stdout, open(os.devnull, "w")
# Products are made anew by each run.
run = f"{int(time.time()) % 2**31:X}"
host, port = urllib.parse.urlparse(base).hostname, urllib.parse.urlparse(base).port

CSV, JSONL, PARQUET = "text/csv", "application/jsonl", "application/vnd.apache.parquet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# MARK: Checks

checks, local, printing = [], threading.local(), threading.Lock()
passed, failed = [], []
current_section = None


def section(name):
    global current_section
    current_section = name


def check(sentence):
    """A check reads as a sentence and fails by an exception."""
    def add(function):
        checks.append((current_section, sentence, function))
        return function
    return add


def equal(found, expected, about=""):
    if found != expected:
        raise AssertionError(f"{about + ': ' if about else ''}{str(found)[:600]} instead of {str(expected)[:600]}")


def true(condition, about):
    if not condition:
        raise AssertionError(str(about)[:900])


def run_check(section_name, sentence, function):
    try:
        function()
        line, list_ = f"ok   {section_name}: {sentence}", passed
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        where = traceback.extract_tb(error.__traceback__)
        own = [frame.lineno for frame in where if frame.filename == __file__]
        reason = f"{type(error).__name__}: {error}".replace("\n", " ")[:1200]
        line, list_ = f"FAIL {section_name}: {sentence} [line {own[-1] if own else '?'}: {reason}]", failed
    with printing:
        list_.append(sentence)
        print(line, file=lines_out, flush=True)


# MARK: The market

def session():
    if not hasattr(local, "session"):
        local.session = requests.Session()
    return local.session


def call(method, path, body=None, role="enterprise", token=None, headers=None, root=None):
    """A request with a role's token; a body that is no bytes is JSON."""
    headers = dict(headers or {})
    token = token or (tokens[role] if role else None)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    url = path if path.startswith("http") else (root or base) + path
    return session().request(method, url, data=body, headers=headers, timeout=120)


def good(answer, *statuses):
    if answer.status_code not in (statuses or (200, 201, 202, 204, 206)):
        raise AssertionError(
            f"{answer.request.method} {answer.request.url} answered {answer.status_code}: {answer.text[:500]}")
    return answer


def get(path, **arguments):
    return good(call("GET", path, **arguments)).json()


def refused(answer, status, *words):
    """A refusal names what is wrong, in a problem document."""
    statuses = status if isinstance(status, tuple) else (status,)
    if answer.status_code not in statuses:
        raise AssertionError(
            f"{answer.request.method} {answer.request.url[:300]} answered {answer.status_code} instead of {status}: {answer.text[:400]}")
    for word in words:
        true(word.lower() in answer.text.lower(), f"'{word}' is not in {answer.text[:600]}")
    return answer


def market(*arguments, ok=True):
    """A command of the program."""
    done = subprocess.run(
        [datamarket, *arguments], capture_output=True, text=True,
        env=os.environ | {"DATAMARKET_HOME": home, "LOG_LEVEL": "error"})
    if ok and done.returncode:
        raise AssertionError(f"datamarket {arguments[0]} ended with {done.returncode}: {done.stdout[-400:]} {done.stderr[-400:]}")
    return done


@functools.cache
def enterprise(place):
    """The token and code of a further enterprise of the demonstration."""
    code = ["91310000MADEM0002C", "91440000MADEM0003J", "91330000MADEM0004T"][place]
    return re.search(r"\S{40,}", market("token", "create", "--party", code, "--role", "enterprise").stdout).group(), code


def column(name, kind="text", **rules):
    return {"name": name, "type": kind, "zh": name, "en": name, **rules}


@functools.cache
def entry_code():
    for title in ("Airport Runway and Taxiway", "機場"):
        for found in get(f"/v1/directory/entries?q={urllib.parse.quote(title)}", role=None)["items"]:
            return found["code"]


SOURCE = {"title": "synthetic", "url": "https://example.org"}


def offer(code, kind="free", **more):
    return {
        "code": code, "kind": kind, "price_minor": 0, "currency": "CNY", "title": {"zh": code, "en": code},
        "purposes": ["research"], "term_days": 365, **more}


def accept_flags(product):
    for flag in every("/v1/conditions/flags?state=open", role="administrator"):
        if product in json.dumps(flag):
            good(call("POST", f"/v1/conditions/flags/{flag['id']}/decision",
                      {"decision": "accept", "basis": "synthetic agreement"}, role="administrator"))


def every(path, **arguments):
    """All items of a list."""
    items, cursor = [], None
    while True:
        page = get(path + (f"{'&' if '?' in path else '?'}cursor={urllib.parse.quote(cursor)}" if cursor else ""), **arguments)
        items += page["items"]
        cursor = page.get("next")
        if not cursor:
            return items


class Product:
    """A product of the operator's own, listed, with a free offer that reaches all revisions."""

    made = 0
    making = threading.Lock()

    def __init__(self, columns, table, offers=(), entry=None, **more):
        with Product.making:
            Product.made += 1
            self.code = f"DP-T{run}-{Product.made}"
        self.columns = columns
        self.free = f"OF-T{run}-{self.code[3:].split('-')[1]}-F"
        stated = {
            "code": self.code, "title": {"zh": self.code, "en": self.code}, "description": {"zh": "x", "en": "x"},
            "kind": "data_set", "use_class": "industry", "table": "table.csv", "source": SOURCE, "columns": columns,
            "entries": [{"code": entry or entry_code()}], "content": base64.b64encode(table).decode(),
            "offers": [offer(self.free)] + [one | {"code": self.offer(one["code"])} for one in offers],
            "credentials": [
                {"kind": kind, "issuer": "11350000MADEM90013"}
                for kind in ("resource_registration", "product_registration", "authorisation", "price_approval")],
            **more}
        good(call("POST", "/v1/products", stated, role="operator"), 201)
        accept_flags(self.code)
        for paper in get(f"/v1/products/{self.code}/credentials", role="operator")["items"]:
            good(call("POST", f"/v1/credentials/{paper['id']}/steps",
                      {"state": "in_force", "reason": "issued", "number": "SYNTHETIC", "since": "2026-01-01",
                      "until": "2028-01-01"},
                      role="administrator"))
        good(call("POST", f"/v1/products/{self.code}/listing", role="operator"))

    def offer(self, name):
        return f"OF-T{run}-{self.code[3:].split('-')[1]}-{name}"

    def buy(self, name=None, token=None):
        """- Returns: the entitlement."""
        bought = good(call(
            "POST", "/v1/purchases", {"offer": self.offer(name) if name else self.free, "purpose": "research"},
            token=token, headers={"Idempotency-Key": str(uuid.uuid4())}), 201).json()
        return bought["entitlement"]["id"]

    def path(self, number, rest=""):
        return f"/v1/products/{self.code}/revisions/{number}{rest}"

    def state(self, number, columns=None, **more):
        """States the contract of a revision."""
        return call("PUT", self.path(number), {"columns": columns or self.columns, "source": SOURCE, **more}, role="operator")

    def send(self, number, content, kind=CSV, name=None, query="", root=None, **headers):
        rest = f"/content/{urllib.parse.quote(name)}" if name else "/content"
        return call("PUT", self.path(number, rest + query), content, role="operator", root=root,
                    headers={"Content-Type": kind} | {key.replace("_", "-"): value for key, value in headers.items()})

    def publish(self, number, content, kind=CSV, **headers):
        """Sends a revision as one file, and waits for it."""
        return self.ended(number, good(self.send(number, content, kind, **headers), 201, 202))

    def ended(self, number, answer=None):
        until = time.monotonic() + 150
        while True:
            upload = self.upload(number)
            if upload.get("state", "published") in ("published", "refused"):
                break
            true(time.monotonic() < until, f"the check of {self.code} does not end")
            time.sleep(0.1)
        equal(upload.get("state", "published"), "published", json.dumps(upload.get("refusal"), ensure_ascii=False))
        return upload

    def upload(self, number):
        return get(self.path(number), role="operator")

    def broken(self, number, content, kind=CSV, **headers):
        """Sends what breaks the contract. - Returns: the problems."""
        answer = self.settled(number, self.send(number, content, kind, **headers))
        if answer.status_code == 200:
            equal(answer.json().get("state"), "refused", answer.text[:300])
        else:
            refused(answer, 422)
        newest = get(f"/v1/products/{self.code}/revisions", role=None)["items"][0]["number"]
        true(newest < number, f"revision {number} is published though it was refused")
        refusal = answer.json()["refusal"]
        true(refusal["count"] >= len(refusal["problems"]) > 0, refusal)
        return refusal["problems"]

    def settled(self, number, answer):
        """The answer to a revision that was sent, or what is there when its check has ended; a server that was killed during
        it is waited for."""
        until = time.monotonic() + 200
        while answer.status_code == 202 or answer.status_code == 200 and answer.json().get("state") == "checking":
            true(time.monotonic() < until, f"the check of revision {number} of {self.code} does not end")
            time.sleep(0.5)
            answer = call("GET", self.path(number), role="operator")
        return answer

    def table_ready(self):
        """A revision that came with its listing is made a table soon after."""
        until = time.monotonic() + 60
        while not get(self.path(1), role=None).get("is_table"):
            if time.monotonic() > until:
                return False
            time.sleep(0.2)
        return True


def usage(entitlement, meter="download", token=None):
    totals = {total["meter"]: total for total in get(f"/v1/entitlements/{entitlement}/usage", token=token)["totals"]}
    return int(float(totals.get(meter, {"quantity": 0})["quantity"]))


def deliveries(entitlement, token=None):
    return every(f"/v1/entitlements/{entitlement}/deliveries", token=token)


def content(entitlement, query="", method="GET", token=None, **headers):
    return call(method, f"/v1/entitlements/{entitlement}/content{query}", token=token,
                headers={key.replace("_", "-"): value for key, value in headers.items()})


def written(rows, header=None, delimiter=","):
    """Rows as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(([header] if header else []) + [list(row) for row in rows])
    return out.getvalue().encode()


def read(table):
    return list(csv.reader(io.StringIO(table.decode("utf-8"), newline="")))


def eventually(condition, seconds=30, about="it does not happen"):
    until = time.monotonic() + seconds
    while not (found := condition()):
        true(time.monotonic() < until, about)
        time.sleep(0.2)
    return found


# MARK: Delta Sharing's helpers


def credential(right, token=None, **body):
    return good(call("POST", f"/v1/entitlements/{right}/credentials", body, token=token), 201).json()


def profile_file(right, token=None):
    profile = credential(right, token)
    file = folder / f"{profile['id']}.share"
    file.write_text(json.dumps(profile))
    return str(file)


def table_url(product, right, token=None):
    return f"{profile_file(right, token)}#market.products.{product.code}"




# MARK: A table with a column of each type

KINDS = ["integer", "text", "date", "number", "boolean", "datetime"]
HEADER = ["id", "name", "born", "weight", "ok", "at"]
COLUMNS = [column(name, kind) for name, kind in zip(HEADER, KINDS)]
UTC = datetime.timezone.utc


def moment(text):
    return datetime.datetime.fromisoformat(text).astimezone(UTC)


ROWS = [
    (1, "plain", datetime.date(2020, 2, 29), 1.5, True, moment("2024-01-01T08:00:00+08:00")),
    (2, "line\nbreak, comma and \"marks\"", datetime.date(1899, 12, 31), -0.001, False, moment("1969-07-20T20:17:40+00:00")),
    (3, "空氣品質 😀 é", None, None, None, None),
    (4, None, datetime.date(9999, 12, 31), 1e300, True, moment("2024-06-01T00:00:00.123456+00:00")),
    (-(2**63), "=1+1", datetime.date(2024, 1, 1), 0.1, False, moment("2024-12-31T23:59:59+00:00")),
    (2**63 - 1, "007", datetime.date(2024, 1, 2), 123456789.0, True, moment("2025-01-01T00:00:00+00:00")),
    (7, "null", datetime.date(2024, 1, 3), 1e-9, False, moment("2025-01-01T00:00:01+00:00")),
]


def text_of(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, (datetime.date, datetime.datetime)) else str(value)


def as_csv(rows, header=HEADER, delimiter=","):
    return written([[text_of(value) for value in row] for row in rows], header, delimiter)


def as_jsonl(rows, header=HEADER):
    said = [
        {name: value if value is None or isinstance(value, (bool, int, float)) else text_of(value)
         for name, value in zip(header, row)} for row in rows]
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in said).encode()


def as_parquet(rows, **options):
    kinds = [pyarrow.int64(), pyarrow.string(), pyarrow.date32(), pyarrow.float64(), pyarrow.bool_(),
             pyarrow.timestamp("us", tz="UTC")]
    table = pyarrow.table(
        [pyarrow.array([row[place] for row in rows], kind) for place, kind in enumerate(kinds)], names=HEADER)
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out, **options)
    return out.getvalue()


def value_of(text, kind):
    if text is None or text == "":
        return None
    if kind == "boolean":
        return {"true": True, "false": False, True: True, False: False}[text]
    if kind == "date":
        return datetime.date.fromisoformat(text)
    if kind == "datetime":
        return moment(text)
    return {"integer": int, "number": float, "text": str}[kind](text)


def of_csv(content):
    header, *rows = read(content)
    equal(header, HEADER, "header")
    return [tuple(value_of(cell, kind) for cell, kind in zip(row, KINDS)) for row in rows]


def of_jsonl(content):
    rows = [json.loads(line) for line in content.decode().split("\n")[:-1]]
    return [tuple(value_of(row.get(name), kind) for name, kind in zip(HEADER, KINDS)) for row in rows]


def of_frame(frame):
    def plain(value, kind):
        if value is None or value is pandas.NaT or (isinstance(value, float) and value != value):
            return None
        if kind == "datetime":
            return pandas.Timestamp(value).tz_convert("UTC").to_pydatetime()
        if kind == "date" and isinstance(value, pandas.Timestamp):
            return value.date()
        return {"integer": int, "boolean": bool, "number": float}.get(kind, lambda same: same)(value)
    return [
        tuple(plain(value, kind) for value, kind in zip(row, KINDS))
        for row in frame[HEADER].itertuples(index=False, name=None)]


def of_parquet(content):
    table = pyarrow.parquet.read_table(io.BytesIO(content))
    equal(table.column_names, HEADER, "columns")
    return [tuple(value.astimezone(UTC) if isinstance(value, datetime.datetime) else value for value in row)
            for row in zip(*[one.to_pylist() for one in table.columns])]


def of_xlsx(content):
    """Only the standard library: a sheet is a few elements of XML."""
    import xml.etree.ElementTree as xml

    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        equal(book.testzip(), None)
        sheet = xml.fromstring(book.read("xl/worksheets/sheet1.xml"))
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            shared = ["".join(text.text or "" for text in item.iter(space + "t"))
                      for item in xml.fromstring(book.read("xl/sharedStrings.xml"))]
    rows = []
    for row in sheet.iter(space + "row"):
        cells = {}
        for cell in row.iter(space + "c"):
            true(cell.find(space + "f") is None, "a cell is a formula")
            place, kind, value = ord(cell.get("r")[0]) - 65, cell.get("t"), cell.find(space + "v")
            if kind == "inlineStr":
                cells[place] = "".join(text.text or "" for text in cell.iter(space + "t"))
            elif value is not None:
                cells[place] = shared[int(value.text)] if kind == "s" else (
                    value.text == "1" if kind == "b" else value.text if kind == "str" else float(value.text))
        rows.append([cells.get(place) for place in range(len(HEADER))])
    equal(rows[0], HEADER, "header")
    start = datetime.datetime(1899, 12, 30, tzinfo=UTC)

    def typed(value, kind):
        if isinstance(value, float) and kind in ("date", "datetime"):
            found = start + datetime.timedelta(milliseconds=round(value * 86_400_000))
            return found.date() if kind == "date" else found
        if isinstance(value, float) and kind == "integer":
            return int(value)
        return value if isinstance(value, (bool, float)) else value_of(value, kind)
    return [tuple(typed(value, kind) for value, kind in zip(row, KINDS)) for row in rows[1:]]


def of_rows(product, right):
    """By the small reads, which start no process."""
    items = get(f"/v1/products/{product.code}/rows?limit=1000&entitlement={right}")["items"]
    return [tuple(value if (value := item[name]) is None or not isinstance(value, str) or kind == "text" else value_of(value,
        kind)
                  for name, kind in zip(HEADER, KINDS)) for item in items]


def milliseconds(rows):
    """What a sheet keeps of times."""
    return [tuple(value.replace(microsecond=value.microsecond // 1000 * 1000) if isinstance(value, datetime.datetime) else value
                  for value in row) for row in rows]


# MARK: Uploads

section("uploads")


class Sender:
    """An upload by hand, which can be cut anywhere."""

    def __init__(self, product, number, length, rest="/content?publish=false", **headers):
        place = urllib.parse.urlparse(headers.pop("root", base))
        self.socket = socket.create_connection((place.hostname, place.port), timeout=60)
        lines = {"Host": place.netloc, "Authorization": f"Bearer {tokens['operator']}", "Content-Type": CSV,
                 "Content-Length": length} | {key.replace("_", "-"): value for key, value in headers.items()}
        head = f"PUT {product.path(number, rest)} HTTP/1.1\r\n" + "".join(f"{key}: {value}\r\n" for key, value in lines.items())
        self.socket.sendall(head.encode() + b"\r\n")

    def send(self, content):
        self.socket.sendall(content)
        return self

    def cut(self):
        self.socket.close()

    def answer(self):
        response = http.client.HTTPResponse(self.socket)
        response.begin()
        return response.status, response.read().decode()


def offset(product, number, rest="/content"):
    answer = good(call("HEAD", product.path(number, rest), role="operator"), 204, 200)
    return int(answer.headers["Upload-Offset"])


@functools.cache
def cut_product():
    return Product([column("id", "integer"), column("text")], b"id,text\n1,a\n")


def long_table(rows, seed=1):
    dice = random.Random(seed)
    return written([[number, f"{dice.getrandbits(240):060x}"] for number in range(rows)], ["id", "text"])


@check("curl -T publishes a file, which is named with its SHA-256 and SM3")
def _():
    product = Product(COLUMNS, as_csv(ROWS[:1]))
    file = folder / "upload.csv"
    file.write_bytes(as_csv(ROWS))
    done = subprocess.run(
        ["curl", "-sS", "-T", file, "-H", f"Authorization: Bearer {tokens['operator']}", base + product.path(2, "/content")],
        capture_output=True, text=True)
    equal(json.loads(done.stdout).get("state"), "published", done.stdout + done.stderr)
    shown = get(product.path(2), role=None)
    equal((shown["sha256"], shown["sm3"], shown["bytes"], shown["rows"]),
          (hashlib.sha256(file.read_bytes()).hexdigest(), hashlib.new("sm3", file.read_bytes()).hexdigest(),
           file.stat().st_size, len(ROWS)))


@check("an upload that is cut at any tenth of its length shows nothing, says how much arrived, and goes on from there")
def _():
    product, table = cut_product(), long_table(20_000)
    for tenth in range(10):
        cut = len(table) * tenth // 10
        Sender(product, 2, len(table)).send(table[:cut]).cut()
        eventually(lambda: offset(product, 2) == cut, 10, f"{offset(product, 2)} bytes of {cut} arrived")
        refused(call("GET", product.path(2), role=None), 404)
        answer = product.send(2, table[cut:], query="?publish=false",
            Content_Range=f"bytes {cut}-{len(table) - 1}/{len(table)}")
        equal(good(answer, 201).json()["files"][0]["sha256"], hashlib.sha256(table).hexdigest(), f"cut at {cut}")
        equal(good(answer).json()["state"], "receiving")


@check("an upload that is cut at each tenth in turn is whole in the end")
def _():
    product, table = cut_product(), long_table(20_000, 2)
    ends = [len(table) * tenth // 10 for tenth in range(1, 11)]
    for start, end in zip([0, *ends], ends):
        sender = Sender(product, 2, len(table) - start, Content_Range=f"bytes {start}-{len(table) - 1}/{len(table)}")
        sender.send(table[start:end])
        if end < len(table):
            sender.cut()
            eventually(lambda: offset(product, 2) == end, 10, f"{offset(product, 2)} bytes of {end} arrived")
    status, body = sender.answer()
    equal((status, json.loads(body)["files"][0]["sha256"]), (201, hashlib.sha256(table).hexdigest()))


@check("curl -C goes on with an upload")
def _():
    product, table = cut_product(), long_table(20_000, 3)
    file = folder / "resumed.csv"
    file.write_bytes(table)
    Sender(product, 2, len(table)).send(table[:777_777]).cut()
    eventually(lambda: offset(product, 2) == 777_777, 10)
    done = subprocess.run(
        ["curl", "-sS", "-T", file, "-C", "777777", "-H", f"Authorization: Bearer {tokens['operator']}", "-H",
        f"Content-Type: {CSV}",
         base + product.path(2, "/content?publish=false")], capture_output=True, text=True)
    equal(json.loads(done.stdout)["files"][0]["sha256"], hashlib.sha256(table).hexdigest(), done.stdout)


@check("a file of unknown length is taken in chunks, and one that ends before its last chunk is not")
def _():
    product, table = cut_product(), long_table(20_000, 30)
    done = subprocess.run(
        ["curl", "-sS", "-T", "-", "-H", f"Authorization: Bearer {tokens['operator']}", "-H", f"Content-Type: {CSV}",
         base + product.path(2, "/content?publish=false")], input=table, capture_output=True)
    equal(json.loads(done.stdout)["files"][0]["sha256"], hashlib.sha256(table).hexdigest(), done.stdout)
    other = long_table(100, 31)
    place = socket.create_connection((host, port))
    place.sendall(f"PUT {product.path(2, '/content?publish=false')} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tokens['operator']}\r\n"
                  f"Content-Type: {CSV}\r\nTransfer-Encoding: chunked\r\n\r\n{len(other):x}\r\n".encode() + other + b"\r\n")
    eventually(lambda: offset(product, 2) == len(other), 10)
    place.close()
    time.sleep(0.5)
    equal(product.upload(2)["files"][0]["sha256"], hashlib.sha256(table).hexdigest(), "a file that never ended was taken")


@check("while a revision is checked it takes no bytes, contract or removal, and a second publication waits for the same check")
def _():
    product, table = Product([column("id", "integer"), column("text")], b"id,text\n1,a\n"), long_table(150_000, 40)
    good(product.send(2, table, query="?publish=false"), 201)
    name = product.upload(2)["files"][0]["name"]
    with ThreadPoolExecutor(2) as pool:
        first, second = [pool.submit(call, "POST", product.path(2, "/publication"), None, "operator") for _ in range(2)]
        eventually(lambda: product.upload(2)["state"] == "checking", 10)
        answers = [product.send(2, b"id,text\n", query="?publish=false"), product.state(2),
                   call("DELETE", product.path(2, f"/content/{name}"), role="operator")]
        still = product.upload(2).get("state")
        true({first.result().status_code, second.result().status_code} <= {201, 202},
            (first.result().text, second.result().text))
    if still == "checking":
        for answer in answers:
            refused(answer, (404, 409))
    product.ended(2)
    equal(get(product.path(2), role=None)["sha256"], hashlib.sha256(table).hexdigest())


@check("pieces with Content-Range are taken one after the other, and the offset is told after each")
def _():
    product, table = cut_product(), long_table(100, 4)
    answer = product.send(2, table[:50], query="?publish=false", Content_Range=f"bytes 0-49/{len(table)}")
    equal((answer.status_code, answer.headers.get("Upload-Offset")), (202, "50"))
    answer = product.send(2, table[50:], query="?publish=false", Content_Range=f"bytes 50-{len(table) - 1}/{len(table)}")
    good(answer, 201)


@check("a wrong offset is refused with what has arrived, and a Content-Range that is none by its name")
def _():
    product, table = cut_product(), long_table(100, 5)
    good(product.send(2, table[:50], query="?publish=false", Content_Range=f"bytes 0-49/{len(table)}"), 202)
    answer = product.send(2, table[60:], query="?publish=false", Content_Range=f"bytes 60-{len(table) - 1}/{len(table)}")
    refused(answer, (400, 409), "50")
    equal(offset(product, 2), 50)
    for header in ("bytes 50-10/100", "bytes 0-100/100", "bytes x-y/z", "50-99/100", "bytes */100", "bytes -5-9/100",
        "bytes 0-9"):
        refused(product.send(2, b"x", query="?publish=false", Content_Range=header), 400, "Content-Range")
        equal(offset(product, 2), 50, f"after {header}")
    # The body is shorter or longer than it says.
    refused(product.send(2, table[50:60], query="?publish=false", Content_Range=f"bytes 50-{len(table) - 1}/{len(table)}"),
        (400, 409))
    equal(offset(product, 2), 60)
    refused(product.send(2, table[60:], query="?publish=false", Content_Range=f"bytes 60-69/{len(table)}"), (400, 409))
    true(offset(product, 2) <= 70, "more has arrived than the range said")


@check("a wrong Repr-Digest is refused by its name and the bytes go; right ones are accepted")
def _():
    product, table = cut_product(), long_table(100, 6)

    def digest(name, content):
        return f"{name}=:{base64.b64encode(hashlib.new(name.replace('-', ''), content).digest()).decode()}:"
    for name in ("sha-256", "sm3"):
        answer = product.send(2, table, query="?publish=false", Repr_Digest=digest(name, b"other"))
        refused(answer, 400, "Repr-Digest", hashlib.new(name.replace("-", ""), table).hexdigest())
        equal(offset(product, 2), 0)
    for header in ("sha-256=abc", "sha-256=:***:", "sha-256"):
        refused(product.send(2, table, query="?publish=false", Repr_Digest=header), 400, "Repr-Digest")
    both = f"{digest('sha-256', table)}, {digest('sm3', table)}"
    good(product.send(2, table, query="?publish=false", Repr_Digest=both), 201)


@check("of two senders at once the second is refused, and the first one's file is whole")
def _():
    product, table = cut_product(), long_table(20_000, 7)
    first = Sender(product, 2, len(table)).send(table[: len(table) // 2])
    eventually(lambda: offset(product, 2) > 0, 10)
    refused(product.send(2, long_table(10), query="?publish=false"), 409)
    status, body = first.send(table[len(table) // 2:]).answer()
    equal((status, json.loads(body)["files"][0]["sha256"]), (201, hashlib.sha256(table).hexdigest()), body[:300])


@check("sixteen whole uploads at once leave one of them, whole")
def _():
    product = cut_product()
    tables = [long_table(3000, 100 + seed) for seed in range(16)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda table: product.send(2, table, query="?publish=false").status_code, tables))
    true(set(answers) <= {201, 409} and 201 in answers, answers)
    true(product.upload(2)["files"][0]["sha256"] in {hashlib.sha256(table).hexdigest() for table in tables}, "mixed bytes")


@check("a published revision refuses bytes, contract, removal and publication; so does a number that is not next")
def _():
    product = cut_product()
    product.publish(2, long_table(10))
    for answer in (product.send(2, long_table(20)), product.send(2, long_table(20), name="more.csv"), product.state(2),
                   product.send(1, long_table(20)), product.send(4, long_table(20)), product.state(9),
                   call("POST", product.path(2, "/publication"), role="operator")):
        refused(answer, 409)
    refused(call("DELETE", product.path(2, "/content/x.csv"), role="operator"), (404, 409))
    for number in ("0", "-1", "x", "99999999999999999999", "1.5"):
        refused(call("PUT", f"/v1/products/{product.code}/revisions/{number}/content", b"x", role="operator"), 400, "number")
    equal(get(product.path(2), role=None)["sha256"], hashlib.sha256(long_table(10)).hexdigest())
    refused(call("POST", product.path(3, "/publication"), role="operator"), 404)


@check("only the operator of a product sends revisions of it")
def _():
    path = cut_product().path(3, "/content")
    equal(call("PUT", path, b"x", role=None).status_code, 401)
    equal(call("PUT", path, b"x", role="enterprise").status_code, 403)
    equal(call("PUT", path, b"x", role="administrator").status_code, 403)
    refused(call("PUT", "/v1/products/DP-NONE/revisions/2/content", b"x", role="operator"), 404)
    refused(call("GET", cut_product().path(3), role=None), 404)


@check("the same content again is no new revision")
def _():
    product = cut_product()
    answer = product.settled(3, product.send(3, long_table(10)))
    true(answer.status_code in (409, 422) or answer.json().get("state") == "refused", answer.text)
    true("same" in answer.text or "already" in answer.text or "相同" in answer.text, answer.text)
    refused(call("GET", product.path(3), role=None), 404)


@check("several files in three formats are one revision, without the one that was removed")
def _():
    product = Product(COLUMNS, as_csv(ROWS[:1]))
    for name, table, kind in [("2024 甲.csv", as_csv(ROWS[:3]), CSV), ("b.jsonl", as_jsonl(ROWS[3:5]), JSONL),
                                ("c.parquet", as_parquet(ROWS[5:]), PARQUET), ("wrong.csv", b"x\n1\n", CSV)]:
        equal(good(product.send(2, table, kind, name=name), 201).json()["state"], "receiving")
    good(call("DELETE", product.path(2, "/content/wrong.csv"), role="operator"), 204)
    refused(call("DELETE", product.path(2, "/content/wrong.csv"), role="operator"), 404)
    equal([file["name"] for file in product.upload(2)["files"]], ["2024 甲.csv", "b.jsonl", "c.parquet"])
    refused(call("GET", product.path(2), role=None), 404)
    product.ended(2, good(call("POST", product.path(2, "/publication"), role="operator"), 201, 202))
    right = product.buy()
    equal(get(product.path(2), role=None)["rows"], len(ROWS))
    equal(of_csv(good(content(right)).content), ROWS, "without a format")
    equal(of_parquet(good(content(right, "?format=parquet")).content), ROWS)
    refused(content(right, "?format=original"), 400, "file", "b.jsonl")
    refused(content(right, "?format=original&file=no.csv"), 400, "file", "b.jsonl")
    answer = good(content(right, "?format=original&file=" + urllib.parse.quote("2024 甲.csv")))
    equal(answer.content, as_csv(ROWS[:3]))
    true("filename*=UTF-8''2024%20%E7%94%B2.csv" in answer.headers["Content-Disposition"], answer.headers)
    refused(content(right, "?format=csv&file=b.jsonl"), 400, "file")


@check("bad names of files and media types are refused")
def _():
    product = cut_product()
    for name in (".hidden", "%2E%2E%2Fx", "a%2Fb.csv", "a%5Cb", "%00", "a%0Ab", "x" * 201, "%FF"):
        answer = call("PUT", product.path(3, f"/content/{name}"), b"id,text\n1,a\n", role="operator",
            headers={"Content-Type": CSV})
        true(answer.status_code in (400, 404, 405), f"{name}: {answer.status_code} {answer.text[:200]}")
    for kind in ("application/pdf", "text/html", "image/png", "application/json"):
        refused(product.send(3, b"x", kind), 400, "Content-Type")
    refused(product.send(3, b"x", f"{CSV}; charset=\"a'b\""), 400, "Content-Type")
    refused(product.send(3, b"x", Content_Encoding="br"), 400, "Content-Encoding")
    refused(product.send(3, as_parquet(ROWS), PARQUET, Content_Encoding="gzip"), 400, "Content-Encoding")


FORMS = {
    "JSON Lines": (lambda rows: as_jsonl(rows), JSONL, {}),
    "JSON Lines under its other name": (lambda rows: as_jsonl(rows), "application/x-ndjson", {}),
    "Parquet": (lambda rows: as_parquet(rows), PARQUET, {}),
    "CSV with gzip": (lambda rows: gzip.compress(as_csv(rows)), CSV, {"Content_Encoding": "gzip"}),
    "JSON Lines with gzip": (lambda rows: gzip.compress(as_jsonl(rows)), JSONL, {"Content_Encoding": "gzip"}),
    "CSV with a byte-order mark": (lambda rows: b"\xef\xbb\xbf" + as_csv(rows), CSV, {}),
    "CSV with semicolons": (lambda rows: as_csv(rows, delimiter=";"), CSV, {}),
    "CSV with tabs": (lambda rows: as_csv(rows, delimiter="\t"), CSV, {}),
    "CSV with line feeds alone": (lambda rows: as_csv(rows).replace(b"\r\n", b"\n"), CSV, {}),
    "CSV with empty lines at its end": (lambda rows: as_csv(rows) + b"\r\n\r\n", CSV, {}),
    "CSV without a last line end": (lambda rows: as_csv(rows).removesuffix(b"\r\n"), CSV, {}),
    "CSV in UTF-16 with its mark": (lambda rows: as_csv(rows).decode().encode("utf-16"), f"{CSV}; charset=utf-16", {}),
    "CSV in GB18030": (lambda rows: as_csv(rows).decode().encode("gb18030"), f"{CSV}; charset=gb18030", {}),
    "CSV in GBK": (lambda rows: as_csv(SIMPLE_ROWS).decode().encode("gbk"), f"{CSV}; charset=GBK", {}),
    "CSV in Big5": (lambda rows: as_csv(TRADITIONAL_ROWS).decode().encode("big5"), f'{CSV}; charset="big5"', {}),
}
SIMPLE = "数据管理局负责全省公共数据资源的统筹管理工作时间为星期一至星期五"
TRADITIONAL = "臺灣省臺北市信義區市府路一號辦公時間為星期一至星期五上午八時至下午五時"
SIMPLE_ROWS = [(number, SIMPLE[number:], None, None, None, None) for number in range(7)]
TRADITIONAL_ROWS = [(number, TRADITIONAL[number:], None, None, None, None) for number in range(7)]


@check("a revision of fifteen files, in CSV of all kinds and charsets, JSON Lines, Parquet and with gzip, is read without loss")
def _():
    product = Product(COLUMNS, as_csv(ROWS[:1]))
    right = product.buy()
    expected = []
    for number, (form, (write, kind, headers)) in enumerate(FORMS.items()):
        good(product.send(2, write(ROWS), kind, name=f"{number:02} {form}", **headers), 201)
        expected.append(SIMPLE_ROWS if "GBK" in form else TRADITIONAL_ROWS if "Big5" in form else ROWS)
    product.ended(2, good(call("POST", product.path(2, "/publication"), role="operator"), 201, 202))
    found = of_rows(product, right)
    equal(len(found), sum(map(len, expected)))
    for number, form in enumerate(FORMS):
        equal(found[7 * number: 7 * number + 7], expected[number], form)


@functools.cache
def words_product():
    product = Product([column("id", "integer"), column("名")], "id,名\n1,一\n".encode())
    return product, product.buy()


def next_number(product):
    return get(f"/v1/products/{product.code}/revisions", role=None)["items"][0]["number"] + 1


for charset, words in [("gb18030", SIMPLE), ("big5", TRADITIONAL)]:
    def _(charset=charset, words=words):
        product, right = words_product()
        number = next_number(product)
        rows = [["1", words], ["2", words[::-1]], ["3", charset]]
        table = written(rows, ["id", "名"]).decode().encode(charset)
        problems = product.broken(number, table)
        true("charset" == problems[0]["rule"] and problems[0]["line"] in (1, 2), problems)
        true(charset in problems[0]["en"], f"the charset is not suggested: {problems}")
        product.publish(number, table, f"{CSV}; charset={charset}")
        items = get(f"/v1/products/{product.code}/rows?entitlement={right}")["items"]
        equal([[str(item["id"]), item["名"]] for item in items], rows)
    check(f"a table in {charset} is refused with the line and the likely charset, and read when it is stated")(_)


@check("bytes that are in no charset, and a charset that does not exist, are refused with the line")
def _():
    product, _ = words_product()
    number = next_number(product)
    problems = product.broken(number, "id,名\n1,好\n2,".encode() + b"\xff\xfe\xff\n")
    equal((problems[0]["rule"], problems[0]["line"]), ("charset", 3), problems)
    problems = product.broken(number, "id,名\n1,好\n".encode(), f"{CSV}; charset=klingon")
    equal(problems[0]["rule"], "charset", problems)
    product.publish(number, "id,名\n1,后来\n".encode())


@check("ragged rows are refused with their lines, nothing is published, and the mended file takes the same number")
def _():
    product = Product(COLUMNS, as_csv(ROWS[:2]))
    right = product.buy()
    true(product.table_ready(), "no table")
    lines = as_csv(ROWS).split(b"\r\n")
    # The second record has a line break in it, so that the fourth begins at line 6.
    bad = b"\r\n".join(lines[:4] + [b"8,too,few", lines[4], b"9,a,,,,,too,many", *lines[5:]])
    good_lines = bad.split(b"\n")
    expected = [number for number, line in enumerate(good_lines, 1) if line.startswith((b"8,too", b"9,a"))]
    problems = product.broken(2, bad)
    equal([problem["line"] for problem in problems], expected, problems)
    true(all("cells" in problem["en"] and problem["zh"] for problem in problems), problems)
    equal(of_csv(good(content(right, "?format=csv")).content), ROWS[:2], "what was published before")
    refused(call("GET", product.path(2), role=None), 404)
    refused(content(right, "?revision=2"), 404)
    refused(call("POST", product.path(2, "/publication"), role="operator"), 409)
    product.publish(2, as_csv(ROWS))
    equal(of_csv(good(content(right, "?format=csv")).content), ROWS)


@check("a quotation mark that is never closed is refused with its line")
def _():
    product = cut_product()
    problems = product.broken(3, b'id,text\n1,a\n2,"never closed\n3,c\n')
    equal(problems[0]["line"], 3, problems)


STRICT = [
    column("id", "integer", required=True, unique=True), column("kind", values=["a", "b"]),
    column("share", "number", minimum=0, maximum=1),
    column("day", "date", minimum="2020-01-01", maximum="2020-12-31"), column("who", personal=True, required=True),
    column("at", "datetime"), column("ok", "boolean"), column("count", "integer")]


@functools.cache
def strict_product():
    return new_strict_product()


def new_strict_product():
    product = Product([column(one["name"], one["type"], personal=one.get("personal", False)) for one in STRICT],
                      written([["1", "a", "0.5", "2020-01-01", "x", "", "", "1"]], [one["name"] for one in STRICT]),
                      assessment="SYNTHETIC-PIA")
    good(product.state(2, STRICT, keys=["kind", "count"]))
    return product


STRICT_ROWS = [[str(number), "ab"[number % 2], f"{number / 100}", f"2020-03-{number + 1:02}", f"name {number}",
                "2020-01-01T00:00:00Z", "true", str(number)] for number in range(20)]


@check("each rule of a contract is named with line, column, value and reason, and hidden values stay hidden")
def _():
    product = strict_product()
    rows = [list(row) for row in STRICT_ROWS]
    rows[1][0] = "1.5"
    rows[2][0] = ""
    rows[3][0] = "4"
    rows[5][1] = "c"
    rows[6][2] = "1.01"
    rows[7][2] = "-0.5"
    rows[8][3] = "2021-01-01"
    rows[9][3] = "2020-02-30"
    rows[10][4] = "  "
    rows[11][5] = "25:00"
    rows[12][6] = "maybe"
    rows[13][7] = "1e400"
    rows[14][2] = "NaN"
    problems = product.broken(2, written(rows, [one["name"] for one in STRICT]))
    types = {(problem["line"], problem["column"], problem.get("value"), problem["rule"]) for problem in problems}
    for line, name, value in [(3, "id", "1.5"), (11, "day", "2020-02-30"), (13, "at", "25:00"), (14, "ok", "maybe"),
                              (15, "count", "1e400"), (16, "share", "NaN")]:
        true((line, name, value, "type") in types, f"line {line}, {name} = {value} is not among {types}")
    for line, name, rule in [(4, "id", "required"), (7, "kind", "values"), (8, "share", "maximum"), (9, "share", "minimum"),
                             (10, "day", "maximum"), (12, "who", "required")]:
        true(any((line, name, rule) == (found[0], found[1], found[3]) for found in types), f"{line} {name} {rule}: {types}")
    true(any(found[3] == "unique" and found[1] == "id" and found[0] == 6 for found in types), f"unique: {types}")
    true(all(problem["en"] and problem["zh"] for problem in problems), problems)


@check("a key that repeats is named with the line it repeats, and no value of a personal column is shown")
def _():
    product = strict_product()
    rows = [list(row) for row in STRICT_ROWS]
    rows[5][1], rows[5][7] = rows[3][1], rows[3][7]
    problems = product.broken(2, written(rows, [one["name"] for one in STRICT]))
    equal([(problem["line"], problem["rule"]) for problem in problems], [(7, "key")], problems)
    true("line 5" in problems[0]["en"], problems)
    good(product.state(2, [one | ({"unique": True} if one["name"] == "who" else {}) for one in STRICT], keys=["kind", "count"]))
    rows = [list(row) for row in STRICT_ROWS]
    rows[7][4] = rows[6][4]
    text = json.dumps(product.broken(2, written(rows, [one["name"] for one in STRICT])))
    true("name 6" not in text, text)
    good(product.state(2, STRICT, keys=["kind", "count"]))


@check("a hundred thousand bad values are counted, and the first hundred named")
def _():
    product = strict_product()
    rows = [["x", "z", "2", "1999-01-01", "p", "", "", number] for number in range(25_000)]
    problems = product.broken(2, written(rows, [one["name"] for one in STRICT]))
    equal((product.upload(2)["refusal"]["count"], len(problems)), (100_000, 100))


@check("what keeps a contract of every kind of rule is published")
def _():
    product = strict_product()
    product.publish(2, written(STRICT_ROWS, [one["name"] for one in STRICT]))


@check("contracts that cannot hold are refused by their member")
def _():
    product = strict_product()
    for columns, more, word in [
            ([], {}, "columns"), ([column("a"), column("a")], {}, "columns[1].name"), ([column("")], {}, "columns[0].name"),
            ([column("a", minimum=1)], {}, "columns[0].minimum"),
            ([column("a", "integer", maximum="x")], {}, "columns[0].maximum"),
            ([column("a")], {"keys": ["b"]}, "keys"), ([column("a"), column("A")], {}, "columns"),
            ([column("a", "integer", minimum=5, maximum=1)], {}, "m"),
            ([column("a")], {"keys": ["a", "a"]}, "keys"), ([column(str(number)) for number in range(10_000)], {}, "columns")]:
        answer = call("PUT", product.path(3), {"columns": columns, "source": SOURCE} | more, role="operator")
        true(answer.status_code in (400, 409, 422), f"{str(columns)[:200]} {more}: {answer.status_code} {answer.text[:300]}")
        true(word in answer.text, f"{word}: {answer.text[:300]}")
    for body in (b"", b"{", b"[]", b"null", b'{"columns": 1}', b'{"columns": [1]}', b"\xff"):
        refused(call("PUT", product.path(3), body, role="operator", headers={"Content-Type": "application/json"}), 400)


@check("an allowed value that is not of the column's type does not switch the rule off")
def _():
    answer = strict_product().state(3, [column("id", "integer", values=["1", "x"])])
    if answer.status_code == 200:
        equal(strict_product().broken(3, b"id\n5\n")[0]["rule"], "values")
    else:
        refused(answer, 400, "values")


@check("headers that differ are refused by what is missing, not declared, repeated or out of order")
def _():
    product = cut_product()
    for header, words in [("id,other", ["missing: 'text'", "not declared: 'other'"]), ("text,id", ["order"]),
                          ("id,text,text", ["repeated: 'text'"]), ("id", ["missing: 'text'"]), ("id,Text", ["'Text'"])]:
        problems = product.broken(3, f"{header}\n1,2\n".encode())
        equal((problems[0]["rule"], problems[0]["line"]), ("header", 1), problems)
        true(all(word in problems[0]["en"] for word in words), problems)
    problems = product.broken(3, b'{"id": 1, "text": "a"}\n{"id": 2, "more": 1}\n{"id": 3,\n', JSONL)
    true(problems[0]["line"] in (2, 3), problems)


@check("ten thousand columns are refused by their number")
def _():
    names = [f"c{number}" for number in range(10_000)]
    problems = cut_product().broken(3, written([names], names))
    true(problems[0]["rule"] == "limit" and "10000" in problems[0]["en"], problems)


@check("a table of 100 columns is published and delivered")
def _():
    names = [f"c{number}" for number in range(100)]
    product = Product([column(name, "integer") for name in names], written([[0] * 100], names))
    product.publish(2, written([list(range(100)), [1] * 100], names))
    right = product.buy()
    equal(read(good(content(right, "?format=csv")).content)[1], [str(number) for number in range(100)])
    frame = delta_sharing.load_as_pandas(table_url(product, right))
    equal(list(frame.iloc[0]), list(range(100)))


@check("broken, truncated and swollen Parquet and gzip files are refused, and the server lives")
def _():
    product = cut_product()
    table = pyarrow.table({"id": pyarrow.array(range(1000), pyarrow.int64()), "text": pyarrow.array(["x" * 50] * 1000)})
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out)
    whole = out.getvalue()
    for bad in (whole[: len(whole) // 2], whole[:-1], b"PAR1" + os.urandom(500) + b"PAR1", b"PAR1", b"{}"):
        equal(product.broken(3, bad, PARQUET)[0]["rule"], "format")
    # A megabyte once in a dictionary, and in each row of the table.
    words = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 110_000, pyarrow.int32()), pyarrow.array(["x" * 1_000_000]))
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"id": pyarrow.array(range(110_000), pyarrow.int64()), "text": words}), out)
    true(len(out.getvalue()) < 20_000_000, len(out.getvalue()))
    true(product.broken(3, out.getvalue(), PARQUET)[0]["rule"] in ("limit", "format"), "")
    squeezed = gzip.compress(b"id,text\n1," + b"x" * 200_000_000 + b"\n2,b\n", 1)
    true(product.broken(3, squeezed, Content_Encoding="gzip")[0]["rule"] in ("limit", "format"), "")
    squeezed = gzip.compress(long_table(100))
    equal(product.broken(3, squeezed[:-20], Content_Encoding="gzip")[0]["rule"], "format")
    equal(product.broken(3, b"not gzip", Content_Encoding="gzip")[0]["rule"], "format")
    good(call("GET", "/health/ready", role=None))


@check("an empty file is refused; a header alone is a table without rows in every format")
def _():
    product = Product(COLUMNS, as_csv(ROWS))
    refused(product.send(2, b""), (400, 422), "empty")
    equal(product.broken(2, b"\n")[0]["rule"], "header")
    product.publish(2, as_csv([]))
    right = product.buy()
    equal(get(product.path(2), role=None)["rows"], 0)
    for form, parse in READERS.items():
        equal(parse(good(content(right, f"?format={form}")).content), [], form)
    for delta in (False, True):
        frame = delta_sharing.load_as_pandas(table_url(product, right), use_delta_format=delta)
        equal((len(frame), list(frame.columns)), (0, HEADER), f"Delta Sharing, delta format {delta}")
    equal(get(f"/v1/products/{product.code}/rows")["items"], [])


READERS = {"csv": of_csv, "jsonl": of_jsonl, "parquet": of_parquet, "xlsx": of_xlsx}


@check("the profile counts, orders and bins values, and neither it nor the sample shows personal ones")
def _():
    names = ["id", "group", "day", "phone"]
    columns = [column("id", "integer"), column("group"), column("day", "date"), column("phone", personal=True)]
    rows = [[number, "ab"[number % 2], f"2024-01-{number % 28 + 1:02}", f"13800{number:06}"] for number in range(1000)]
    rows[10][1] = ""
    product = Product(columns, written(rows[:1], names), assessment="SYNTHETIC-PIA")
    product.publish(2, written(rows, names))
    profile = get(f"/v1/products/{product.code}/profile?revision=2", role=None)
    found = {one["name"]: one for one in profile["columns"]}
    equal((profile["rows"], found["id"]["distinct"], found["id"]["minimum"], found["id"]["maximum"]), (1000, 1000, "0", "999"))
    equal((found["group"]["empty"], found["group"]["distinct"]), (1, 2))
    equal(found["id"]["quartiles"], ["249", "499", "749"])
    for name in ("id", "day"):
        equal(sum(bin["count"] for bin in found[name]["histogram"]), 1000, f"histogram of {name}")
    true(len(found["id"]["histogram"]) > 5 and max(bin["count"] for bin in found["id"]["histogram"]) <= 60,
        found["id"]["histogram"])
    equal((found["phone"]["empty"], found["phone"]["personal"]), (0, True))
    for answer in (profile, get(f"/v1/products/{product.code}/sample", role=None), get(product.path(2), role=None)):
        true("13800" not in json.dumps(answer), f"a personal value is shown: {str(answer)[:500]}")
    sample = get(f"/v1/products/{product.code}/sample", role=None)
    equal((sample["revision"], sample["withheld"], len(sample["rows"]), sample["rows"][3][:3]),
        (2, ["phone"], 20, ["3", "b", "2024-01-04"]))
    right = product.buy()
    shared = good(call("POST", f"/delta-sharing/shares/market/schemas/products/tables/{product.code}/query", {},
                       token=credential(right)["bearerToken"]))
    true("13800" not in shared.text, "statistics show personal values")


@check("what changed since the last revision is right, by keys and without")
def _():
    before = [[str(number), "x", "1"] for number in range(100)]
    after = [[str(number), "y" if number < 7 else "x", "1"] for number in range(3, 105)]
    names = ["id", "name", "n"]
    columns = [column("id", "integer"), column("name"), column("n", "integer")]
    keyed = Product(columns, written(before, names), keys=["id"])
    true(keyed.table_ready(), "no table")
    keyed.publish(2, written(after, names))
    equal(pick(get(keyed.path(2), role=None)["changes"], "rows_added", "rows_removed", "rows_changed"), (5, 3, 4))
    good(keyed.state(3, [columns[0], column("n", "number"), column("more")], keys=["id"]))
    keyed.publish(3, written([[row[0], row[2], "z"] for row in after], ["id", "n", "more"]))
    changes = get(keyed.path(3), role=None)["changes"]
    equal(pick(changes, "columns_added", "columns_removed", "rows_added", "rows_removed"), (["more"], ["name"], 0, 0))
    equal([one["name"] for one in changes["columns_retyped"]], ["n"])
    bag = Product(columns, written(before, names))
    true(bag.table_ready(), "no table")
    bag.publish(2, written(after + after[:2], names))
    equal(pick(get(bag.path(2), role=None)["changes"], "rows_added", "rows_removed", "rows_changed"), (11, 7, None))


def pick(document, *names):
    return tuple(document[name] for name in names)


@check("subscribers are told of a revision by notice and webhook, and who bought one revision once is not")
def _():
    import http.server

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass
    told = []
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    token, _ = enterprise(2)
    hook = good(call("POST", "/v1/webhooks", {"url": f"http://127.0.0.1:{receiver.server_port}/"}, token=token), 201).json()
    product = Product(
        COLUMNS, as_csv(ROWS[:1]),
        [offer("S", "subscription", price_minor=100, billing_period="month"), offer("O", "one_off", price_minor=100)])
    subscription = product.buy("S", token=token)
    once, _ = enterprise(1)
    bought = product.buy("O", token=once)
    product.publish(2, as_csv(ROWS))
    notices = [one for one in every("/v1/notices", token=token) if product.code in json.dumps(one)]
    equal([one["kind"] for one in notices if one["kind"] == "revision.published"], ["revision.published"], notices)
    equal([one for one in every("/v1/notices", token=once)
           if one["kind"] == "revision.published" and product.code in json.dumps(one)], [])
    event = eventually(lambda: [one for one in told if one.get("type") == "revision.published"], 30, f"told {told}")[0]
    equal(pick(event["data"], "product", "revision", "rows"), (product.code, 2, len(ROWS)), event)
    equal(of_csv(good(content(subscription, "?format=csv", token=token)).content), ROWS)
    equal(of_csv(good(content(bought, "?format=csv", token=once)).content), ROWS[:1], "bought once")
    refused(content(bought, "?revision=2", token=once), 404)
    refused(call("GET", f"/v1/products/{product.code}/rows?revision=2", token=once), 404)
    good(call("DELETE", f"/v1/webhooks/{hook['id']}", token=token))
    receiver.shutdown()


# MARK: Contract

section("contract")


@functools.cache
def ruled_product():
    product = new_strict_product()
    product.publish(2, written(STRICT_ROWS, [one["name"] for one in STRICT]))
    return product


def lint(text):
    file = folder / f"{uuid.uuid4()}.odcs.yaml"
    file.write_bytes(text)
    done = subprocess.run([datacontract, "lint", file], capture_output=True, text=True)
    true(done.returncode == 0, f"{done.stdout[-900:]} {done.stderr[-300:]}")


@check("datacontract-cli accepts the contract of a demonstration product, of every kind of rule, and of an older revision")
def _():
    equal(good(call("GET", "/v1/products/DP-AIR-001/contract", role=None)).headers["Content-Type"].split(";")[0],
        "application/yaml")
    contracts = [f"/v1/products/{code}/contract" for code in ("DP-AIR-001", ruled_product().code)]
    contracts.append(f"/v1/products/{ruled_product().code}/contract?revision=1")
    odd = Product([column("a b"), column("yes"), column("'\"\\:#"), column("数", "integer"), column("null"),
        column("1e5", "number")],
                  b'a b,yes,"\'""\\:#",' + "数,null,1e5\n1,2,3,4,5,6\n".encode())
    contracts.append(f"/v1/products/{odd.code}/contract")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda path: lint(good(call("GET", path, role=None)).content), contracts))


@check("the contract says what was stated: types, required, unique, keys, bounds, values, what is personal")
def _():
    product = ruled_product()
    text = good(call("GET", f"/v1/products/{product.code}/contract", role=None)).text
    for word in ("apiVersion:", "DataContract", "primaryKey", "minimum: 0", "maximum: 1", "validValues", "personal",
        "unique: true",
                 "required: true", "2020-01-01", "logicalType: timestamp", "logicalType: boolean"):
        true(word in text, f"{word} is not in {text}")
    refused(call("GET", f"/v1/products/{product.code}/contract?revision=99", role=None), 404)
    refused(call("GET", f"/v1/products/{product.code}/contract?revision=x", role=None), 400, "revision")
    refused(call("GET", "/v1/products/DP-NONE/contract", role=None), 404)


# MARK: Downloads

section("downloads")


@functools.cache
def typed_product():
    product = Product(COLUMNS, as_csv(ROWS[:2]), keys=["id"])
    true(product.table_ready(), "no table")
    # An entitlement reaches the revision that was bought and those after it.
    product.right = product.buy()
    product.publish(2, as_csv(ROWS))
    return product


@check("CSV, JSON Lines, Parquet and XLSX hold the same rows, and name themselves")
def _():
    right = typed_product().right
    for form, parse in READERS.items():
        answer = good(content(right, f"?format={form}"))
        rows = parse(answer.content)
        equal(rows, milliseconds(ROWS) if form == "xlsx" else ROWS, form)
        equal(answer.headers["Content-Type"].split(";")[0], {"csv": CSV, "jsonl": JSONL, "parquet": PARQUET,
            "xlsx": XLSX}[form])
        true(f'{typed_product().code}-r2.{form}"' in answer.headers["Content-Disposition"], answer.headers)
        equal(answer.headers["Data-Revision"], "2")
        digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
        equal(answer.headers["Repr-Digest"], f"sha-256=:{digest}:")
    equal(good(content(right)).content, as_csv(ROWS), "as it was sent")
    equal(good(content(right, "?revision=1&format=original")).content, as_csv(ROWS[:2]))
    equal(of_parquet(good(content(right, "?revision=1&format=parquet")).content), ROWS[:2])
    equal(usage(right), 7)
    equal(sorted((one["format"], one["revision"]) for one in deliveries(right)),
          sorted([("csv", 2), ("jsonl", 2), ("parquet", 2), ("xlsx", 2), ("original", 2), ("original", 1), ("parquet", 1)]))
    for one in deliveries(right):
        equal(pick(one, "purpose", "way", "product", "files"), ("research", "download", typed_product().code, 1))


@check("the same form has the same bytes each time, also when eight ask for it at once")
def _():
    right = typed_product().buy()
    with ThreadPoolExecutor(8) as pool:
        for form in ("csv", "xlsx", "parquet"):
            found = {answer.content for answer in pool.map(lambda _: content(right, f"?format={form}"), range(8))}
            equal(len(found), 1, form)
    equal(usage(right), 24)


@check("HEAD, 304 and 416 answer as RFC 9110 says and are not counted")
def _():
    right = typed_product().buy()
    for form in ("original", *READERS):
        head = good(content(right, f"?format={form}", "HEAD"))
        equal(head.content, b"")
        tag = head.headers["ETag"]
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            answer = content(right, f"?format={form}", If_None_Match=known)
            equal((answer.status_code, answer.content, answer.headers["ETag"]), (304, b"", tag), known)
        size = int(head.headers["Content-Length"])
        answer = content(right, f"?format={form}", Range=f"bytes={size}-")
        equal((answer.status_code, answer.headers.get("Content-Range")), (416, f"bytes */{size}"))
    equal((usage(right), deliveries(right)), (0, []))
    answer = good(content(right, "?format=csv", If_None_Match='"other"'), 200)
    equal((len(answer.content), usage(right)), (int(answer.headers["Content-Length"]), 1))


@check("ranges give exactly their bytes, If-Range holds, and only what begins anew is counted")
def _():
    right = typed_product().buy()
    whole = good(content(right, "?format=csv"))
    bytes_, tag = whole.content, whole.headers["ETag"]
    size = len(bytes_)
    equal(usage(right), 1)
    for header, part in [("bytes=5-9", bytes_[5:10]), ("bytes=10-", bytes_[10:]), ("bytes=-7", bytes_[-7:]),
                         (f"bytes={size - 1}-{size + 100}", bytes_[-1:])]:
        answer = content(right, "?format=csv", Range=header)
        equal((answer.status_code, answer.content, answer.headers["Content-Length"]), (206, part, str(len(part))), header)
        start = size - len(part) if header != "bytes=5-9" else 5
        start = 10 if header == "bytes=10-" else start
        equal(answer.headers["Content-Range"], f"bytes {start}-{start + len(part) - 1}/{size}")
    equal(usage(right), 1, "what goes on was counted again")
    equal(content(right, "?format=csv", Range="bytes=5-9", If_Range=tag).status_code, 206)
    for other in ('"other"', f"W/{tag}", "Sun, 29 Nov 2026 15:33:31 GMT"):
        answer = content(right, "?format=csv", Range="bytes=5-9", If_Range=other)
        equal((answer.status_code, answer.content), (200, bytes_), f"If-Range: {other}")
    before = usage(right)
    for header in ("bytes=9-5", "bytes=x-y", "rows=1-2", "bytes=", "bytes=-", "bytes=0-0,5-6", "bytes=99999999999999999999-"):
        answer = content(right, "?format=csv", Range=header)
        true(answer.status_code in (200, 206, 416) and (answer.status_code != 200 or answer.content == bytes_), header)
    true(usage(right) >= before, "")


@check("curl -C - goes on with a download that was cut, and it is counted once")
def _():
    right = typed_product().buy()
    file = folder / "resumed.parquet"
    address = f"{base}/v1/entitlements/{right}/content?format=parquet"
    curl = ["curl", "-sS", "-H", f"Authorization: Bearer {tokens['enterprise']}", "-o", file, address]
    subprocess.run([*curl, "-r", "0-199"], check=True)
    equal((file.stat().st_size, usage(right)), (200, 1))
    subprocess.run([*curl, "-C", "-"], check=True)
    equal((of_parquet(file.read_bytes()), usage(right)), (ROWS, 1))
    # Who never began is counted although it asks for the end only.
    other = typed_product().buy()
    subprocess.run(["curl", "-sS", "-H", f"Authorization: Bearer {tokens['enterprise']}", "-o", file, "-r", "100-",
                    address.replace(right, other)], check=True)
    equal(usage(other), 1)


@check("a text comes compressed to who asks for it so")
def _():
    product = Product([column("id", "integer"), column("text")], long_table(20_000, 50))
    right = product.buy()
    true(product.table_ready(), "no table")
    for form in ("csv", "jsonl"):
        plain = good(content(right, f"?format={form}")).content
        packed = good(content(right, f"?format={form}.gz")).content
        equal(gzip.decompress(packed), plain)
        true(len(packed) < len(plain) * 0.8, "")


@check("what is unknown is refused by its field, and what is another's is not there")
def _():
    product = typed_product()
    right = product.buy()
    refused(content(right, "?format=pdf"), 400, "format", "parquet")
    for revision in ("x", "1.5", "99999999999999999999"):
        refused(content(right, f"?revision={revision}"), 400, "revision")
    refused(content(right, "?revision=3"), 404, "revision")
    refused(content(right, "?file=no.csv"), 400, "file")
    other, _ = enterprise(0)
    for path in ("", "/content", "/usage", "/deliveries", "/credentials"):
        refused(call("GET", f"/v1/entitlements/{right}{path}", token=other), 404)
        refused(call("GET", f"/v1/entitlements/{uuid.uuid4()}{path}"), 404)
        true(call("GET", f"/v1/entitlements/x{path}").status_code in (400, 404), "")
        equal(call("GET", f"/v1/entitlements/{right}{path}", role=None).status_code, 401)
        if path:
            equal(call("GET", f"/v1/entitlements/{right}{path}", role="operator").status_code, 403)
    refused(call("POST", f"/v1/entitlements/{right}/credentials", {}, token=other), 404)
    equal(usage(right), 0)


@check("each delivery is listed once over pages, newest first, and its receipt is signed")
def _():
    product = typed_product()
    right = product.buy()
    for _ in range(5):
        good(content(right, "?format=csv"))
    paged, cursor = [], ""
    while cursor is not None:
        page = get(f"/v1/entitlements/{right}/deliveries?limit=2{cursor and '&cursor=' + urllib.parse.quote(cursor)}")
        paged += page["items"]
        cursor = page["next"]
    equal((len(paged), len({one["id"] for one in paged})), (5, 5))
    equal([one["occurred_at"] for one in paged], sorted([one["occurred_at"] for one in paged], reverse=True))
    for bad in ("x", "eyJ9"):
        refused(call("GET", f"/v1/entitlements/{right}/deliveries?cursor={bad}"), 400, "cursor")
    purchase = next(one for one in every("/v1/entitlements") if one["id"] == right)["purchase"]
    purchase = purchase["id"] if isinstance(purchase, dict) else purchase
    eventually(lambda: paged[0]["id"] in json.dumps(every(f"/v1/purchases/{purchase}/receipts")), 30,
        "no receipt of the delivery")


# MARK: Rows

section("rows")


def rows(product, **query):
    token = query.pop("token", None)
    return call("GET", f"/v1/products/{product.code}/rows?" + urllib.parse.urlencode(query, quote_via=urllib.parse.quote),
        token=token)


def ids(product, **query):
    return [int(row["id"]) for row in good(rows(product, **query)).json()["items"]]


@functools.cache
def rows_product():
    product = Product(COLUMNS, as_csv(ROWS[:1]))
    product.right = product.buy()
    true(product.table_ready(), "no table")
    product.publish(2, as_csv(ROWS))
    return product


@check("rows come as JSON with their types, whole numbers exactly")
def _():
    items = good(rows(rows_product())).json()["items"]
    equal([int(item["id"]) for item in items], [row[0] for row in ROWS])
    equal([{name: item[name] for name in HEADER[1:]} for item in items],
          [{"name": row[1], "born": row[2] and row[2].isoformat(), "weight": row[3], "ok": row[4],
            "at": row[5] and value_text(row[5])} for row in ROWS])


def value_text(at):
    return at.strftime("%Y-%m-%dT%H:%M:%S") + (f".{at.microsecond:06}" if at.microsecond else "") + "Z"


@check("select, where, order, limit and offset choose rows")
def _():
    product = rows_product()
    for query, expected in [
            ({"where": "id = 2"}, [2]), ({"where": "id > 1 AND id < 5", "order": "-id"}, [4, 3, 2]),
            ({"where": "name = '007'"}, [2**63 - 1]),
            ({"where": "name IS NULL"}, [4]), ({"where": "NOT ok", "order": "id"}, [-(2**63), 2, 7]),
            ({"where": "weight BETWEEN 0 AND 2", "order": "id"}, [-(2**63), 1, 7]),
            ({"where": "name LIKE '%comma%'"}, [2]), ({"where": "name IN ('plain', 'null')", "order": "id"}, [1, 7]),
            ({"where": "name = '空氣品質 😀 é'"}, [3]), ({"where": "born >= '2024-01-01' AND born < '2025-01-01'", "order": "born"},
            [-(2**63), 2**63 - 1, 7]),
            ({"where": "\"at\" > '2025-01-01T00:00:00Z'"}, [7]), ({"where": "(id = 1 OR id = 2) AND ok"}, [1]),
            ({"order": "born,-id", "limit": "1"}, [2]),
            ({"order": "-id", "limit": "2", "offset": "1"}, [7, 4]), ({"offset": "100"}, []), ({"revision": "1"}, [1]),
            ({"where": "1 = 1", "limit": "1000"}, [row[0] for row in ROWS]),
            ({"where": "\"id\" = 1"}, [1]), ({"where": "name = 'it''s'"}, [])]:
        equal(ids(product, **query), expected, query)
    item = good(rows(product, select="ok,name", where="id=1")).json()
    equal((item["columns"], item["items"]), (["ok", "name"], [{"ok": True, "name": "plain"}]))
    seen = [ids(product, order="ok", limit="1", offset=str(place))[0] for place in range(len(ROWS))]
    equal(sorted(seen), sorted(row[0] for row in ROWS), "pages of equal rows")


@check("a condition may come as forms, browsers and the library requests write it, with + for a space")
def _():
    product = rows_product()
    answer = session().get(f"{base}/v1/products/{product.code}/rows", params={"where": "id = 2 AND NOT ok"},
                           headers={"Authorization": f"Bearer {tokens['enterprise']}"})
    equal([row["id"] for row in good(answer).json()["items"]], [2])


@check("what cannot be asked is refused by its name and not counted")
def _():
    product = rows_product()
    before = usage(product.right, "call")
    for query, field in [
            ({"select": "nope"}, "select"), ({"order": "nope"}, "order"), ({"limit": "0"}, "limit"),
            ({"limit": "1001"}, "limit"), ({"limit": "x"}, "limit"),
            ({"limit": "-1"}, "limit"), ({"offset": "-1"}, "offset"), ({"offset": "x"}, "offset"),
            ({"where": "nope = 1"}, "where"), ({"where": "id ="}, "where"),
            ({"where": "id = 'x'"}, "where"), ({"where": "("}, "where"), ({"revision": "x"}, "revision"),
            ({"where": "x" * 5000}, "where"),
            ({"where": "name"}, "where"), ({"where": "NOT " * 900 + "ok"}, "where"), ({"order": "--id"}, "order")]:
        answer = rows(product, **query)
        refused(answer, 400)
        equal(answer.json().get("field"), field, query)
    refused(rows(product, revision="9"), 404)
    equal(usage(product.right, "call"), before)


@check("injections are refused, and nothing of the market is read or changed by them")
def _():
    product = rows_product()
    for condition in (
            "1=1; DROP TABLE x", "id IN (SELECT 1)", "EXISTS (SELECT 1)", "id = (SELECT count(*) FROM read_csv('/etc/passwd'))",
            "1=1) UNION SELECT 1 WHERE (1=1",
            "1=1) OR (1=1", "id = 1 -- x", "id = 1 /* x */", "read_text('/etc/passwd') = ''", "getenv('HOME') = ''",
            "current_setting('memory_limit') = ''", "id = 1 ORDER BY 1",
            "id = 1 LIMIT 1", "sleep(10)", "pg_sleep(10)", "repeat('x', 1000000000) = ''", "1=1 GROUP BY 1", "id = ?",
            "id = $1", "x'00' = ''", "COLUMNS(*) = 1", "{'a': 1} IS NULL",
            "[1] IS NULL", "id::INTEGER[] IS NULL", "name SIMILAR TO '(a+)+b'", "name ~ '(a+)+b'",
            "list_filter([1], x -> true) IS NULL", "CASE WHEN true THEN true END", "id = 1\0",
            "struct_pack(a := 1) IS NULL", "CAST(name AS UUID) IS NULL", "current_user = ''", "nextval('x') = 1",
            "file_row_number = 1", "filename = ''", "rowid = 1",
            "row_number() OVER () = 1", "count(*) > 1", "main.id = 1", "\"#file\" = ''"):
        answer = rows(product, where=condition)
        if answer.status_code == 200 and "--" not in condition and "/*" not in condition:
            raise AssertionError(f"{condition} answered {answer.text[:200]}")
        true(answer.status_code in (200, 400), f"{condition}: {answer.status_code} {answer.text[:200]}")
        true("/work" not in answer.text and "/tmp" not in answer.text and "root:" not in answer.text, answer.text[:400])
    for name in ("id; DROP TABLE x", "id\"", "*", "id AS x", "(SELECT 1)", "id, *"):
        for parameter in ("select", "order"):
            refused(rows(product, **{parameter: name}), 400, parameter)
    equal(ids(product, where="id = 1"), [1])


@check("each answer is one call of the entitlement that reads, and no download")
def _():
    product = rows_product()
    before, downloads = usage(product.right, "call"), usage(product.right)
    for _ in range(3):
        good(rows(product, limit="2"))
    equal((usage(product.right, "call"), usage(product.right)), (before + 3, downloads))
    newest = deliveries(product.right)[0]
    equal(pick(newest, "way", "rows", "revision"), ("rows", 2, 2))
    second = product.buy()
    equal(good(rows(product, entitlement=second)).json()["entitlement"], second)
    equal(usage(second, "call"), 1)
    other, _ = enterprise(0)
    refused(rows(product, token=other), 403)
    refused(rows(product, entitlement=second, token=other), (403, 404))
    refused(rows(product, entitlement="x"), (400, 404))
    refused(call("GET", "/v1/products/DP-NONE/rows"), (403, 404))
    equal(call("GET", f"/v1/products/{product.code}/rows", role=None).status_code, 401)


@check("forty reads at once are all answered, or told to come again")
def _():
    product = rows_product()
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda number: rows(product, limit="3", offset=str(number % 3)).status_code, range(40)))
    true(set(answers) <= {200, 503, 429} and answers.count(200) >= 30, answers)


@check("anyone reads a sample, and unknown revisions and columns are refused")
def _():
    product = rows_product()
    sample = get(f"/v1/products/{product.code}/sample", role=None)
    equal((sample["columns"], len(sample["rows"])), (HEADER, len(ROWS)))
    refused(call("GET", f"/v1/products/{product.code}/sample?revision=9", role=None), 404)
    refused(call("GET", f"/v1/products/{product.code}/sample?revision=x", role=None), 400, "revision")


# MARK: Delta Sharing

section("Delta Sharing")

NAMES = ["id", "name", "n"]
KEYED = [column("id", "integer"), column("name"), column("n", "number")]
BEFORE = [[number, f"name {number}", number / 2] for number in range(50)]
AFTER = [[number, "changed" if number in (5, 6) else f"name {number}", number / 2] for number in range(3, 53)]


@functools.cache
def shared():
    """A product with keys and two revisions, what was bought of it, and its profile."""
    product = Product(KEYED, written(BEFORE, NAMES), keys=["id"])
    true(product.table_ready(), "no table")
    product.right = product.buy()
    product.publish(2, written(AFTER, NAMES))
    product.url = table_url(product, product.right)
    product.times = [get(product.path(number), role=None)["published_at"] for number in (1, 2)]
    return product


def share(method, path, body=None, token=None, **headers):
    return call(method, "/delta-sharing" + path, body, token=token or credential(shared().right)["bearerToken"],
                headers={key.replace("_", "-"): value for key, value in headers.items()})


def table_path(product=None):
    return f"/shares/market/schemas/products/tables/{(product or shared()).code}"


def query(product=None, token=None, body=None, **headers):
    return share("POST", table_path(product) + "/query", body or {}, token, **headers)


def lines(answer):
    return [json.loads(line) for line in good(answer).text.splitlines()]


def files(answer):
    return [line["file"] for line in lines(answer) if "file" in line]


def plain_rows(frame):
    return sorted([int(row[0]), row[1], float(row[2])] for row in frame[NAMES].itertuples(index=False, name=None))


@check("the client lists shares, schemas and tables")
def _():
    client = delta_sharing.SharingClient(profile_file(shared().right))
    equal([one.name for one in client.list_shares()], ["market"])
    equal([one.name for one in client.list_schemas(client.list_shares()[0])], ["products"])
    equal([one.name for one in client.list_tables(client.list_schemas(client.list_shares()[0])[0])], [shared().code])
    equal([one.name for one in client.list_all_tables()], [shared().code])
    equal(delta_sharing.get_table_version(shared().url), 2)
    metadata = delta_sharing.get_table_metadata(shared().url)
    equal([one["name"] for one in json.loads(metadata.schema_string)["fields"]], NAMES)
    protocol = delta_sharing.get_table_protocol(shared().url)
    equal(protocol.min_reader_version, 1)


for delta in (False, True):
    form = "Delta's format" if delta else "Parquet's format"

    @check(f"pandas holds what the CSV holds, in {form}")
    def _(delta=delta):
        equal(plain_rows(delta_sharing.load_as_pandas(shared().url, use_delta_format=delta)), sorted(AFTER))

    @check(f"values of every type are the same in pandas, in {form}")
    def _(delta=delta):
        frame = delta_sharing.load_as_pandas(table_url(typed_product(), typed_product().buy()), use_delta_format=delta)
        equal(sorted(of_frame(frame)), sorted(ROWS, key=lambda row: row[0]))

    @check(f"a limit, a predicate, a version and a time are understood, in {form}")
    def _(delta=delta):
        product = shared()
        equal(len(delta_sharing.load_as_pandas(product.url, limit=7, use_delta_format=delta)), 7)
        hints = json.dumps({"op": "equal", "children": [
            {"op": "column", "name": "id", "valueType": "long"}, {"op": "literal", "value": "7", "valueType": "long"}]})
        frame = delta_sharing.load_as_pandas(product.url, jsonPredicateHints=hints, use_delta_format=delta)
        true([7, "name 7", 3.5] in plain_rows(frame), frame)
        for version, expected in ((1, BEFORE), (2, AFTER)):
            equal(plain_rows(delta_sharing.load_as_pandas(product.url, version=version, use_delta_format=delta)),
                sorted(expected))
        for time_, expected in ((product.times[0], BEFORE), (product.times[1], AFTER), ("2099-01-01T00:00:00Z", AFTER)):
            stated = datetime.datetime.fromisoformat(time_).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            equal(plain_rows(delta_sharing.load_as_pandas(product.url, timestamp=stated, use_delta_format=delta)),
                sorted(expected), stated)

    @check(f"changes between revisions are inserts, both images of updates, and deletes, in {form}")
    def _(delta=delta):
        frame = delta_sharing.load_table_changes_as_pandas(
            shared().url, starting_version=2, ending_version=2, use_delta_format=delta)
        found = {kind: plain_rows(some) for kind, some in frame.groupby("_change_type")}
        equal(found, {"delete": BEFORE[:3], "insert": AFTER[-3:], "update_preimage": BEFORE[5:7],
            "update_postimage": AFTER[2:4]})
        equal({int(value) for value in frame["_commit_version"]}, {2})
        at = round(datetime.datetime.fromisoformat(shared().times[1]).timestamp() * 1000)
        # In Delta's format the client keeps whole seconds.
        true(all(abs(pandas_milliseconds(value) - at) < 1000 for value in frame["_commit_timestamp"]),
            frame["_commit_timestamp"])
        whole = delta_sharing.load_table_changes_as_pandas(shared().url, starting_version=1, use_delta_format=delta)
        equal(len(whole), len(BEFORE) + 10)
        equal(plain_rows(whole[whole["_commit_version"] == 1]), BEFORE)
        equal(set(whole[whole["_commit_version"] == 1]["_change_type"]), {"insert"})


def pandas_milliseconds(value):
    return value.timestamp() * 1000 if hasattr(value, "timestamp") else int(value)


@check("the capabilities header decides the format and comes back with the table's version")
def _():
    for header, form in [(None, "parquet"), ("responseformat=parquet", "parquet"), ("responseformat=delta", "delta"),
                         ("ResponseFormat=DELTA;readerfeatures=deletionvectors", "delta"),
                         ("responseformat=delta,parquet", ("delta", "parquet"))]:
        for answer in (query(**({"delta_sharing_capabilities": header} if header else {})),
                       share("GET", table_path() + "/metadata", **({"delta_sharing_capabilities": header} if header else {}))):
            equal(answer.headers["delta-table-version"], "2")
            found = [line for line in lines(answer) if "protocol" in line][0]["protocol"]
            said = "delta" if "deltaProtocol" in found else "parquet"
            true(said in form, f"{header}: {said}")
            true(f"responseformat={said}" in answer.headers["delta-sharing-capabilities"].lower(), answer.headers)
            true(answer.headers["Content-Type"].startswith("application/x-ndjson"), answer.headers)
    answer = good(share("GET", table_path() + "/version"))
    equal((answer.headers["delta-table-version"], answer.content), ("2", b""))
    equal(good(share("GET", table_path() + "/version?startingTimestamp=2020-01-01T00:00:00Z")).headers["delta-table-version"],
        "1")
    refused(share("GET", table_path() + "/version?startingTimestamp=2099-01-01T00:00:00Z"), (400, 404), "errorCode")
    equal(good(share("GET", table_path().upper().replace("/SHARES", "/shares").replace("/SCHEMAS",
        "/schemas").replace("/TABLES", "/tables") + "/version")).status_code, 200)


@check("a wrong token, a revoked one, and unknown shares, schemas and tables are the protocol's errors")
def _():
    for token in ("x", "ds_" + "0" * 64, tokens["enterprise"]):
        answer = refused(query(token=token), 401, "errorCode", "message")
        true("www-authenticate" in {name.lower() for name in answer.headers}, answer.headers)
    equal(call("GET", "/delta-sharing/shares", role=None).status_code, 401)
    for path in ("/shares/other", "/shares/other/schemas", "/shares/market/schemas/other/tables",
        "/shares/market/schemas/products/tables/DP-AIR-001/metadata",
                 "/shares/market/schemas/products/tables/DP-NONE/version", "/shares/other/all-tables"):
        answer = refused(share("GET", path), 404, "errorCode")
        true(set(answer.json()) == {"errorCode", "message"}, answer.text)
    made = credential(shared().right, days=1)
    listed = get(f"/v1/entitlements/{shared().right}/credentials")["items"]
    true(made["id"] in [one["id"] for one in listed] and "ds_" not in json.dumps(listed), listed)
    equal(share("GET", "/shares", token=made["bearerToken"]).status_code, 200)
    good(call("DELETE", f"/v1/entitlements/{shared().right}/credentials/{made['id']}"), 204)
    for path in ("/shares", table_path() + "/version"):
        refused(share("GET", path, token=made["bearerToken"]), 401, "errorCode")
    refused(query(token=made["bearerToken"]), 401)
    true(next(one for one in get(f"/v1/entitlements/{shared().right}/credentials")["items"] if one["id"] == made["id"])["revoked_at"], "")
    refused(call("DELETE", f"/v1/entitlements/{shared().right}/credentials/{uuid.uuid4()}"), 404)
    for days in (0, 366, -1, "x", 1.5, None):
        refused(call("POST", f"/v1/entitlements/{shared().right}/credentials", {"days": days}), 400, "days")
    refused(call("POST", f"/v1/entitlements/{shared().right}/credentials", {"colour": 1}), 400, "colour")


@check("bad queries are refused as the protocol writes it, and what is not understood leaves nothing out")
def _():
    for body in ({"limitHint": "x"}, {"limitHint": -1}, {"maxFiles": "x"}, {"maxFiles": 0}, {"version": -1}, {"version": "x"},
        {"timestamp": "yesterday"}, {"timestamp": 5},
                 {"jsonPredicateHints": "{"}, {"pageToken": "x"}, {"pageToken": 5}):
        refused(query(body=body), 400, "errorCode")
    refused(query(body={"version": 3}), (400, 404), "errorCode")
    refused(query(body={"version": 1, "timestamp": shared().times[0]}), 400, "errorCode")
    refused(query(body={"timestamp": "2020-01-01T00:00:00Z"}), (400, 404), "errorCode")
    equal(share("POST", table_path() + "/query", b"[", None).status_code, 400)
    equal(share("POST", table_path() + "/query", b"[]", None).status_code, 400)
    for body in ({"predicateHints": ["x like 'y'"], "jsonPredicateHints": json.dumps({"op": "unknown"})}, {"limitHint": 10**15},
        {"other": 1},
                 {"jsonPredicateHints": json.dumps({"op": "equal", "children": []})}, {"jsonPredicateHints": ""},
                 {"predicateHints": []}):
        equal(len(files(query(body=body))), 1, body)
    for path in ("/changes", "/changes?startingVersion=3", "/changes?startingVersion=2&endingVersion=1",
        "/changes?startingVersion=x",
                 "/changes?startingVersion=0", "/changes?startingTimestamp=x"):
        refused(share("GET", table_path() + path), (400, 404), "errorCode")


@check("a predicate leaves out files that cannot hold its rows, and only those")
def _():
    def asked(op, name, value, kind):
        return len(files(query(body={"jsonPredicateHints": json.dumps({"op": op, "children": [
            {"op": "column", "name": name, "valueType": kind}, {"op": "literal", "value": value, "valueType": kind}]})})))
    for op, name, value, kind, expected in [
            ("equal", "id", "7", "long", 1), ("equal", "id", "99", "long", 0), ("lessThan", "id", "3", "long", 0),
            ("lessThanOrEqual", "id", "3", "long", 1),
            ("greaterThan", "id", "52", "long", 0), ("greaterThanOrEqual", "id", "52", "int", 1),
            ("equal", "name", "zzz", "string", 0), ("equal", "name", "name 7", "string", 1),
            ("equal", "n", "7.25", "double", 1), ("greaterThan", "n", "26.5", "double", 0), ("equal", "nope", "1", "long", 1)]:
        equal(asked(op, name, value, kind), expected, f"{name} {op} {value}")


@check("a link gives the file by GET, HEAD and Range, and is refused when any of it is changed")
def _():
    link = files(query())[0]["url"]
    whole = good(requests.get(link), 200)
    equal(sorted([row["id"], row["name"],
        row["n"]] for row in pyarrow.parquet.read_table(io.BytesIO(whole.content)).to_pylist()), sorted(AFTER))
    head = requests.head(link)
    equal((head.status_code, int(head.headers["Content-Length"]), head.content), (200, len(whole.content), b""))
    for header, part in (("bytes=0-3", b"PAR1"), ("bytes=-4", b"PAR1"), (f"bytes=10-{len(whole.content)}", whole.content[10:])):
        answer = requests.get(link, headers={"Range": header})
        equal((answer.status_code, answer.content), (206, part), header)
    equal(requests.get(link, headers={"Range": f"bytes={len(whole.content)}-"}).status_code, 416)
    equal(requests.get(link, headers={"If-None-Match": whole.headers["ETag"]}).status_code, 304)
    path, _, stated = link.partition("?")
    parameters = dict(urllib.parse.parse_qsl(stated))
    expires = int(parameters["expires"])
    true(time.time() < expires <= time.time() + 3700, f"it lives until {expires}")

    def tried(**changed):
        return requests.get(path + "?" + urllib.parse.urlencode(parameters | changed))
    for name, value in parameters.items():
        for changed in (value[:-1] + ("0" if value[-1] != "0" else "1"), "", value + "0"):
            answer = tried(**{name: changed})
            true(answer.status_code in (400, 401, 403, 404), f"{name}={changed} answered {answer.status_code}")
            true("errorCode" in answer.text, answer.text)
    true(tried(expires=str(expires + 86400)).status_code in (400, 401, 403), "a longer time")
    true(tried(expires="1").status_code in (400, 401, 403), "a time that is past")
    other = path[:-1] + ("0" if path[-1] != "0" else "1")
    true(requests.get(other + "?" + stated).status_code in (400, 403, 404), "another file")
    true(requests.get(path).status_code in (400, 401, 403, 404), "no signature")
    for odd in ("/delta-sharing/files/..%2f..%2fetc", "/delta-sharing/files/x", "/delta-sharing/files/" + "0" * 64):
        true(call("GET", f"{odd}?{stated}", role=None).status_code in (400, 403, 404), odd)


@check("a stored file that lost its end closes the connection instead of waiting for it, and is whole again when it is restored")
def _():
    link = files(query())[0]["url"]
    whole = good(requests.get(link), 200).content
    sha256 = hashlib.sha256(whole).hexdigest()
    stored = next(path for path in Path(home, "content").rglob("*") if path.is_file()
        and path.stat().st_size == len(whole) and hashlib.sha256(path.read_bytes()).hexdigest() == sha256)
    mode = stored.stat().st_mode
    stored.chmod(0o600)
    try:
        stored.write_bytes(whole[:-10])
        try:
            with urllib.request.urlopen(link, timeout=10) as answer:
                given = len(answer.read())
        except (http.client.IncompleteRead, ConnectionError):
            given = None
        equal(given, None, f"bytes that were given as the whole of {len(whole)}")
        # The server says what happened and goes on.
        equal(requests.get(f"{base}/health/ready", timeout=10).status_code, 200)
    finally:
        stored.write_bytes(whole)
        stored.chmod(mode)
    equal(requests.get(link, timeout=10).content, whole)


@check("use is counted at the query, whatever is read of the files, in pieces or not at all")
def _():
    right = shared().buy()
    token = credential(right)["bearerToken"]
    for path in ("/shares", "/shares/market/schemas", table_path() + "/metadata", table_path() + "/version"):
        good(share("GET", path, token=token))
    equal(usage(right), 0)
    found = files(query(token=token))
    equal(usage(right), 1)
    for _ in range(5):
        requests.head(found[0]["url"])
        requests.get(found[0]["url"], headers={"Range": "bytes=0-3"})
        requests.get(found[0]["url"])
    equal(usage(right), 1)
    delivery, = deliveries(right)
    equal(pick(delivery, "way", "files", "rows", "bytes", "revision", "purpose"),
          ("delta_sharing", 1, len(AFTER), found[0]["size"], 2, "research"))
    frame = delta_sharing.load_as_pandas(table_url(shared(), right))
    equal((len(frame), usage(right), len(deliveries(right))), (len(AFTER), 2, 2))
    good(share("GET", table_path() + "/changes?startingVersion=2", token=token))
    equal(usage(right), 3)


LARGE = 240_000


@functools.cache
def large_table():
    dice = random.Random(5)
    return b"id,text\n" + b"".join(b"%d,%s\n" % (number, base64.b64encode(dice.randbytes(450))) for number in range(LARGE))


@functools.cache
def large():
    """A table of more than one file."""
    product = Product([column("id", "integer"), column("text")], b"id,text\n1,a\n")
    product.right = product.buy()
    product.publish(2, large_table())
    return product


@check("files are paged by maxFiles and pageToken, counted once, and no token can be made or moved")
def _():
    product = large()
    token, right = credential(product.right)["bearerToken"], product.right
    every_file = files(query(product, token))
    true(len(every_file) >= 2, f"{len(every_file)} files of {[one['size'] for one in every_file]} bytes")
    equal(sum(json.loads(one["stats"])["numRecords"] for one in every_file), LARGE)
    before, found, body, pages = usage(right), [], {"maxFiles": 1}, 0
    while True:
        answer = lines(query(product, token, body))
        found += [line["file"]["id"] for line in answer if "file" in line]
        pages += 1
        page = answer[-1]["endStreamAction"]["nextPageToken"]
        if not page:
            break
        body = {"maxFiles": 1, "pageToken": page}
        last = page
    equal((found, pages, usage(right)), ([one["id"] for one in every_file], len(every_file), before + 1))
    forged = [last[:-1] + ("0" if last[-1] != "0" else "1"), "2.0." + last.split(".", 2)[2], last + "0", "2.1.1.99999999999.00",
        "....", "x" * 9000]
    for page in forged:
        refused(query(product, token, {"maxFiles": 1, "pageToken": page}), 400, "errorCode")
    other = credential(product.buy())["bearerToken"]
    refused(query(product, other, {"maxFiles": 1, "pageToken": last}), 400, "errorCode")
    equal(len(files(query(product, token, {"limitHint": 1}))), 1, "limitHint")
    hints = json.dumps({"op": "lessThan", "children": [
        {"op": "column", "name": "id", "valueType": "long"}, {"op": "literal", "value": "10", "valueType": "long"}]})
    equal([one["id"] for one in files(query(product, token, {"jsonPredicateHints": hints}))], [every_file[0]["id"]])
    frame = delta_sharing.load_as_pandas(table_url(product, right), limit=5)
    equal(list(frame["id"]), [0, 1, 2, 3, 4])


@check("columns called as Delta's own are refused by their place")
def _():
    for name in ("_change_type", "_commit_version", "_commit_timestamp"):
        columns = [column("id", "integer"), column(name)]
        refused(call("PUT", shared().path(3), {"columns": columns, "source": SOURCE, "keys": ["id"]}, role="operator"),
            400, "columns[1].name")


@check("changes are refused without keys, after changed keys, and told when a key's type has changed")
def _():
    product = Product(KEYED, written(BEFORE, NAMES))
    true(product.table_ready(), "no table")
    token = credential(product.buy())["bearerToken"]
    product.publish(2, written(AFTER, NAMES))
    refused(share("GET", table_path(product) + "/changes?startingVersion=2", token=token), 400, "errorCode")
    good(product.state(3, KEYED, keys=["id"]))
    product.publish(3, written(BEFORE, NAMES))
    refused(share("GET", table_path(product) + "/changes?startingVersion=3", token=token), 400, "errorCode")
    good(product.state(4, [column("id"), *KEYED[1:]], keys=["id"]))
    product.publish(4, written(AFTER, NAMES))
    answer = share("GET", table_path(product) + "/changes?startingVersion=4", token=token)
    true(answer.status_code == 400 or any("cdf" in line for line in lines(answer)),
         f"53 rows changed, and the feed holds none of them: {answer.text[:300]}")


# MARK: Quotas and ends

section("quotas and ends")


def hard(meter, quantity):
    return {"quotas": [{"meter": meter, "quantity": quantity}]}


@functools.cache
def limited():
    return typed_like([offer("D", **hard("download", 10)), offer("C", **hard("call", 10)), offer("R", **hard("row", 20)),
        offer("B", **hard("byte", 3000))])


def typed_like(offers=(), entry=None):
    product = Product(COLUMNS, as_csv(ROWS), list(offers), entry)
    true(product.table_ready(), "no table")
    return product


@check("of 32 parallel downloads a hard quota of ten lets through exactly ten")
def _():
    product = limited()
    right = product.buy("D")
    good(content(right, "?format=csv", "HEAD"))
    with ThreadPoolExecutor(32) as pool:
        answers = [answer.status_code for answer in pool.map(lambda _: content(right, "?format=csv"), range(32))]
    equal((answers.count(200), answers.count(429), usage(right), len(deliveries(right))), (10, 22, 10, 10))
    token = credential(right)["bearerToken"]
    refused(query(product, token), 403, "QUOTA_EXCEEDED")
    try:
        delta_sharing.load_as_pandas(table_url(product, right))
        raise AssertionError("the client loads a table beyond the quota")
    except requests.HTTPError as error:
        true("quota" in str(error).lower() or "quota" in error.response.text.lower(), error)
    good(rows(product, entitlement=right))
    good(call("POST", f"/v1/entitlements/{right}/top-ups", {"meter": "download", "quantity": 1, "reason": "more"},
        role="operator",
              headers={"Idempotency-Key": str(uuid.uuid4())}), 200)
    good(content(right, "?format=csv"))
    refused(content(right, "?format=csv"), 429)


@check("of 32 parallel queries by downloads, Delta Sharing and rows none goes beyond its quota")
def _():
    product = limited()
    right, calls = product.buy("D"), product.buy("C")
    token = credential(right)["bearerToken"]
    good(rows(product, entitlement=right))

    def use(number):
        if number % 2:
            return query(product, token).status_code
        return content(right, "?format=jsonl").status_code
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(use, range(32)))
        asked = list(pool.map(lambda _: rows(product, entitlement=calls).status_code, range(32)))
    equal((answers.count(200), usage(right)), (10, 10), answers)
    true(asked.count(200) == 10 or asked.count(200) + asked.count(503) <= 32 and usage(calls, "call") == asked.count(200) <= 10,
        asked)
    true(set(asked) <= {200, 429, 503}, asked)


@check("quotas of rows and of bytes count what is sent")
def _():
    product = limited()
    right = product.buy("R")
    equal([content(right, "?format=csv").status_code for _ in range(4)], [200, 200, 429, 429])
    equal(usage(right, "row"), 2 * len(ROWS))
    equal(len(good(rows(product, entitlement=right, limit="6")).json()["items"]), 6)
    refused(rows(product, entitlement=right, limit="1"), 429)
    equal((usage(right, "row"), usage(right)), (20, 2))
    right = product.buy("B")
    size = len(as_csv(ROWS))
    sent = [content(right).status_code for _ in range(3000 // size + 2)]
    equal(sent.count(200), 3000 // size, sent)
    equal(usage(right, "byte"), 3000 // size * size)


def suspended(right, what, role="operator"):
    return good(call("POST", f"/v1/entitlements/{right}/{what}", {"reason": "a test"}, role=role,
                     headers={"Idempotency-Key": str(uuid.uuid4())}), 200)


def ways(product, right):
    """Every way to what was bought, with what was given before."""
    token = credential(right)["bearerToken"]
    link = files(query(product, token))[0]["url"]
    return {
        "download": lambda: content(right, "?format=csv"), "the original": lambda: content(right),
        "HEAD": lambda: content(right, "?format=csv", "HEAD"),
        "a download that goes on": lambda: content(right, "?format=csv", Range="bytes=10-"),
        "rows": lambda: rows(product, entitlement=right),
        "a query": lambda: query(product, token), "metadata": lambda: share("GET", table_path(product) + "/metadata",
        token=token),
        "version": lambda: share("GET", table_path(product) + "/version", token=token),
        "changes": lambda: share("GET", table_path(product) + "/changes?startingVersion=1", token=token),
        "a link given before": lambda: requests.get(link), "HEAD of a link": lambda: requests.head(link),
        "a part of a link": lambda: requests.get(link, headers={"Range": "bytes=0-3"}),
        "a new token": lambda: call("POST", f"/v1/entitlements/{right}/credentials", {})}


@check("a suspended entitlement is refused on every way at the next access, with the reason, and works again when it is resumed")
def _():
    product = typed_like()
    right = product.buy()
    all_ways = ways(product, right)
    for name, way in all_ways.items():
        true(way().status_code < 300, f"{name} before")
    suspended(right, "suspension")
    counted = usage(right), len(deliveries(right))
    for name, way in all_ways.items():
        answer = way()
        true(answer.status_code == 403, f"{name}: {answer.status_code} {answer.text[:200]}")
        true(answer.request.method == "HEAD" or "suspended" in answer.text, f"{name}: {answer.text[:200]}")
    refused(rows(product), 403, "suspended")
    equal((usage(right), len(deliveries(right))), counted)
    suspended(right, "resumption")
    for name, way in all_ways.items():
        true(way().status_code < 300, f"{name} after")


@check("an ended entitlement is refused on every way at the next access, with the reason")
def _():
    product = typed_like()
    right = product.buy()
    all_ways = ways(product, right)
    purchase = next(one for one in every("/v1/entitlements") if one["id"] == right)["purchase"]
    purchase = purchase["id"] if isinstance(purchase, dict) else purchase
    good(call("POST", f"/v1/purchases/{purchase}/cancellation", {"at": "at_once", "reason": "a test"},
              headers={"Idempotency-Key": str(uuid.uuid4())}), 200)
    for name, way in all_ways.items():
        answer = way()
        true(answer.status_code in (401, 403), f"{name}: {answer.status_code} {answer.text[:200]}")
        true(answer.request.method == "HEAD" or "ended" in answer.text or "force" in answer.text,
            f"{name}: {answer.text[:200]}")
    refused(rows(product), 403)


@check("what is made of a withdrawn entry is refused on every way, with the reason")
def _():
    department = re.search(r"\S{40,}", market("token", "create", "--party", "11350000MADEM9004C", "--role",
        "administrator").stdout).group()

    def step(path, body, token=None):
        return good(call("POST", f"/v1/directory/drafts{path}", body, token=token, role="administrator",
                         headers={"Idempotency-Key": str(uuid.uuid4())})).json()

    def released(draft, *first):
        for path, body in first:
            step(f"/{draft}{path}", body, department)
        step(f"/{draft}/submission", {}, department)
        step(f"/{draft}/decision", {"outcome": "approved"})
        step(f"/{draft}/release", {"reason": "a test"})
    draft = step("", {
        "kind": "new", "source": "OWN", "provider": "11350000MADEM9004C", "reason": "a test", "basis": "plan", "fields": {
            "titles": [{"text": f"Stops {run}", "language": "en"}], "sharing_class": "conditional",
            "items": [{"name": "street", "type": "text", "description": "street"}],
            "conditions": [{"kind": "purpose", "value": ["research"], "basis": "decree"}]}}, department)
    released(draft["id"], ("/assessment", {"secrecy": "none", "personal_information": False, "grade": "general",
        "basis": "guide"}))
    product = typed_like(entry=draft["entry"])
    right = product.buy()
    all_ways = ways(product, right)
    for name, way in all_ways.items():
        true(way().status_code < 300, f"{name} before")
    released(step("", {"kind": "withdrawal", "entry": draft["entry"], "reason": "a test", "basis": "notice"}, department)["id"])
    wrong = [f"{name}: {answer.status_code} {answer.text[:100]}" for name, way in all_ways.items()
             if (answer := way()).status_code not in (403, 404, 409,
             410) or answer.request.method != "HEAD" and "withdrawn" not in answer.text]
    equal(wrong, [])


@check("an entitlement whose time has come to its end is refused on every way, also on a link given before")
def _():
    product = typed_like()
    until = datetime.datetime.now(UTC) + datetime.timedelta(seconds=12)
    right = good(call(
        "POST", "/v1/purchases", {"offer": product.free, "purpose": "research", "until": until.strftime("%Y-%m-%dT%H:%M:%SZ")},
        headers={"Idempotency-Key": str(uuid.uuid4())}), 201).json()["entitlement"]["id"]
    all_ways = ways(product, right)
    for name, way in all_ways.items():
        true(way().status_code < 300, f"{name} before")
    time.sleep(max(0, (until - datetime.datetime.now(UTC)).total_seconds()) + 0.1)
    for name, way in all_ways.items():
        answer = way()
        true(answer.status_code in (401, 403), f"{name}: {answer.status_code} {answer.text[:200]}")
    refused(content(right), 403, "period")


@check("an entitlement that has not begun is refused on every way")
def _():
    product = typed_like()
    start = (datetime.datetime.now(UTC) + datetime.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    bought = good(call("POST", "/v1/purchases", {"offer": product.free, "purpose": "research", "from": start},
                       headers={"Idempotency-Key": str(uuid.uuid4())}), 201).json()
    right = (bought.get("entitlement") or {}).get("id")
    if right:
        for answer in (content(right), content(right, "?format=csv"), rows(product, entitlement=right),
                       call("POST", f"/v1/entitlements/{right}/credentials", {})):
            refused(answer, 403, "force")
    refused(rows(product), 403)


# MARK: Watermarks

section("watermarks")

MARKED = [[number, f"row {number}", number % 7] for number in range(900)]


@functools.cache
def marked(kind):
    product = Product([column("id", "integer"), column("name"), column("n", "integer")], written(MARKED, ["id", "name", "n"]),
        watermark=kind)
    true(product.table_ready(), "no table")
    product.buyers = [(enterprise(place)[1], enterprise(place)[0],
        product.buy(token=enterprise(place)[0])) for place in range(3)]
    return product


def marked_rows(content, form):
    if form == "parquet":
        return [[str(value) for value in row.values()] for row in pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist()]
    if form == "jsonl":
        return [[str(value) for value in json.loads(line).values()] for line in content.decode().splitlines()]
    return read(content)[1:]


@check("copies of a product marked by name carry a mark of each buyer in their name and metadata")
def _():
    product = marked("name")
    marks = set()
    for _, token, right in product.buyers:
        for form in ("original", "csv", "parquet", "jsonl", "xlsx"):
            answer = good(content(right, f"?format={form}", token=token))
            name = re.search(r'filename="([^"]+)"', answer.headers["Content-Disposition"]).group(1)
            mark = re.search(r"-([0-9a-f]{8,})\.\w+$", name).group(1)
            marks.add(mark)
            if form == "parquet":
                equal([row for row in marked_rows(answer.content, form)], [[str(cell) for cell in row] for row in MARKED])
                metadata = pyarrow.parquet.read_metadata(io.BytesIO(answer.content)).metadata
                true(mark.encode() in b" ".join(metadata.values()), metadata)
            if form == "xlsx":
                with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
                    true(mark in book.read("docProps/core.xml").decode(), "the workbook's properties lack the mark")
            equal(deliveries(right, token)[0]["mark"], mark)
    equal(len(marks), 3, marks)


@check("copies of a product marked by order hold the same rows in an order of each buyer, by every way")
def _():
    product = marked("order")
    orders = set()
    plain = [[str(cell) for cell in row] for row in MARKED]
    for code, token, right in product.buyers:
        refused(content(right, "?format=original", token=token), 422, "marked")
        found = {form: marked_rows(good(content(right, f"?format={form}", token=token)).content, form) for form in ("csv",
            "parquet", "jsonl")}
        found["without a format"] = marked_rows(good(content(right, token=token)).content, "csv")
        url = table_url(product, right, token)
        found["Delta Sharing"] = [[str(cell) for cell in row] for row in delta_sharing.load_as_pandas(url).itertuples(index=False, name=None)]
        for form, found_rows in found.items():
            equal(sorted(found_rows), sorted(plain), form)
            true(found_rows != plain, f"{form} has the rows in their own order")
            equal(found_rows, found["csv"], form)
        orders.add(str(found["csv"]))
        mark = deliveries(right, token)[0]["mark"]
        true(mark and {one["mark"] for one in deliveries(right, token)} == {mark}, "deliveries without the mark")
        refused(call("GET", f"/delta-sharing{table_path(product)}/changes?startingVersion=1",
            token=credential(right, token)["bearerToken"]), 400, "errorCode")
    equal(len(orders), 3)


def traced(file, product):
    out = market("trace", str(file), "--product", product.code).stdout
    first = next((line for line in out.splitlines() if "order agrees" in line), "")
    return first.split()[0] if first else "", float(first.split()[-1]) if first else 0, out


@check("trace names the right one of three buyers: whole, renamed, and after a third of the rows is gone")
def _():
    product = marked("order")
    for code, token, right in product.buyers:
        table = good(content(right, "?format=csv", token=token)).content
        file = folder / f"leak-{code}.csv"
        file.write_bytes(table)
        who, agreement, out = traced(file, product)
        equal((who, agreement), (code, 1.0), out)
    code, token, right = product.buyers[1]
    dice = random.Random(3)
    header, *found = read(good(content(right, "?format=csv", token=token)).content)
    file = folder / "thinned.csv"
    file.write_bytes(written([row for row in found if dice.random() > 1 / 3], header))
    who, agreement, out = traced(file, product)
    true(who == code and agreement > 0.9, out)
    file = folder / "thinned.parquet"
    table = pyarrow.parquet.read_table(io.BytesIO(good(content(right, "?format=parquet", token=token)).content))
    pyarrow.parquet.write_table(table.slice(0, 600).replace_schema_metadata(None), file)
    who, agreement, out = traced(file, product)
    true(who == code and agreement > 0.9, out)
    for form in ("jsonl", "xlsx"):
        file = folder / f"leak.{form}"
        file.write_bytes(good(content(right, f"?format={form}", token=token)).content)
        equal(traced(file, product)[0], code, traced(file, product)[2])


@check("trace accuses nobody of what holds no marked rows, and says so of what cannot be read")
def _():
    product = marked("order")
    file = folder / "own.csv"
    file.write_bytes(written(MARKED, ["id", "name", "n"]))
    _, agreement, out = traced(file, product)
    true(agreement < 0.75, out)
    file.write_bytes(written([["x", "y", "z"]], ["id", "name", "n"]))
    true("0 rows" in traced(file, product)[2], traced(file, product)[2])
    file.write_bytes(b"")
    true(market("trace", str(file), "--product", product.code, ok=False).returncode in (0, 1, 64), "")
    for arguments in (["/nowhere.csv", "--product", product.code], [str(file), "--product", "DP-NONE"],
        [str(folder / "x.pdf"), "--product", product.code]):
        done = market("trace", *arguments, ok=False)
        true(done.returncode and done.stderr.strip() and "Fatal" not in done.stderr,
            f"{arguments}: {done.returncode} {done.stderr}")


# MARK: Faults

section("faults")


class Server:
    """A further server on the same market, to be killed."""

    def __init__(self):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.root = f"http://127.0.0.1:{self.port}"
        environment = os.environ | {"DATAMARKET_HOME": home, "PORT": str(self.port), "LOG_LEVEL": "error",
            "ALLOW_INTERNAL_SOURCES": "1"}
        log = folder / f"server-{self.port}.log"
        self.process = subprocess.Popen([datamarket, "serve"], env=environment, stdout=subprocess.DEVNULL,
            stderr=log.open("wb"))
        for _ in range(1500):
            try:
                if requests.get(self.root + "/health/ready", timeout=2).ok:
                    return
            except requests.RequestException:
                true(self.process.poll() is None, f"the second server ended: {log.read_text()[-500:]}")
            time.sleep(0.1)
        self.kill()
        raise AssertionError(f"the second server does not become ready: {log.read_text()[-500:]}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def engines(self):
        """The processes of its table engine that do long jobs."""
        return processes(lambda parent, words: parent == self.process.pid and "engine.py" in words and "1024" in words)


def processes(wanted):
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_text().replace("\0", " ")
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            if wanted(parent, words):
                found.append(int(entry.name))
    return found


@check("after kill -9 during an upload and during a check, the upload goes on, the check ends, and datamarket verify says ok")
def _():
    table = large_table()
    products = [Product([column("id", "integer"), column("text")], b"id,text\n1,a\n") for _ in range(3)]
    server = Server()
    try:
        half = len(table) // 2
        sender = Sender(products[0], 2, len(table), "/content", root=server.root)
        sender.send(table[:half])
        eventually(lambda: offset(products[0], 2) > half // 2, 30)
        server.kill()
        sender.cut()
        server = Server()
        arrived = offset(products[0], 2)
        true(half // 2 < arrived <= half, f"{arrived} of {half} bytes are there")
        refused(call("GET", products[0].path(2), role=None, root=server.root), 404)
        answer = products[0].send(2, table[arrived:], query="?publish=false", root=server.root,
                                  Content_Range=f"bytes {arrived}-{len(table) - 1}/{len(table)}")
        equal(good(answer, 201).json()["files"][0]["sha256"], hashlib.sha256(table).hexdigest())
        # Two servers check what waits: with three uploads one of them is the second's.
        for place, product in enumerate(products[1:]):
            good(product.send(2, table.replace(b"id,text\n", b"id,text\n%d,x\n" % (-place - 1)), query="?publish=false"), 201)
        with ThreadPoolExecutor(3) as pool:
            waiting = [pool.submit(call, "POST", product.path(2, "/publication"), None, "operator") for product in products]
            eventually(server.engines, 60, "the second server checks nothing")
            time.sleep(1)
            orphans = server.engines()
            server.kill()
            server = Server()
            for one in waiting:
                one.result()
        for product in products:
            product.ended(2)
            equal(get(product.path(2), role=None)["rows"] - LARGE in (0, 1), True)
        eventually(lambda: not [one for one in orphans if one in processes(lambda _, words: "engine.py" in words)], 60,
                   "the engine of the killed server runs on")
    finally:
        server.process.terminate()
        server.process.wait()
    done = market("verify", ok=False)
    equal([line for line in done.stdout.splitlines() if not line.startswith("ok ")], [])
    equal((done.returncode, "content has the bytes" in done.stdout), (0, True), done.stderr)


# MARK: Run

if __name__ == "__main__":
    names = list(dict.fromkeys(name for name, _, _ in checks if not wanted or name in wanted))

    def run_section(name):
        for section_name, sentence, function in checks:
            if section_name == name:
                run_check(name, sentence, function)
    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(run_section, names))
    print(f"{len(passed)} passed, {len(failed)} failed", file=lines_out)
    sys.exit(1 if failed else 0)
