"""The difference of sources, as ``patch -p1`` takes it."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import unified_diff


def unified(
    before: Mapping[str, str], after: Mapping[str, str], names: Mapping[str, str] | None = None
) -> str:
    """The files that differ, as one diff.

    Args:
        before: texts by path.
        after: the new texts of those that change.
        names: how a path is called in the diff, relative to where ``patch -p1`` runs; else by itself.
    """
    return "".join(_one((names or {}).get(path, path), before[path], text) for path, text in after.items())


def _one(name: str, before: str, after: str) -> str:
    if before == after:
        return ""
    name = name.lstrip("/")
    lines = unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    """Lines by line feeds alone, as ``patch`` counts them: a form feed ends none."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
