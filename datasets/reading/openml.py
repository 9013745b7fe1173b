"""Tables of OpenML, by number or name: asked for by HTTP, kept where scikit-learn keeps what it fetches.

scikit-learn's own ``fetch_openml`` needs pandas for tables with texts, such as that of the Titanic.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from typing import Any
from urllib.parse import quote as escaped
from urllib.parse import urlsplit

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.numbers import plain_whole
from lrtui.datasets.reading.arff import read_arff
from lrtui.datasets.reading.fetching import AGAIN, LITTLE, MOST, fetched, is_address
from lrtui.datasets.reading.table import Table
from lrtui.datasets.source import Source
from lrtui.datasets.storage.kept import keep, read_kept
from lrtui.datasets.text import quote, safe

SERVER = "https://www.openml.org"
MIRROR = "LRTUI_OPENML"  # environment variable: another server that speaks the same protocol


def read_openml(wanted: str) -> Table:
    """A table by its number or name, in its oldest active version, without what its page says to ignore.

    Raises:
        DatasetError: there is no such table, no connection, or the answer makes no sense.
    """
    where = f"openml:{safe(wanted)}"
    known = plain_whole(wanted)
    number, remarks = (known, ()) if known is not None else _found(wanted, where)
    about = _json(f"/api/v1/json/data/{number}", where, "data_set_description")
    url = about.get("url")
    if not isinstance(url, str) or not is_address(url):
        raise _broken(where)
    if MIRROR in os.environ:
        url = _server() + urlsplit(url).path
    data = _fetched(url, where, MOST, about.get("md5_checksum"))
    frame, more, _ = read_arff(data, Source(wanted), where, wanted)
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
        number, version = _number(first["did"]), _number(first.get("version", 1))
    except (TypeError, ValueError, KeyError, AttributeError):
        raise _broken(where) from None
    if number is None:
        raise _broken(where)
    remark = f"{where} has more than one version; version {version or '?'}, openml:{number}, is taken."
    return number, (remark,) if others else ()


def _number(value: Any) -> int | None:
    """A number in an answer, or its digits as text."""
    if isinstance(value, str):
        return plain_whole(value)
    return (
        value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63 else None
    )


def _names(value: Any) -> list[str]:
    """Names in an answer: a list, or a text with commas between."""
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _server() -> str:
    """The address of the server."""
    found = os.environ.get(MIRROR, SERVER).rstrip("/")
    if not is_address(found):
        raise DatasetError(
            f"{MIRROR} holds {quote(found)}, which is no address of a server.", f"Write it like {SERVER}."
        )
    return found


def _json(path: str, where: str, key: str) -> dict[str, Any]:
    try:
        found = json.loads(_fetched(_server() + path, where, LITTLE))[key]
    except (ValueError, TypeError, LookupError, RecursionError):
        raise _broken(where) from None
    if not isinstance(found, dict):
        raise _broken(where)
    return found


def _fetched(url: str, where: str, most: int, checksum: Any = None) -> bytes:
    """What stands at an address: as it was kept, or fetched and kept."""
    kept = read_kept(url)
    if kept is not None and _is_whole(kept, checksum):
        return kept
    data = fetched(url, where, most)
    if not _is_whole(data, checksum):
        raise DatasetError(f"{where} came damaged or cut off: its checksum is another.", AGAIN)
    with suppress(ValueError, RecursionError):
        if not checksum:
            json.loads(data)
        keep(url, data)
    return data


def _is_whole(data: bytes, checksum: Any) -> bool:
    if not isinstance(checksum, str):
        return True
    return hashlib.md5(data, usedforsecurity=False).hexdigest() == checksum.lower()


def _broken(where: str) -> DatasetError:
    return DatasetError(f"OpenML's answer about {where} makes no sense.", AGAIN)
