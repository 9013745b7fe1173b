"""A scratch folder for a patched script: what stands beside the script is readable, and stays as it is."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from lrtui.core.watch.sources import write_source
from lrtui.core.watch.watching import Start

FILE = 16 << 20  # bytes: larger files are linked
ALL = 128 << 20  # copied in all; what is beyond is linked
COUNT = 2_000  # files that are copied
LEFT = {
    ".git",
    "__pycache__",
    "node_modules",
    ".venv",
    "venv",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
}


@contextmanager
def scratch(start: Start) -> Iterator[Scratch]:
    """A folder for as long as the ``with`` block."""
    with tempfile.TemporaryDirectory(prefix="lrtui-watch-", ignore_cleanup_errors=True) as folder:
        yield Scratch(start, Path(folder))


class Scratch:
    """Copies of the working folder, one for each run."""

    def __init__(self, start: Start, folder: Path) -> None:
        self._start, self._folder = start, folder
        self._runs = 0

    def with_sources(self, sources: Mapping[str, str]) -> tuple[Start, Mapping[str, str]]:
        """A start with these texts in place of the person's; and which file stands for which."""
        self._runs += 1
        folder = self._folder / str(self._runs)
        working = Path(os.path.abspath(self._start.folder or "."))
        folder.mkdir()
        _copied(working, folder)
        places = {}
        for path, text in sources.items():
            own = Path(path)
            inside = own.is_relative_to(working)
            place = folder / own.relative_to(working) if inside else folder / "_outside" / own.name
            if not inside:
                _copied(own.parent, place.parent)
            for parent in reversed(place.relative_to(folder).parents[:-1]):
                _unlinked(folder / parent)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.unlink(missing_ok=True)
            write_source(place, text)
            places[path] = str(place)
        return replace(self._start, arguments=self._arguments(places), folder=str(folder)), places

    def _arguments(self, places: Mapping[str, str]) -> Sequence[str]:
        first, *rest = self._start.arguments
        if first == "-m":
            return self._start.arguments
        script = os.path.abspath(Path(self._start.folder or ".", first))
        return [places.get(script, first), *rest]


def _unlinked(folder: Path) -> None:
    """A folder of one's own in place of a link to the person's."""
    if folder.is_symlink():
        target = folder.resolve()
        folder.unlink()
        folder.mkdir()
        for entry in target.iterdir():
            (folder / entry.name).symlink_to(entry)


def _copied(source: Path, target: Path) -> None:
    """Small files copied, large ones and what is too much linked."""
    target.mkdir(parents=True, exist_ok=True)
    spent, many = 0, 0
    waiting = [(source, target)]
    while waiting:
        one, other = waiting.pop()
        other.mkdir(exist_ok=True)
        try:
            entries = sorted(os.scandir(one), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            place = other / entry.name
            if place.exists() or entry.name in LEFT:
                continue
            try:
                if entry.is_dir(follow_symlinks=False) and many < COUNT:
                    waiting.append((Path(entry.path), place))
                elif (
                    entry.is_file()
                    and (size := entry.stat().st_size) <= FILE
                    and spent + size <= ALL
                    and many < COUNT
                ):
                    shutil.copyfile(entry.path, place)
                    spent += size
                    many += 1
                elif entry.is_file() or entry.is_dir():
                    place.symlink_to(entry.path)
            except OSError:
                continue
