"""What stands at an address, without reading it: its size, and what tells whether it changed since."""

from __future__ import annotations

import secrets
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, getproxies, proxy_bypass

from lrtui.datasets.address import DOWNLOAD, is_web, scheme_of, shown
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.progress import Progress
from lrtui.datasets.reading.fetching import opener
from lrtui.datasets.remote.patience import PATIENCE, StandsStillError, each_in_time
from lrtui.datasets.remote.reaching import CREDENTIALS, WEB_CREDENTIALS, region, request_of
from lrtui.datasets.text import quote

AGAIN = "Try again later, or download it and give its path."
REFUSED = (401, 403)
NO_HEAD = (400, 405, 501)  # servers that know no such question, or answer it so
BUSY = (429, 502, 503, 504)
PAUSES = (0.5, 2.0)  # seconds before a busy server is asked again, where it does not say when
LONGEST_PAUSE = 10  # seconds
UNTOLD = secrets.token_hex(8)  # the tag of what no server tells: each process brings it once
ASIDE = ("gs", "hf")  # where polars may hold credentials that lrtui cannot use


@dataclass(frozen=True)
class Version:
    """What a server says of an object.

    Attributes:
        size: bytes, or ``None`` where it does not say. tag: its ETag, or what another process does not
            know. modified: when it was last changed.
    """

    size: int | None
    tag: str
    modified: str


def versions_of(addresses: Sequence[str], watch: Progress) -> list[Version | None]:
    """What the servers say of objects; ``None`` of one that only polars can ask for.

    Raises:
        DatasetError: one is not there, may not be read, or its server is not to be reached.
        Cancelled: the watcher says so.
    """
    try:
        return each_in_time(_version_of, addresses, watch, "reaching")
    except StandsStillError:
        raise stands_still(addresses[0]) from None


def answers(address: str, watch: Progress) -> bool:
    """Whether the server of an object still says anything of it."""
    try:
        versions_of([address], Progress(watch.go_on))
    except DatasetError:
        return False
    return True


def _version_of(address: str) -> Version | None:
    try:
        try:
            headers = _answer_in_the_end(address, "HEAD")
        except HTTPError as error:
            error.close()
            if error.code not in (NO_HEAD + REFUSED if is_web(address) else NO_HEAD):
                raise
            headers = _answer_in_the_end(address, "GET")
    except HTTPError as error:
        error.close()
        if error.code in REFUSED and scheme_of(address) in ASIDE:
            return None
        raise refused(address, error.code, error.headers) from None
    except (OSError, HTTPException, ValueError) as error:
        raise unreachable(address, error) from None
    if headers is None:
        return None
    length = headers.get("Content-Range", "").rpartition("/")[2] or headers.get("Content-Length", "")
    size = int(length) if length.isascii() and length.isdecimal() else None
    tag, modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
    return Version(size, tag if tag or modified else UNTOLD, modified)


def _answer_in_the_end(address: str, method: str) -> Message | None:
    """The headers of an answer, of a server that is busy at the second or third time, as polars asks it."""
    for pause in PAUSES:
        try:
            return _answer(address, method)
        except HTTPError as error:
            error.close()
            if error.code not in BUSY:
                raise
            asked = error.headers.get("Retry-After", "")
            time.sleep(min(int(asked), LONGEST_PAUSE) if asked.isascii() and asked.isdecimal() else pause)
    return _answer(address, method)


def _answer(address: str, method: str) -> Message | None:
    """The headers of an answer; with GET those of its first byte."""
    asked = request_of(address, method)
    if asked is None:
        return None
    url, headers = asked
    request = Request(url, method=method)  # noqa: S310 - no other scheme comes here
    for name, value in headers.items():
        request.add_unredirected_header(name, value)  # a server that we are sent to gets none of them
    if method == "GET":
        request.add_unredirected_header("Range", "bytes=0-0")
    with opener().open(request, timeout=PATIENCE) as answer:
        found: Message = answer.headers
    return found


def refused(address: str, code: int, headers: Message | None = None) -> DatasetError:
    """The error for what a server answered instead."""
    where, scheme = shown(address), scheme_of(address) or ""
    lies_in = headers.get("x-amz-bucket-region") if headers is not None else None
    if lies_in and lies_in != region():
        return DatasetError(
            f"{where} lies in the region {quote(lies_in)}, and was looked for in {quote(region())}.",
            f"Set AWS_REGION to {lies_in[:40]}.",
        )
    if code in (404, 410):
        return DatasetError(f"There is no {where}.", "Check the address, letter by letter.")
    if code in REFUSED:
        fix = CREDENTIALS.get(scheme, WEB_CREDENTIALS)
        return DatasetError(f"{where} may not be read: its server refuses it.", fix)
    if 300 <= code < 400:
        return DatasetError(f"{where} cannot be read: its server sends us on and on, or nowhere.", DOWNLOAD)
    return DatasetError(f"{where} cannot be read: its server answers {code}.", AGAIN)


def unreachable(address: str, error: Exception) -> DatasetError:
    """The error for a server that was not reached, or broke off."""
    where, asked = shown(address), request_of(address)
    proxy = None if asked is None else _proxy_of(asked[0])
    host = quote(proxy or (urlsplit(asked[0]).hostname if asked else None) or "?")
    reason = error.reason if isinstance(error, URLError) else error
    check = "Check the address and the connection."
    if proxy:
        check = "Check the proxy that the environment of lrtui names; no_proxy names hosts that need none."
    if isinstance(reason, socket.gaierror):
        return DatasetError(f"{where} cannot be reached: no host called {host} is found.", check)
    if isinstance(reason, ssl.SSLError):
        return DatasetError(
            f"{where} cannot be reached: the connection to {host} is not secure, or not trusted.",
            "Check the address; SSL_CERT_FILE names certificates of your own.",
        )
    if isinstance(reason, TimeoutError):
        return stands_still(address)
    if isinstance(reason, ConnectionRefusedError):
        return DatasetError(f"{where} cannot be reached: {host} takes no connection.", check)
    if isinstance(reason, ValueError):
        return DatasetError(f"{where} cannot be reached: its server makes no sense.", check)
    return DatasetError(f"{where} cannot be reached: the connection to {host} fails.", check)


def _proxy_of(url: str) -> str | None:
    """The host of the proxy over which a server is asked, without its port or password."""
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme)
    if not proxy or proxy_bypass(parts.hostname or ""):
        return None
    try:
        return urlsplit(proxy if "//" in proxy else f"//{proxy}").hostname
    except ValueError:  # brackets without an IPv6 address
        return None


def stands_still(address: str) -> DatasetError:
    """The error for a server from which nothing comes."""
    return DatasetError(
        f"{shown(address)} cannot be read: for {PATIENCE:.0f} seconds nothing came from its server.",
        AGAIN,
    )
