#!/usr/bin/env python3
"""Verifies a receipt of the data market offline: verify_receipt.py RECEIPT [--keys FILE] [--agreement FILE]

Exit status 0: it proves what it says; 1: it does not, and what differs is printed. It needs only Python's standard library
and the package `cryptography`. The SM2 signature is not recomputed here; it is covered by the Ed25519 signature after it.
docs/receipts.md describes the formats. Without --keys it is not shown whose keys signed the receipt.
"""
import argparse
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_der_public_key


class Wrong(Exception):
    pass


def demand(condition, problem):
    if not condition:
        raise Wrong(problem)


def canonical(value):
    """RFC 8785, for the numbers that the market's documents hold."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(element) for element in value) + "]"
    # Within these bounds Python spells a number as ECMAScript does.
    demand(not isinstance(value, float) or 1e-4 <= abs(value) < 1e16 and value % 1, "a number has another spelling")
    return json.dumps(value, ensure_ascii=False)


def load(path, name):
    """A document whose bytes are its canonical form, so that no byte of it can differ unseen."""
    with open(path, "rb") as file:
        text = file.read()
    try:
        value = json.loads(text.decode("utf-8"))
        same = canonical(value).encode("utf-8") == text
    except (ValueError, RecursionError) as problem:
        raise Wrong(f"{name} is not JSON: {problem}")
    demand(same, f"{name} is not as the market wrote it: it is not in canonical form")
    return value, text


def members(value, names, name):
    demand(isinstance(value, dict) and set(value) == set(names), f"{name} does not have the members {', '.join(names)}")
    return value


def raw(text, name):
    demand(isinstance(text, str) and len(text) % 2 == 0 and set(text) <= set("0123456789abcdef"), f"{name} is no hash")
    return bytes.fromhex(text)


def public_keys(listed, time=None):
    """Public keys by id; with a time only those that were in force then. An id is the SHA-256 of its key."""
    keys = {}
    for key in listed:
        encoded = raw(key["public_key"], "a key")
        demand(hashlib.sha256(encoded).hexdigest() == key["id"], "keys: a key is not the one that its id names")
        if time is None or key["since"] <= time <= (key.get("until") or "~"):
            keys[key["id"]] = (key["algorithm"], encoded)
    return keys


def check_signatures(document, keys, name):
    """SM2-SM3 first, then Ed25519, which covers the document with the first signature inside."""
    signatures = document.get("signatures")
    demand(isinstance(signatures, list) and len(signatures) == 2, f"{name} does not have two signatures")
    for signature, algorithm in zip(signatures, ("SM2-SM3", "Ed25519")):
        members(signature, ("algorithm", "key", "value"), f"a signature of {name}")
        demand(signature["algorithm"] == algorithm, f"{name} is not signed by {algorithm}")
        demand(keys.get(signature["key"], ("",))[0] == algorithm, f"the {algorithm} key of {name} is not among the keys")
    covered = canonical({**document, "signatures": signatures[:1]}).encode("utf-8")
    try:
        key = load_der_public_key(keys[signatures[1]["key"]][1])
        key.verify(raw(signatures[1]["value"], "a signature"), covered)
    except (InvalidSignature, ValueError, AttributeError, TypeError):
        raise Wrong(f"the Ed25519 signature of {name} does not verify")


def root_from(leaf, position, size, path):
    """RFC 9162, 2.1.3.2: the root that a leaf and its path lead to."""
    demand(type(position) is int and type(size) is int and 0 <= position < size, "inclusion: no such position")
    number, last, value = position, size - 1, leaf
    for step in path:
        demand(last > 0, "inclusion: the path is too long")
        if number & 1 or number == last:
            value = hashlib.sha256(b"\x01" + step + value).digest()
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            value = hashlib.sha256(b"\x01" + value + step).digest()
        number, last = number >> 1, last >> 1
    demand(last == 0, "inclusion: the path is too short")
    return value


def verify(options):
    receipt, _ = load(options.receipt, "the receipt")
    members(receipt, ("format", "record", "inclusion", "head", "keys"), "the receipt")
    record, head = receipt["record"], receipt["head"]
    members(head, ("format", "size", "root", "time", "previous", "signatures"), "the head")
    demand(receipt["format"] == "datamarket-receipt/1" and head["format"] == "datamarket-head/1"
           and record["format"] == "datamarket-record/1", "the receipt has an unknown form")
    for key in receipt["keys"]:
        members(key, ("id", "algorithm", "public_key"), "a key")
    keys = public_keys(receipt["keys"])
    named = sorted(signature["key"] for signature in head["signatures"])
    demand([key["id"] for key in receipt["keys"]] == named, "keys: they are not those that the head names")
    check_signatures(head, keys, "the head")
    if options.keys:
        with open(options.keys, encoding="utf-8") as file:
            keys = public_keys(json.load(file)["keys"], head["time"])
        check_signatures(head, keys, "the head")
    inclusion = members(receipt["inclusion"], ("position", "size", "path"), "inclusion")
    demand(inclusion["size"] == head["size"], "inclusion: it does not belong to the head")
    leaf = hashlib.sha256(b"\x00" + canonical(record).encode("utf-8")).digest()
    path = [raw(step, "a step of the path") for step in inclusion["path"]]
    root = root_from(leaf, inclusion["position"], inclusion["size"], path)
    demand(root.hex() == head["root"], "record: it does not lead to the root of the head by the inclusion's path")
    if options.agreement:
        agreement, text = load(options.agreement, "the agreement")
        demand(hashlib.sha256(text).hexdigest() == (record["agreement"] or {}).get("sha256"),
               "agreement: it is not the one that the receipt names")
        check_signatures(agreement, keys, "the agreement")
    print(f"ok    {record['type']} of {record['occurred_at']}, enterprise {record['enterprise']}, "
          f"leaf {inclusion['position']} of {head['size']}, head of {head['time']}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("receipt")
    parser.add_argument("--keys", help="what /v1/keys answered")
    parser.add_argument("--agreement", help="the signed agreement that the receipt is held against")
    try:
        verify(parser.parse_args())
    except (Wrong, KeyError, TypeError, AttributeError) as problem:
        print(f"WRONG {problem}")
        sys.exit(1)
