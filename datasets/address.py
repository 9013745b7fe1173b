"""Addresses of data elsewhere: which are read, and what may not stand in them. Standard library alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, unquote, urlsplit
from urllib.parse import quote as escaped

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.text import quote

WEB = ("http", "https")
SCHEMES = ("s3", "gs", "hf", *WEB)
LONGEST = 2000  # characters
DOWNLOAD = "Download it, and give its path."
# What a query may say. Whatever else stands there may be a key or a signature: runs keep their addresses.
PLAIN = frozenset(
    ["branch", "dl", "download", "export", "format", "inline", "raw", "ref", "rev", "version", "versionid"]
)
HUB = ("datasets", "spaces")  # of hf://

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_SENT = "".join(chr(code) for code in range(33, 127))  # what an address may hold as it is
# A user and a password in which a slash stands, as in secrets of Amazon: no port begins so.
_LOGIN = re.compile(r"[^/@[]*:(?!\d*/)[^@]*@")
_ODD = re.compile(r"\[[^]/]+\]|[][?+(){}|^$\\]")  # in a pattern, to polars
_QUERY = re.compile(r"[?&][\w.~%-]+=")  # where a question mark is part of a pattern too


def scheme_of(name: str) -> str | None:
    """What stands before ``://``, in small letters; ``None`` where it is no address at all."""
    found = _SCHEME.match(name)
    return None if found is None else found[1].lower()


def is_elsewhere(name: str) -> bool:
    """Whether a name is the address of something that is read over a network."""
    return scheme_of(name) in SCHEMES


def is_web(address: str) -> bool:
    """Whether it is an address of the web, which has no patterns, and may have a query."""
    return scheme_of(address) in WEB


def is_pattern(address: str) -> bool:
    """Whether it stands for all objects that match."""
    return not is_web(address) and any(character in address for character in "*?[")


def widened(pattern: str) -> str:
    """A pattern of ``*`` and ``**/`` alone that matches all that ``matches`` this one.

    polars takes a question mark for the begin of a query, and the rest for a regular expression.
    """
    found = re.search(r"[*?[]", pattern)
    begin = len(pattern) if found is None else found.start()
    odd = _ODD.sub("\0", pattern[begin:])
    return pattern[:begin] + re.sub(r"[\0*]*\0[\0*]*", "*", odd)


def matches(address: str, pattern: str) -> bool:
    """Whether an address fits a pattern, as in a shell: ``**`` stands for any folders, and case counts."""
    return _fit(address.split("/"), pattern.split("/"))


def _fit(parts: Sequence[str], patterns: Sequence[str]) -> bool:
    if not patterns:
        return not parts
    if patterns[0] == "**":
        return any(_fit(parts[skipped:], patterns[1:]) for skipped in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], patterns[0]) and _fit(parts[1:], patterns[1:])


def object_name(address: str) -> str:
    """The last part of the path, which tells the format."""
    if is_web(address):
        return PurePosixPath(unquote(urlsplit(address).path)).name
    return PurePosixPath(address.partition("://")[2]).name  # a percent sign of a bucket is one


def as_asked(address: str) -> str:
    """An address of the web as it is sent: blanks and letters beyond ASCII are escaped."""
    scheme, colon, rest = address.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}{colon}{place}{slash}{escaped(path, safe=_SENT)}"


def shown(address: str) -> str:
    """The address as an error names it: quoted, without what could be a secret."""
    return quote(bared(address))


def bared(address: str) -> str:
    """The address without a user, a query or a fragment."""
    scheme, colon, rest = address.partition("://")
    login = _LOGIN.match(rest)
    place, slash, path = rest[0 if login is None else login.end() :].partition("/")
    place = place.rpartition("@")[2]
    query = re.search(r"[?#]" if is_web(address) else _QUERY, path)
    path = path if query is None else path[: query.start()]
    return f"{scheme}{colon}{place.partition('?')[0].partition('#')[0]}{slash}{path}"


def checked_address(name: str) -> str:
    """The address, if it can be one and holds no secret; nothing is asked over the network.

    Raises:
        DatasetError: it is none, names no object, or holds what may be a password, a key or a signature.
    """
    scheme, _, rest = name.partition("://")
    scheme = scheme.lower()
    where = shown(name)
    if scheme not in SCHEMES:
        raise DatasetError(
            f"No data is read from {quote(scheme + '://')}.",
            f"Addresses begin with {', '.join(f'{one}://' for one in SCHEMES)}; else download the file.",
        )
    _refuse_secrets(scheme, rest, where)
    place, _, path = rest.partition("/")
    if len(name) > LONGEST or not name.isprintable() or " " in place or not _is_place(scheme, place):
        raise DatasetError(f"{where} is no address.", f"Write it like {_EXAMPLES[scheme]}.")
    if scheme == "hf" and (place not in HUB or path.count("/") < 2):
        raise DatasetError(f"{where} names no file of the hub.", f"Write it like {_EXAMPLES[scheme]}.")
    if not path or path.endswith("/"):
        raise DatasetError(f"{where} names no object.", f"Write it like {_EXAMPLES[scheme]}.")
    if scheme in WEB and "*" in path:
        raise DatasetError(
            f"{where} is a pattern, and a server of the web does not say which files it has.",
            "Give the address of one file.",
        )
    return f"{scheme}://{rest}"


_EXAMPLES = {
    "s3": "s3://bucket/folder/part-*.parquet",
    "gs": "gs://bucket/folder/part-*.parquet",
    "hf": "hf://datasets/user/name/data/part-*.parquet",
    "http": "http://host/folder/data.csv",
    "https": "https://host/folder/data.csv",
}


def _is_place(scheme: str, place: str) -> bool:
    """Whether a host, with a port if any, or a bucket can be called so."""
    if scheme not in WEB:
        return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", place) is not None
    try:
        parts = urlsplit(f"{scheme}://{place}")
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        return False


def _refuse_secrets(scheme: str, rest: str, where: str) -> None:
    """Runs, screens, logs and exports show an address: so no secret may stand in one."""
    place, _, path = rest.partition("/")
    if "@" in place or _LOGIN.match(rest):
        raise DatasetError(
            f"The address {where} was given with a user or password before its host, and runs keep their "
            "addresses.",
            "Leave that out: credentials come from the environment alone.",
        )
    query = "" if scheme not in WEB else urlsplit(f"{scheme}://{rest}").query
    odd = [name for name, _ in parse_qsl(query, keep_blank_values=True) if name.lower() not in PLAIN]
    odd += [query] if query and not parse_qsl(query, keep_blank_values=True) else []
    if odd or "#" in rest or (scheme not in WEB and _QUERY.search(path)) or "?" in place:
        raise DatasetError(
            f"After the path of {where} stands what may be a key or a signature, and runs keep their "
            "addresses.",
            f"Leave that out and set credentials in the environment, or d{DOWNLOAD[1:]}",
        )
