"""A small server on this machine that speaks the protocol of S3, a part of which others need too."""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

ACCESS, SECRET = "AKIDOFNOBODY", "a/secret+that/nobody+may/see"
PAGE = 2  # names in one answer to a list

Answer = tuple[int, bytes, dict[str, str]]


@dataclass
class Cloud:
    """What the server holds, and what it was asked.

    Attributes:
        objects: ``/bucket/key`` → what stands there. asked: method, path and range of each request.
        signed: whether all that is asked has to be signed by the keys. odd: path → how it misbehaves.
        go_on: until it is set, what is ``slow`` gets no answer.
    """

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    signed: bool = False
    odd: dict[str, str] = field(default_factory=dict)
    go_on: threading.Event = field(default_factory=threading.Event)

    def gets(self) -> int:
        """How many requests were for what stands in objects."""
        return sum(method == "GET" and "list-type" not in path for method, path, _ in self.asked)


def is_signed(method: str, target: str, headers: Any) -> bool:
    """Whether a request carries the signature that Amazon asks for; written by its document alone."""
    found = re.fullmatch(
        rf"AWS4-HMAC-SHA256 Credential={ACCESS}/(\d+)/([\w-]+)/s3/aws4_request, ?"
        r"SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})",
        headers.get("Authorization", ""),
    )
    if found is None:
        return False
    day, region, names, signature = found.groups()
    path, _, query = target.partition("?")
    query = "&".join(sorted(part if "=" in part else f"{part}=" for part in query.split("&") if part))
    lines = [f"{name}:{headers[name].strip()}" for name in names.split(";")]
    asked = "\n".join([method, path, query, *lines, "", names, headers["x-amz-content-sha256"]])
    scope = f"{day}/{region}/s3/aws4_request"
    text = "\n".join(
        ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hashlib.sha256(asked.encode()).hexdigest()]
    )
    key = ("AWS4" + SECRET).encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.compare_digest(hmac.new(key, text.encode(), hashlib.sha256).hexdigest(), signature)


def _names(cloud: Cloud, bucket: str, asked: dict[str, list[str]]) -> bytes:
    """An answer to ListObjectsV2, a few names at a time."""
    prefix, after = asked.get("prefix", [""])[0], asked.get("continuation-token", [""])[0]
    held = {path.removeprefix(f"/{bucket}/"): len(data) for path, data in cloud.objects.items()}
    keys = sorted(key for key in held if key.startswith(prefix) and key > after)
    told = "".join(
        f"<Contents><Key>{key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
        f"<Size>{held[key]}</Size></Contents>"
        for key in keys[:PAGE]
    )
    more = f"<NextContinuationToken>{keys[PAGE - 1]}</NextContinuationToken>" if len(keys) > PAGE else ""
    cut = str(len(keys) > PAGE).lower()
    return f"<ListBucketResult><IsTruncated>{cut}</IsTruncated>{told}{more}</ListBucketResult>".encode()


class Handler(BaseHTTPRequestHandler):
    """Answers as the state of its server says."""

    protocol_version = "HTTP/1.1"
    state: Cloud

    def do_HEAD(self) -> None:
        self.say(*self.answer(), body=False)

    def do_GET(self) -> None:
        self.say(*self.answer(), body=True)

    def answer(self) -> Answer:
        """Status, body and further headers."""
        state, parts = self.state, urlsplit(self.path)
        path = unquote(parts.path)
        state.asked.append((self.command, self.path, self.headers.get("Range", "")))
        odd = state.odd.get(path, "")
        if odd == "slow" or (odd == "slow parts" and self.command == "GET"):
            state.go_on.wait()
        if odd == "sends away":
            return 302, b"", {"Location": path.replace("/away", "/bucket")}
        if odd == "busy":
            state.odd.pop(path)  # the next time it is not
            return 503, b"", {"Retry-After": "0"}
        if odd.isdecimal():
            return int(odd), b"", {}
        if odd in ("no head", "head refused") and self.command == "HEAD":
            return 405 if odd == "no head" else 403, b"", {}
        if state.signed and not is_signed(self.command, self.path, self.headers):
            return 403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>", {}
        if "list-type=2" in parts.query:
            return 200, _names(state, path.strip("/"), parse_qs(parts.query)), {}
        if path not in state.objects:
            return 404, b"<Error><Code>NoSuchKey</Code></Error>", {}
        return self.part(state.objects[path], odd)

    def part(self, data: bytes, odd: str) -> Answer:
        """An object, or the bytes of it that are asked for."""
        tag = {"ETag": f'"{hashlib.md5(data).hexdigest()}"', "Last-Modified": formatdate(0, usegmt=True)}
        tag = {} if odd == "no tag" else tag
        span = self.headers.get("Range", "")
        if not span or odd == "no parts":
            return 200, data, tag
        first, last = span.removeprefix("bytes=").split("-")
        begin = int(first) if first else max(len(data) - int(last), 0)
        end = min(int(last) + 1, len(data)) if first and last else len(data)
        return 206, data[begin:end], {**tag, "Content-Range": f"bytes {begin}-{end - 1}/{len(data)}"}

    def say(self, status: int, data: bytes, more: dict[str, str], *, body: bool) -> None:
        self.send_response(status)
        unsaid = "no length" in self.state.odd.values()
        for name, value in {"Content-Length": str(len(data)), **more}.items():
            if not (unsaid and name == "Content-Length"):
                self.send_header(name, value)
        self.end_headers()
        if body:
            cut = status in (200, 206) and "breaks off" in self.state.odd.values()
            self.wfile.write(data[:1] if cut else data)  # whoever asks for the rest gets one byte more
            self.close_connection = cut or unsaid

    def log_message(self, *_arguments: Any) -> None:
        """Be silent."""


@contextmanager
def cloud() -> Iterator[Cloud]:
    """A server, as long as the context lasts."""
    state = Cloud()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"state": state}))
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
