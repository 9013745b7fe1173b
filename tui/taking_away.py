"""A run taken away from the dashboard: ``lrtui export`` in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from lrtui.datasets.text import harmless, quote


@dataclass(frozen=True)
class Outcome:
    """What came of it, in lines for a person."""

    done: bool
    words: str


Export = Callable[[int, str, Path, Path], Awaitable[Outcome]]
"""From a run's number, the name of a format, the path, and the folder of the store."""


async def export_run(run_id: int, form: str, path: Path, home: Path) -> Outcome:
    """Write a run, and say where it went and how it is used, or what is wrong and what to do."""
    try:
        process = await asyncio.create_subprocess_exec(
            # -P: the person's working directory must not shadow modules.
            *(sys.executable, "-P", "-m", "lrtui.tui", "export", "--json", "--"),
            *(str(run_id), form, str(path)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "LRTUI_HOME": str(home)},
        )
        out, err = await process.communicate()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        return Outcome(False, f"No process can be started for it: {why}. Close other programs.")
    return outcome_of(process.returncode, out, err)


def outcome_of(code: int | None, out: bytes, err: bytes) -> Outcome:
    """What a process said that has ended."""
    if code == 0:
        told = json.loads(out)
        return Outcome(True, harmless(f"Written to {quote(told['path'])}.\n{told['use']}"))
    said = harmless(err.decode(errors="replace")).strip().splitlines()
    lines = [line.removeprefix("lrtui: ").strip() for line in said[-2:]]
    lines = [line.replace(", or --force to write over it", "") for line in lines]  # which no sheet does
    return Outcome(False, " ".join(lines) or "It ended without a word; engine.log may say more.")
