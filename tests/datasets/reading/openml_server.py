"""A small server that speaks the protocol of OpenML, for tests without a network."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PASSENGERS = b"""@RELATION passengers
@ATTRIBUTE id INTEGER
@ATTRIBUTE survived {0,1}
@ATTRIBUTE name STRING
@ATTRIBUTE sex {female,male}
@ATTRIBUTE age REAL
@ATTRIBUTE boat STRING
@DATA
1,1,'Allen, Miss. Elisabeth',female,29,'2'
2,0,'Allison, Mr. Hudson',male,?,?
3,1,"Anderson, Mr. 'Harry'",male,48,'3'
"""


@dataclass
class OpenML:
    """What the server answers, and what it was asked.

    Attributes:
        replies: path → status and body; what is not here is answered as OpenML does for what it has not.
        short: bytes that are left out at the end of each body, though the header promises them.
    """

    url: str = ""
    replies: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    short: int = 0

    def serve(self, number: int, name: str, data: bytes, **about: Any) -> None:
        """Have a table, its description and its file."""
        description = {
            "id": str(number),
            "name": name,
            "version": "1",
            "format": "ARFF",
            "status": "active",
            "url": f"{self.url}/data/v1/download/{number}0/{name}.arff",
            "file_id": f"{number}0",
            "md5_checksum": hashlib.md5(data, usedforsecurity=False).hexdigest(),
            **about,
        }
        self.reply(f"/api/v1/json/data/{number}", {"data_set_description": description})
        self.replies[f"/data/v1/download/{number}0/{name}.arff"] = (200, data)

    def reply(self, path: str, answer: Any) -> None:
        """Answer a path with JSON."""
        self.replies[path] = (200, json.dumps(answer).encode())


@contextmanager
def openml() -> Iterator[OpenML]:
    """A server on this machine, as long as the context lasts."""
    state = OpenML()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            missing = b'{"error":{"code":"111","message":"Unknown dataset"}}'
            status, body = state.replies.get(self.path, (412, missing))
            packed = "gzip" in self.headers.get("Accept-Encoding", "")
            body = gzip.compress(body) if packed else body
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(body[: len(body) - state.short])

        def log_message(self, *_arguments: Any) -> None:
            """Be silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
