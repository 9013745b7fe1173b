"""A patch applied to the person's files; the originals stay beside them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from lrtui.core.errors import ConfigError
from lrtui.core.watch.sources import read_source, write_source
from lrtui.datasets.text import quote

KEPT = ".orig"


def apply(before: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    """Write the new texts; gives for each file the one that its old text is kept in.

    Raises:
        ConfigError: a file is no longer what was run.
    """
    _check(before, texts, "since it was run", "Watch it again.")
    kept = {}
    for path, text in texts.items():
        original = Path(path)
        beside = _free(original)
        write_source(beside, before[path])
        beside.chmod(original.stat().st_mode & 0o777)
        new = _free(original, ".new")
        write_source(new, text)
        new.chmod(original.stat().st_mode & 0o777)
        os.replace(new, original)
        kept[path] = str(beside)
    return kept


def put_back(before: Mapping[str, str], texts: Mapping[str, str], kept: Mapping[str, str]) -> None:
    """The originals in place of the patched files, if nobody has changed either since.

    Raises:
        ConfigError: somebody has, or the original is gone.
    """
    _check(texts, kept, "since it was patched", f"The original is {quote(', '.join(kept.values()))}.")
    for path, original in kept.items():
        try:
            whole = read_source(Path(original)) == before[path]
        except (OSError, UnicodeDecodeError):
            whole = False
        if not whole:
            raise ConfigError(
                f"{quote(original)} is no longer the original.", f"{quote(path)} stays as it is patched."
            )
    for path, original in kept.items():
        os.replace(original, path)


def _check(known: Mapping[str, str], paths: Iterable[str], since: str, fix: str) -> None:
    for path in paths:
        try:
            same = read_source(Path(path)) == known[path]
        except FileNotFoundError:
            raise ConfigError(f"{quote(path)} is gone.", fix) from None
        except (OSError, UnicodeDecodeError):
            same = False
        if not same:
            raise ConfigError(f"{quote(path)} was changed {since}.", fix)


def _free(path: Path, kept: str = KEPT) -> Path:
    """``train.py.orig``, or ``train.py.orig2`` where that is taken."""
    number = 1
    while True:
        beside = path.with_name(f"{path.name}{kept}{number if number > 1 else ''}")
        if not os.path.lexists(beside):
            return beside
        number += 1
