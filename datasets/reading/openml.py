"""Tables of OpenML, by number or name: asked for by HTTP, kept where scikit-learn keeps what it fetches.

scikit-learn's own ``fetch_openml`` needs pandas for tables with texts, such as that of the Titanic.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote as escaped
from urllib.parse import urlsplit
from urllib.request import urlopen

from lrtui.datasets.disk.kept import keep, read_kept
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.arff import read_arff
from lrtui.datasets.reading.table import Table
from lrtui.datasets.text import quote, safe

SERVER = "https://www.openml.org"
MIRROR = "LRTUI_OPENML"  # environment variable: another server that speaks the same protocol
PATIENCE = 30  # seconds without an answer
MOST = 2 << 30  # bytes
PIECE = 1 << 20
REFUSED = 412  # with which OpenML says that there is no such thing

_AGAIN = "Try again later, or download the file yourself and give its path."


def read_openml(wanted: str) -> Table:
    """A table of OpenML, without the columns that its page says to ignore.

    Args:
        wanted: a number, or a name, of which the oldest active version is taken.

    Raises:
        DatasetError: there is no such table, no connection, or the answer makes no sense.
    """
    where = f"openml:{safe(wanted)}"
    number, remarks = (int(wanted), ()) if wanted.isdecimal() else _found(wanted, where)
    about = _json(f"/api/v1/json/data/{number}", where, "data_set_description")
    url = about.get("url")
    if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https"):
        raise _broken(where)
    if MIRROR in os.environ:
        url = _server() + urlsplit(url).path
    data = _fetched(url, where, about.get("md5_checksum"))
    frame, more = read_arff(data, None, where)
    ignored = {*_names(about.get("ignore_attribute")), *_names(about.get("row_id_attribute"))}
    frame = frame.drop([name for name in frame.columns if name in ignored])
    target = next(iter(_names(about.get("default_target_attribute"))), None)
    return Table(frame, where, target=target if target in frame.columns else None, remarks=remarks + more)


def _found(name: str, where: str) -> tuple[int, tuple[str, ...]]:
    """The number of a table by its name; a remark where there is more than one."""
    path = f"/api/v1/json/data/list/data_name/{escaped(name, safe='')}/limit/2/status/active/"
    found = _json(path, where, "data").get("dataset")
    try:
        first, *others = found or []
        number, version = int(first["did"]), safe(str(first.get("version", "?")))
    except (TypeError, ValueError, KeyError, AttributeError):
        raise _broken(where) from None
    remark = f"{where} has more than one version; version {version}, openml:{number}, is taken."
    return number, (remark,) if others else ()


def _names(value: Any) -> list[str]:
    """Names in an answer: a list, or a text with commas between."""
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    return [str(name) for name in value] if isinstance(value, list) else []


def _server() -> str:
    return os.environ.get(MIRROR, SERVER).rstrip("/")


def _json(path: str, where: str, key: str) -> dict[str, Any]:
    try:
        found = json.loads(_fetched(_server() + path, where))[key]
    except (ValueError, TypeError, LookupError, RecursionError):
        raise _broken(where) from None
    if not isinstance(found, dict):
        raise _broken(where)
    return found


def _fetched(url: str, where: str, checksum: Any = None) -> bytes:
    """What stands at an address: as it was kept, or fetched and kept."""
    kept = read_kept(url)
    if kept is not None and _is_whole(kept, checksum):
        return kept
    data = _asked(url, where)
    if not _is_whole(data, checksum):
        raise DatasetError(f"{where} came damaged or cut off: its checksum is another.", _AGAIN)
    if checksum or _is_json(data):
        keep(url, data)
    return data


def _asked(url: str, where: str) -> bytes:
    try:
        with urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - the caller looks at the scheme
            data = bytearray()
            while piece := answer.read(PIECE):
                data += piece
                if len(data) > MOST:
                    raise DatasetError(f"{where} is larger than {MOST >> 30} GB.", _AGAIN)
            length = answer.headers.get("Content-Length")
    except HTTPError as error:
        error.close()
        if error.code in (REFUSED, 404):
            raise DatasetError(
                f"OpenML has no table {quote(where.partition(':')[2])}.",
                "Look for its number on openml.org.",
            ) from None
        raise DatasetError(f"{where} cannot be fetched: the server answers {error.code}.", _AGAIN) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        why = safe(str(getattr(reason, "strerror", None) or reason or "no answer").lower(), 80)
        raise DatasetError(
            f"{where} cannot be fetched: {why}.",
            "Check the connection, or download the file elsewhere and give its path.",
        ) from None
    if length is not None and length.isdecimal() and len(data) < int(length):
        raise DatasetError(f"{where} came cut off.", _AGAIN)
    return bytes(data)


def _is_whole(data: bytes, checksum: Any) -> bool:
    if not isinstance(checksum, str):
        return True
    return hashlib.md5(data, usedforsecurity=False).hexdigest() == checksum.lower()


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _broken(where: str) -> DatasetError:
    return DatasetError(f"OpenML's answer about {where} makes no sense.", _AGAIN)
