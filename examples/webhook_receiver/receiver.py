"""Receives a partner's webhook with nothing but Python: python receiver.py 8080 whsec_...

Behind a proxy that ends TLS. What it takes in is printed; put it into a queue or a table instead, and answer then.
"""

import hmac
import json
import sys
import time
from base64 import b64decode, b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERATED_SECONDS = 300


def wrong(secret, headers, body):
    """Say what is wrong with a message: not signed by the secret (whsec_...), or not of now; None where nothing is."""
    message_id, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not sent_at.isdigit() or abs(time.time() - int(sent_at)) > TOLERATED_SECONDS:
        return "webhook-timestamp isn't of now: set this machine's clock right"
    key = b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{message_id}.{sent_at}.".encode() + body, "sha256")
    good = "v1," + b64encode(digest).decode()
    if not any(hmac.compare_digest(good, one) for one in headers.get("webhook-signature", "").split()):
        return "webhook-signature isn't by this secret: use the one that PUT /webhook told, or POST /webhook/secret"
    return None


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    secret = ""
    seen = set()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if reason := wrong(self.secret, self.headers, body):
            return self.answer(401, {"wrong": reason})
        event = json.loads(body)
        if event["type"] == "jobplus.WebhookHandshake":
            return self.answer(200, {"challenge": event["data"]["challenge"]})
        if event["id"] not in self.seen:  # what comes twice has the same id
            print(json.dumps(event), flush=True)
            self.seen.add(event["id"])
        return self.answer(200, {})

    def answer(self, status, told):
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    Receiver.secret = sys.argv[2]
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
