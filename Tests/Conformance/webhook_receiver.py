"""A receiver of webhooks for tests: prints its port, keeps what it is sent, and answers as the path says.

POST /ok 204, /fail 500, /gone 410, /slow an answer that does not end, /huge a megabyte of it, /redirect to /ok of itself,
/flaky/N/… 503 to the first N messages with one id; GET /received lists {path, headers, body} in order of arrival.
"""
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

received = []
seen = {}


class Receiver(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(200, json.dumps(received).encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        kind = self.path.split("/")[1]
        status = {"fail": 500, "gone": 410, "redirect": 302}.get(kind, 204)
        if kind == "flaky":
            message = headers.get("webhook-id")
            seen[message] = seen.get(message, 0) + 1
            status = 503 if seen[message] <= int(self.path.split("/")[2]) else 204
        received.append({"path": self.path, "headers": headers, "body": body, "status": status})
        try:
            if kind == "slow":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                for _ in range(30):
                    self.wfile.write(b".")
                    self.wfile.flush()
                    time.sleep(0.5)
            elif kind == "huge":
                self.answer(200, b"x" * (1 << 20))
            elif kind == "redirect":
                port = self.server.server_address[1]
                self.answer(302, headers=[("Location", f"http://127.0.0.1:{port}/ok")])
            else:
                self.answer(status, b"" if status == 204 else b"no\0t now")
        except (BrokenPipeError, ConnectionResetError):
            pass


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
