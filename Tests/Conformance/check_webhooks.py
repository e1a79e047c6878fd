"""Buys, and verifies with the package standardwebhooks what the market tells of it. Arguments: URL of the market, tokens.json"""
import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from standardwebhooks.webhooks import Webhook

base, tokens = sys.argv[1], json.load(open(sys.argv[2]))


def call(method, path, body=None, role="enterprise", key=None, root=base):
    request = urllib.request.Request(root + path, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", "Bearer " + tokens[role])
    if key:
        request.add_header("Idempotency-Key", key)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
        return json.loads(text) if text else None


receiver = subprocess.Popen(
    [sys.executable, str(Path(__file__).with_name("webhook_receiver.py"))], stdout=subprocess.PIPE, text=True)
try:
    port = int(receiver.stdout.readline())
    address = f"http://127.0.0.1:{port}"

    def messages(path, count):
        for _ in range(200):
            found = [one for one in call("GET", "/received", root=address) if one["path"] == path]
            if len(found) >= count:
                return found
            time.sleep(0.1)
        raise SystemExit(f"{path}: {len(found)} of {count} messages came")

    hook = call("POST", "/v1/webhooks", {"url": address + "/flaky/0/buyer"})
    call("POST", "/v1/webhooks", {"url": address + "/ok"}, role="operator")
    products = call("GET", "/v1/products?limit=200")["items"]
    bought = None
    for product in products:
        for offer in call("GET", f"/v1/products/{product['code']}/offers")["items"]:
            if bought:
                break
            try:
                bought = call("POST", "/v1/purchases", {"offer": offer["code"], "purpose": offer["purposes"][0]}, key="told")
            except urllib.error.HTTPError:
                pass
    assert bought, "nothing can be bought"
    call("GET", "/v1/notices")
    with urllib.request.urlopen(urllib.request.Request(
            f"{base}/v1/entitlements/{bought['entitlement']['id']}/content",
            headers={"Authorization": "Bearer " + tokens["enterprise"]})) as answer:
        answer.read()
    told = messages("/flaky/0/buyer", 2)
    events = [Webhook(hook["secret"]).verify(one["body"], one["headers"]) for one in told]
    assert [one["type"] for one in events] == ["purchase.active", "delivery.completed"], events
    assert all(one["specversion"] == "1.0" and one["data"]["purchase"] == bought["id"] for one in events), events
    new = call("POST", f"/v1/webhooks/{hook['id']}/secret")["secret"]
    assert new != hook["secret"]
    assert call("POST", f"/v1/webhooks/{hook['id']}/replay", {})["replayed"] == 2
    for one in messages("/flaky/0/buyer", 4)[2:]:
        for secret in (new, hook["secret"]):
            assert Webhook(secret).verify(one["body"], one["headers"])["data"]["purchase"] == bought["id"]
    assert call("POST", f"/v1/webhooks/{hook['id']}/test")["delivered"] is True
    print(f"standardwebhooks verified {len(told)} events, and both signatures after the secret changed")
finally:
    receiver.terminate()
