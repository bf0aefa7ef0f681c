"""An operator's backend that is told things, with a verification of its own: nothing of it is the server's."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Heard:
    """One message as it arrived."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told

    def signed_with(self, secret: str) -> bool:
        """By the text of Standard Webhooks: base64 of HMAC-SHA256 over id.timestamp.body, the key being base64, too."""
        key = base64.b64decode(secret[len("whsec_") :])
        content = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        wanted = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        given = [part.partition(",") for part in self.headers["webhook-signature"].split(" ")]
        return any(version == "v1" and signature == wanted for version, _, signature in given)


@dataclass
class Receiver:
    """What it heard, and what it answers next; 204 when nothing else was ordered."""

    url: str
    heard: list[Heard] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    def of(self, event: str) -> list[Heard]:
        return [each for each in self.heard if each.said["type"] == event]


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    """A backend on a free port, or on the one it had before."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.heard.append(Heard(headers, body))
            status, more = receiver.answers.pop(0) if receiver.answers else (204, {})
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
