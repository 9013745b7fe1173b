"""What stands at an address of the web: within a size, within a time, and nowhere else than in the web."""

from __future__ import annotations

import http.client
import threading
import time
from http.client import HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.text import quote, safe

PATIENCE = 30.0  # seconds without a byte
SLOWEST = 1000  # bytes a second on average, from then on
MOST = 2 << 30  # bytes
LITTLE = 64 << 20  # bytes of an answer in JSON
PIECE = 1 << 20
REFUSED = (404, 412)  # with which OpenML says that there is no such thing
LONGEST = 2000  # characters of an address

AGAIN = "Try again later, or download the file yourself and give its path."
_ELSEWHERE = "Check the connection, or download the file elsewhere and give its path."


def is_address(url: str) -> bool:
    """Whether it is the address of something in the web: ``http`` or ``https``, a host, a port if any."""
    if len(url) > LONGEST or not url.isascii() or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # brackets without an IPv6 address, a port that is no number
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0 and " " not in url


def fetched(url: str, where: str, most: int) -> bytes:
    """What an address answers: ``most`` bytes at most, from a ``url`` that ``is_address``.

    Raises:
        DatasetError: there is none, it does not come, comes too slowly, cut off, or has no end.
    """
    answer = _Answer(url, most)
    # In a thread of its own: nothing else sets a limit to looking up a host, or to headers that drip in.
    thread = threading.Thread(target=answer.fetch, daemon=True)
    thread.start()
    begun = moved = time.monotonic()
    size = 0
    while thread.is_alive():
        thread.join(min(PATIENCE / 10, 0.5))
        now = time.monotonic()
        if answer.size > size:
            size, moved = answer.size, now
        if thread.is_alive() and (now - moved > PATIENCE or size < SLOWEST * (now - begun - PATIENCE)):
            answer.given_up = True
            raise DatasetError(f"{where} cannot be fetched: the server does not go on.", AGAIN)
    return answer.whole(where)


class _Answer:
    """One answer, as far as it has come."""

    def __init__(self, url: str, most: int) -> None:
        self.size = 0
        self.given_up = False
        self._url = url
        self._most = most
        self._pieces: list[bytes] = []
        self._length: str | None = None
        self._error: Exception | None = None

    def fetch(self) -> None:
        """Ask, and take what comes; an error is kept for ``whole``."""
        try:
            with opener().open(self._url, timeout=PATIENCE) as answer:
                self._length = answer.headers.get("Content-Length")
                while not self.given_up and self.size <= self._most and (piece := answer.read1(PIECE)):
                    self._pieces.append(piece)
                    self.size += len(piece)
        except (OSError, http.client.HTTPException, ValueError, MemoryError) as error:
            self._error = error

    def whole(self, where: str) -> bytes:
        """All that came; raises ``DatasetError`` where that is not all there is, or too much."""
        if self._error is not None:
            raise _refused(self._error, where) from None
        if self.size > self._most:
            raise DatasetError(f"{where} is larger than {self._most >> 20:,} MB.", AGAIN)
        told = self._length
        if told is not None and told.isascii() and told.isdecimal() and self.size < float(told):
            raise DatasetError(f"{where} came cut off.", AGAIN)
        return b"".join(self._pieces)


def _refused(error: Exception, where: str) -> DatasetError:
    if isinstance(error, HTTPError):
        error.close()
        if error.code in REFUSED:
            return DatasetError(
                f"OpenML has no table {quote(where.partition(':')[2])}.",
                "Look for its number on openml.org.",
            )
        return DatasetError(f"{where} cannot be fetched: the server answers {error.code}.", AGAIN)
    if isinstance(error, MemoryError):
        return DatasetError(f"{where} needs more memory than is free.", AGAIN)
    reason = getattr(error, "reason", error)
    why = safe(str(getattr(reason, "strerror", None) or reason or "no answer").lower().rstrip("."), 80)
    return DatasetError(f"{where} cannot be fetched: {why}.", _ELSEWHERE)


class _Redirects(HTTPRedirectHandler):
    """Follows to addresses of the web alone."""

    def http_error_302(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage) -> Any:
        try:
            if not is_address(urljoin(req.full_url, headers.get("Location", ""))):
                raise ValueError("the server sends us to an address that is none of the web")
            return super().http_error_302(req, fp, code, msg, headers)
        except ValueError:
            fp.close()
            raise

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def opener() -> OpenerDirector:
    """What opens addresses of the web, and, other than ``urlopen``, neither files nor FTP."""
    found = OpenerDirector()
    handlers: tuple[Any, ...] = (
        ProxyHandler, UnknownHandler, HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler, _Redirects,
        HTTPErrorProcessor,
    )  # fmt: skip
    for handler in handlers:
        found.add_handler(handler())
    return found
