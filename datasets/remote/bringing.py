"""Data from elsewhere, brought into the cache: once, as long as it is the same there.

What stands at an address, or at all that match a pattern, is one entry of the cache, whose name tells which
state of it that is. Why it is copied and not read in place stands in
``docs/decisions/0031-data-from-elsewhere-is-copied.md``.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import astuple
from functools import partial

import numpy as np

from lrtui.datasets import copies
from lrtui.datasets.address import is_pattern, object_name, shown
from lrtui.datasets.copies import Copy
from lrtui.datasets.progress import NOBODY, Progress
from lrtui.datasets.reading.files import changed
from lrtui.datasets.reading.formats import bare, by_name, format_elsewhere
from lrtui.datasets.reading.formats.entry import Format
from lrtui.datasets.remote.asking import UNTOLD, Version, answers, versions_of
from lrtui.datasets.remote.streaming import Into, empty, listed, stream
from lrtui.datasets.source import Source
from lrtui.datasets.storage.cache import VERSION, Cache
from lrtui.datasets.storage.ownership import COPY_OF
from lrtui.datasets.storage.writing import Draft

LONGEST = 80  # characters of the name of a copy


def bring(source: Source, watch: Progress = NOBODY) -> None:
    """Bring what a source names elsewhere, unless a copy of it as it is now is here; else do nothing.

    Raises:
        DatasetError: it is not to be had, is no such format, or the cache cannot be written.
        Cancelled: the watcher says so.
    """
    for name in source.elsewhere:
        if not copies.is_fresh(name):
            _bring(name, format_elsewhere(name, source.format), watch)


def _bring(name: str, form: Format, watch: Progress) -> None:
    addresses = listed(name, watch) if is_pattern(name) else [name]
    versions = versions_of(addresses, watch)
    sizes = _sizes(addresses, versions)
    key = _key(name, form, addresses, versions)
    found = copies.held(name)
    if found is not None and found.version == key and all(path.exists() for path in found.paths):
        copies.confirm(name)
        return
    names = _names(addresses, form)
    cache = Cache()
    entry = cache.open(key, watch)
    while entry is None:
        with cache.make(key, watch.go_on) as draft:
            if draft is not None:
                cache.make_room(sum(sizes))
                _fill(draft, form, addresses, sizes, names, watch)
                draft.meta |= {"version": VERSION, "file": name, "what": "copy", "rows": 0, "columns": 0}
                if _key(name, form, addresses, versions_of(addresses, watch)) != key:
                    raise changed(shown(name))
        entry = cache.open(key, watch, fresh=draft is not None)
    copies.hold(name, Copy(key, tuple(entry.folder / one for one in names), entry))


def _key(name: str, form: Format, addresses: list[str], versions: list[Version | None]) -> str:
    """The name of the entry: another once an object is another, came or went."""
    told = [UNTOLD if version is None else astuple(version) for version in versions]
    text = json.dumps([VERSION, "copy", name, form.name, addresses, told])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _sizes(addresses: list[str], versions: list[Version | None]) -> list[int]:
    """Bytes of each object, 0 where its server does not say."""
    sizes = [None if version is None else version.size for version in versions]
    for address, size in zip(addresses, sizes, strict=True):
        if size == 0:
            raise empty(address)
    return [size or 0 for size in sizes]


def _names(addresses: list[str], form: Format) -> list[str]:
    """What the copies are called: as the objects, so that errors name them; numbered where two agree."""
    plain = [_name(bare(object_name(address)), form) for address in addresses]
    if len(set(plain)) < len(plain):
        plain = [f"{number}-{name}" for number, name in enumerate(plain, 1)]
    return [COPY_OF + name for name in plain]


def _name(name: str, form: Format) -> str:
    """Letters, digits and ``.-_`` alone, with a suffix that tells the format."""
    name = re.sub(r"[^A-Za-z0-9._-]", "_", name)[-LONGEST:]
    return name if by_name(name) == form.name else name + form.suffixes[0]


def _fill(
    draft: Draft,
    form: Format,
    addresses: list[str],
    sizes: list[int],
    names: list[str],
    watch: Progress,
) -> None:
    """Copy one object after the other."""
    total, done = sum(sizes), 0
    for address, size, name in zip(addresses, sizes, names, strict=True):
        file = draft.table(name, None, np.uint8)
        file.reserve(size, sure=form.is_text)
        into = Into(file)

        def look(into: Into = into, done: int = done) -> None:
            watch.at("fetching", min((done + into.size) / total, 0.999) if total else 0.0)

        stream(address, form, into, size, look, partial(answers, address, watch))
        file.cut()
        done += size
