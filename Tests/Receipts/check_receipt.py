"""Holds script/verify_receipt.py against a receipt: it verifies; with any field or byte changed it does not; and the openssl
command verifies the SM2 signatures. Called by ReceiptScriptTests: check_receipt.py RECEIPT KEYS AGREEMENT
"""
import argparse
import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "script"))
import verify_receipt  # noqa: E402


def verifies(text, keys=None, agreement=None):
    """Whether a receipt given as bytes is accepted."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(text)
        file.flush()
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                verify_receipt.verify(argparse.Namespace(receipt=file.name, keys=keys, agreement=agreement))
        except (verify_receipt.Wrong, KeyError, TypeError, AttributeError):
            return False
    return True


def changes(value):
    """The value with each of its fields changed in turn."""
    if isinstance(value, dict):
        for name in value:
            for other in changes(value[name]):
                yield {**value, name: other}
            yield {other: value[other] for other in value if other != name}
        yield {**value, "more": None}
    elif isinstance(value, list):
        for place in range(len(value)):
            for other in changes(value[place]):
                yield value[:place] + [other] + value[place + 1:]
        yield value + [None]
    elif isinstance(value, str):
        yield value[:-1] + ("1" if value.endswith("0") else "0")
        yield value.upper() if value.upper() != value else value + "x"
    elif isinstance(value, bool) or value is None:
        yield not value
    else:
        yield value + 1


def check_with_openssl(document, keys):
    """The first signature is SM2 with SM3 over the document without signatures."""
    signature = document["signatures"][0]
    key = next(key for key in keys if key["id"] == signature["key"])
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "data").write_bytes(verify_receipt.canonical({**document, "signatures": []}).encode("utf-8"))
        (folder / "signature").write_bytes(bytes.fromhex(signature["value"]))
        (folder / "key.der").write_bytes(bytes.fromhex(key["public_key"]))
        subprocess.run(["openssl", "pkey", "-pubin", "-inform", "DER", "-in", "key.der", "-out", "key.pem"],
                       cwd=folder, check=True)
        subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-digest", "sm3",
                        "-pkeyopt", "distid:1234567812345678", "-in", "data", "-sigfile", "signature"],
                       cwd=folder, check=True, stdout=subprocess.DEVNULL)


def main(receipt_path, keys_path, agreement_path):
    text = pathlib.Path(receipt_path).read_bytes()
    receipt, keys = json.loads(text), json.loads(pathlib.Path(keys_path).read_bytes())["keys"]
    assert verifies(text), "the receipt does not verify"
    assert verifies(text, keys_path, agreement_path), "the receipt does not verify with keys and agreement"
    tried = 0
    for changed in changes(receipt):
        changed = verify_receipt.canonical(changed).encode("utf-8")
        assert not verifies(changed), f"a change was not found: {changed.decode()}"
        tried += 1
    for place in range(len(text)):
        flipped = text[:place] + bytes([text[place] ^ 1]) + text[place + 1:]
        assert not verifies(flipped), f"a change of byte {place} was not found"
    agreement = json.loads(pathlib.Path(agreement_path).read_bytes())
    for document in (receipt["head"], agreement):
        check_with_openssl(document, keys)
    print(f"{tried} changes of fields and {len(text)} changes of bytes were found")


if __name__ == "__main__":
    main(*sys.argv[1:])
