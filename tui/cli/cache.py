"""``lrtui cache``: what large files left on the disk, and clearing it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from lrtui.datasets.address import is_elsewhere, shown
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.storage.cache import Cache, Entry
from lrtui.datasets.text import listed, quote
from lrtui.tui.cli.printing import echo, echo_json
from lrtui.tui.render.columns import Column, fitted
from lrtui.tui.render.glyphs import terminal_glyphs
from lrtui.tui.render.numbers import minute

WIDTH = 100  # columns where there is no terminal
COLUMNS = (
    Column("file", name=True),
    Column("what"),
    Column("rows", 2, right=True),
    Column("columns", 1, right=True),
    Column("size", 4, right=True),
    Column("last used", 3),
)
UNITS = ("bytes", "kB", "MB", "GB", "TB")

_EPILOG = """\b
Examples:
  lrtui cache
  lrtui cache --json
  lrtui cache clear higgs.csv
  lrtui cache clear
"""


@click.group(epilog=_EPILOG, invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@click.pass_context
def cache(context: click.Context, as_json: bool) -> None:
    """List what large files left in the cache, the last used first.

    A file that is too large for memory is read once into the cache, and prepared there for every way of
    splitting and scaling it. The least recently used goes when the cache grows beyond its limit, 20 GB or
    LRTUI_CACHE_LIMIT. It lies in LRTUI_CACHE, or in the user's folder for caches; a folder that holds
    anything else is refused, and stays as it is.
    """
    if context.invoked_subcommand is not None:
        return
    folder = Cache()
    found = folder.entries()
    _tell_older(folder)
    if as_json:
        told = [asdict(entry) for entry in found]
        echo_json([{"bytes" if name == "size" else name: one[name] for name in one} for one in told])
    elif not found:
        echo(f"Nothing is cached in {quote(str(folder.folder))}.")
    else:
        _print(found)
        total = size_words(sum(entry.size for entry in found))
        echo(f"\n{total} in {quote(str(folder.folder))}; lrtui cache clear removes it.")


@cache.command(epilog="\b\nExamples:\n  lrtui cache clear\n  lrtui cache clear higgs.csv")
@click.argument("names", nargs=-1, metavar="[NAME]...")
def clear(names: tuple[str, ...]) -> int:
    """Remove what is cached of the files NAME, or everything.

    NAME is a file or an address, its base name, or the name of an entry. What a process uses at the
    moment stays.
    """
    folder = Cache()
    folder.remove_stale()
    _tell_older(folder)
    chosen = _chosen(folder.entries(), names)
    removed = set(folder.remove([entry.name for entry in chosen]))
    freed = sum(entry.size for entry in chosen if entry.name in removed)
    echo(f"{size_words(freed)} freed.")
    used = [entry for entry in chosen if entry.name not in removed]
    if used:
        files = listed(list(dict.fromkeys(Path(entry.file).name for entry in used)))
        raise DatasetError(
            f"What is cached of {files} is in use by a running lrtui, and stays.",
            "Stop what trains on it, and clear the cache again.",
        )
    return 0


def size_words(size: int) -> str:
    """Bytes in the unit that suits them: ``1.28 GB``."""
    value, unit = float(size), 0
    while value >= 1000 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.3g} {UNITS[unit]}" if unit else f"{size} {UNITS[0]}"


def _chosen(entries: Sequence[Entry], names: Sequence[str]) -> list[Entry]:
    """The entries that were named, or all."""
    if not names:
        return list(entries)
    found: list[Entry] = []
    for name in names:
        elsewhere = is_elsewhere(name)
        path = name if elsewhere else str(Path(name).absolute())
        fitting = [e for e in entries if name in (e.name, Path(e.file).name) or e.file == path]
        if not fitting:
            what = f"Nothing is cached under {shown(name) if elsewhere else quote(name)}."
            raise DatasetError(what, "lrtui cache lists what there is.")
        found += [entry for entry in fitting if entry not in found]
    return found


def _tell_older(folder: Cache) -> None:
    """What an earlier lrtui left carries no proof that it is lrtui's, so a person has to remove it."""
    names = folder.older()
    if names:
        what = "An entry" if len(names) == 1 else f"{len(names):,} entries"
        them, where = "it" if len(names) == 1 else "them", quote(str(folder.folder))
        echo(
            f"lrtui: {what} left by an earlier lrtui in {where} will not be used: {listed(names)}.",
            err=True,
        )
        echo(f"       Remove {them} by hand to free the room.", err=True)


def _print(entries: Sequence[Entry]) -> None:
    glyphs = terminal_glyphs()
    rows = [
        {
            "file": glyphs.safe(Path(entry.file).name),
            "what": entry.what,
            "rows": f"{entry.rows:,}" if entry.rows else "-",  # of a copy nobody counted them
            "columns": f"{entry.columns:,}" if entry.columns else "-",
            "size": size_words(entry.size),
            "last used": "in use" if entry.in_use else minute(entry.used),
        }
        for entry in entries
    ]
    table = fitted(COLUMNS, rows, shutil.get_terminal_size((WIDTH, 24)).columns, glyphs.ellipsis)
    echo(table.head)
    for row in rows:
        echo(table.line(row))
