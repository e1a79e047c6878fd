#!/usr/bin/env python3
"""Reports and queries usage with the unmodified packages cloudevents and openmeter, as an operator's system and a buyer do.

Usage: check_usage.py BASE TOKENS. Runs in an environment of each package; what is not installed in it is left out, and which
parts ran is printed. Exit 1 at the first thing that is not as it should be.
"""
import datetime
import importlib.metadata
import json
import sys
import urllib.error
import urllib.request
import uuid

BASE = sys.argv[1]
with open(sys.argv[2], encoding="utf-8") as file:
    TOKENS = json.load(file)


def now(minutes=0):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)


def ask(method, path, role, body=None, headers=()):
    headers = {"Authorization": f"Bearer {TOKENS[role]}", "Content-Type": "application/json", **dict(headers)}
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(BASE + path, data, headers, method=method)) as answer:
            return answer.status, json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read() or b"{}")


def expect(holds, what):
    if not holds:
        sys.exit(f"not so: {what}")


def buy():
    status, bought = ask("POST", "/v1/purchases", "enterprise", {"offer": "OF-AIR-001-F", "purpose": "research"},
                         {"Idempotency-Key": str(uuid.uuid4())})
    expect(status == 201, f"a purchase: {bought}")
    return bought["entitlement"]["id"]


def send(headers, body):
    return ask("POST", "/v1/usage/events", "operator", bytes(body), headers)


def check_cloudevents_1(right):
    """The API of cloudevents 1: to_structured and to_binary of a CloudEvent."""
    from cloudevents.conversion import to_binary, to_structured
    from cloudevents.http import CloudEvent
    event = CloudEvent({"type": "call", "source": "urn:check:1", "subject": right, "id": str(uuid.uuid4())}, {"quantity": 2})
    headers, body = to_structured(event)
    first = send({"Content-Type": headers["content-type"]}, body)
    expect(first[0] == 200 and first[1]["status"] == "counted", f"structured: {first}")
    headers, body = to_binary(event)
    # Binary mode has no content type of its own here; requests would send none either.
    again = send({"Content-Type": "application/json", **headers}, body)
    expect(again[0] == 200 and again[1]["status"] == "repeated", f"binary: {again}")


def check_cloudevents_2(right):
    """The API of cloudevents 2: bindings that make a message of an event."""
    from cloudevents.core.bindings import http
    from cloudevents.core.v1.event import CloudEvent
    attributes = {"type": "call", "source": "urn:check:2", "subject": right, "id": str(uuid.uuid4()), "specversion": "1.0",
                  "time": now(), "datacontenttype": "application/json"}
    event = CloudEvent(attributes, {"quantity": 3})
    message = http.to_structured_event(event)
    first = send({name: str(value) for name, value in message.headers.items()}, message.body)
    expect(first[0] == 200 and first[1]["status"] == "counted", f"structured: {first}")
    message = http.to_binary_event(event)
    again = send({name: str(value) for name, value in message.headers.items()}, message.body)
    expect(again[0] == 200 and again[1]["status"] == "repeated", f"binary: {again}")


def check_openmeter(right):
    from corehttp.exceptions import HttpResponseError
    from openmeter import Client
    from openmeter.models import Event

    meter = f"tokens_{uuid.uuid4().hex[:8]}"
    kind = f"inference.{meter}"
    status, made = ask("POST", "/v1/meters", "administrator", {
        "code": meter, "title_zh": "词元", "title_en": "Tokens", "unit": "{token}", "event_type": kind,
        "aggregation": "sum", "value": "tokens", "dimensions": ["model", "zone"]})
    expect(status == 201, f"a meter: {made}")

    def event(tokens, model, ahead=0):
        return Event(id=str(uuid.uuid4()), source="urn:check:openmeter", specversion="1.0", type=kind, subject=right,
                     time=now(ahead), data={"tokens": tokens, "model": model})

    seller = Client(endpoint=BASE, token=TOKENS["operator"])
    buyer = Client(endpoint=BASE, token=TOKENS["enterprise"])
    single = event(5, "a")
    seller.events.ingest_event(single)
    seller.events.ingest_event(single)
    seller.events.ingest_events([event(7, "b"), event(11, "b"), single])
    seller.events.ingest_events_json([event(13, "a")])
    for refused in ([event(1, "a", ahead=60)], [event(-1, "a"), event(1, "c")]):
        try:
            seller.events.ingest_events(refused)
            expect(False, "a refused event is told")
        except HttpResponseError as error:
            expect(error.status_code in (400, 422), f"a refused event: {error}")

    begin, end = now(-120), now(1)
    for client in (seller, buyer):
        total = client.meters.query_json(meter, from_parameter=begin, to=end, subject=[right])
        expect([row.value for row in total.data] == [37], f"the total: {total}")
        groups = client.meters.query_json(meter, from_parameter=begin, to=end, group_by=["model", "subject"])
        expect([(row.group_by["model"], row.value, row.subject) for row in groups.data]
               == [("a", 18, right), ("b", 18, right), ("c", 1, right)], f"the groups: {groups}")
    chosen = buyer.meters.query_json(meter, from_parameter=begin, to=end, filter_group_by={"model": "b"}, window_size="HOUR",
                                     window_time_zone="Asia/Shanghai")
    expect(sum(row.value for row in chosen.data) == 18, f"the filter: {chosen}")
    minutes = buyer.meters.query_json(meter, from_parameter=begin, to=end, window_size="MINUTE")
    expect(sum(row.value for row in minutes.data) == 37, f"the minutes: {minutes}")
    expect(all(row.window_end - row.window_start <= datetime.timedelta(minutes=1) for row in minutes.data), "minutes are minutes")
    known = {found.slug: found for found in buyer.meters.list()}
    expect(meter in known and known[meter].aggregation == "SUM" and "call" in known, "the meters")
    expect(buyer.meters.get(meter).group_by == {"model": "$.model", "zone": "$.zone"}, "a meter")
    listed = buyer.events.list(subject=right, limit=10)
    expect(single.id in [item.event.id for item in listed] and all(item.event.subject == right for item in listed),
           f"the events: {listed}")
    found = [item.event for item in listed if item.event.id == single.id][0]
    expect(found.data["tokens"] == 5 and found.data["model"] == "a", f"an event: {found}")


def main():
    ran = []
    for package in ("cloudevents", "openmeter"):
        try:
            version = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
        right = buy()
        if package == "openmeter":
            check_openmeter(right)
        elif version.startswith("1."):
            check_cloudevents_1(right)
        else:
            check_cloudevents_2(right)
        ran.append(f"{package} {version}")
    expect(ran, "a package is installed")
    print(f"usage was reported and asked for with {', '.join(ran)}")


main()
