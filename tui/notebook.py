"""``%load_ext lrtui``: the cells that follow are watched, and the letter stands below each that trains.

Nothing of IPython is imported: a shell gives ``events``, and that is all that is asked of it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from functools import partial
from typing import Any, Protocol

from lrtui.core.watch.doctor import diagnose_script
from lrtui.core.watch.finding import Place
from lrtui.core.watch.observation import Observation
from lrtui.core.watch.observer.channel import plain
from lrtui.core.watch.watching import CAPTURE, Start
from lrtui.tui.cli.watch_report import in_file, script_letter


class Events(Protocol):
    """What IPython lets others know."""

    def register(self, event: str, function: Any) -> None:
        """Call a function at an event."""

    def unregister(self, event: str, function: Any) -> None:
        """Call it no more."""


class Shell(Protocol):
    """As much of an IPython shell as is needed."""

    events: Events


class Kept:
    """Takes frames in the process in which they are made."""

    here = True
    _waiting: tuple[bytes, ...] = ()

    def __init__(self) -> None:
        self.seen = Observation()

    def send(self, kind: str, payload: bytes = b"", **fields: Any) -> None:
        """Keep one frame."""
        import numpy as np

        frame = json.loads(json.dumps(plain({"kind": kind, **fields})))
        if payload:
            values = np.frombuffer(payload, np.dtype(frame["dtype"])).reshape(frame["shape"])
            self.seen.arrays[frame["id"], frame["use"]] = values
        self.seen.frames.append(frame)

    def flush(self) -> None:
        """Nothing waits."""


class Cells:
    """The cells of one shell, each that trains a script of its own."""

    def __init__(self, shell: Shell) -> None:
        from lrtui.core.watch.observer.start import begin

        self._named = partial(in_cell, shell)
        self._kept = Kept()
        self._watcher = begin(self._kept, CAPTURE)
        self._began = time.monotonic()

    def before(self, *_: Any) -> None:
        """A cell begins; what optimizers and tensors are known as stays."""
        self._began = time.monotonic()
        if self._watcher is not None:
            self._watcher.busy = False

    def after(self, *_: Any) -> None:
        """A cell is over: the letter, where it trained something."""
        if self._watcher is None:
            return
        if self._watcher.backwards < 2:
            self._watcher.busy = True  # what the shell does itself is not looked at
            return
        from lrtui.core.watch.observer.ending import tell_end

        tell_end(self._watcher)
        seen = self._kept.seen
        seen.code, seen.seconds = 0, time.monotonic() - self._began
        try:
            found = diagnose_script(Start(sys.executable, ["cell"]), seen, rerun=False)
            print(script_letter("This cell", found, named=self._named))  # noqa: T201 - it is the output of the cell
        finally:
            self._kept.seen = Observation(
                [
                    frame
                    for frame in seen.frames
                    if frame["kind"] in ("torch", "optimizer", "tensor", "values")
                ],
                dict(seen.arrays),
            )
            self._watcher.anew()
            self._watcher.busy = True


def in_cell(shell: Shell, place: Place) -> str:
    """Where a place is: in the cell by its number, where the shell knows that; or in a file."""
    compiler = getattr(shell, "compile", None)
    known = getattr(compiler, "format_code_name", lambda _: None)(place.file)
    if known is not None:
        return f"{known[1]}, line {place.line}"
    return in_file(place) if os.path.isfile(place.file) else f"line {place.line} of a cell"


_cells: dict[int, Cells] = {}


def load_ipython_extension(ipython: Shell) -> None:
    """Watch the cells that follow."""
    if id(ipython) in _cells:
        return
    cells = _cells[id(ipython)] = Cells(ipython)
    ipython.events.register("pre_run_cell", cells.before)
    ipython.events.register("post_run_cell", cells.after)
    print("lrtui watches the cells that follow; nothing is run a second time.")  # noqa: T201


def unload_ipython_extension(ipython: Shell) -> None:
    """Watch no more."""
    cells = _cells.pop(id(ipython), None)
    if cells is not None:
        cells.after()
        ipython.events.unregister("pre_run_cell", cells.before)
        ipython.events.unregister("post_run_cell", cells.after)
