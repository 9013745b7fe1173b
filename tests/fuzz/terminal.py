"""Plays sequences against the installed ``lrtui`` in a pseudo-terminal: fewer events, everything real."""

from __future__ import annotations

import os
import re
import shutil
import signal
import termios
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import psutil

from tests.fuzz.failures import Failure
from tests.fuzz.packets import is_open_paste
from tests.fuzz.processes import Terminal, Watched, waits
from tests.fuzz.screens import garbage
from tests.fuzz.sequences import Sequence, Step
from tests.fuzz.watchdog import COMPUTING
from tests.fuzz.world import World

TAKEN_BACK = (
    "\x1b[?1049l",
    "\x1b[?25h",
    "\x1b[?2004l",
    "\x1b[?1003l",
    "\x1b[?1000l",
    "\x1b[<u",
    "\x1b[?7h",
)
LEFT = b"\x1b[?1049l"
# What is said on the way in and out, beside what is drawn; parameters are those of modes.
WAYS = re.compile(r"\x1b\[(?:\?[0-9;]+[hl]|\?[0-9;]+\$p|[<>][0-9]*u)")
LEAVING = 8


class Player:
    """One sequence after another, each in a home of its own."""

    def __init__(self, folder: Path) -> None:
        self._world = World(folder)
        self._watched = Watched(self._world.home)
        self.done: list[Step] = []
        self.events = 0
        self.seen: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._watched.end_all()

    def play(self, sequence: Sequence) -> Failure | None:
        """The first failure, if there is one."""
        start = sequence.start
        self.done, self.events, steps = [], 0, list(sequence.steps)
        self._world.reset([(name, number) for name, number in start["damages"]], doctor=False)
        try:
            first = True
            while steps or first:
                failure = self._one_dashboard(start if first else {**start, "dataset": None}, steps)
                if failure is not None:
                    return failure
                first = False
            return self._log()
        finally:
            self._watched.end_all()
            shutil.rmtree(self._world.home, ignore_errors=True)

    def _one_dashboard(self, start: dict[str, Any], steps: list[Step]) -> Failure | None:
        terminal = self._open(start)
        before = termios.tcgetattr(terminal.process.child_fd)
        try:
            if not waits(lambda: b"\x1b[?1049h" in terminal.output or not terminal.alive, terminal):
                return Failure("hang", "at its start", "")
            if b"\x1b[?1049h" not in terminal.output and start["dataset"] and terminal.exited == 2:
                return None  # it was refused, in a sentence
            while steps and terminal.alive:
                step = steps.pop(0)
                self.done.append(step)
                self._do(terminal, step)
                self.seen["lrtui"] += 1
            return self._leave(terminal) or _ended(terminal, before)
        finally:
            terminal.close()

    def _open(self, start: dict[str, Any]) -> Terminal:
        name = start["dataset"]
        words = [] if name is None else [name]
        if start.get("target") and name is not None:
            words += ["--target", start["target"]]
        if start["ascii"]:
            words.append("--ascii")
        columns, rows = start["size"]
        return Terminal(
            self._world.home, *words, columns=columns, rows=rows, folder=self._world.files, held=True
        )

    def _do(self, terminal: Terminal, step: Step) -> None:
        kind, *given = step
        self.events += len(given[0]) if kind == "bytes" else 1
        if kind == "bytes":
            terminal.press("".join(given[0]).encode("latin-1"))
            terminal.drain(0.03 if not any(map(is_open_paste, given[0])) else 1.5)
        elif kind == "resize":
            terminal.process.setwinsize(given[1], given[0])
            terminal.drain(0.05)
        elif kind == "kill":
            for pid in self._watched.engines():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        elif kind == "lose":
            self._world.lose(given[0])
        elif kind == "damage":
            self._world.damage(*given)
        else:
            terminal.drain(0.15)
        if terminal.alive and psutil.Process(terminal.pid).status() == psutil.STATUS_STOPPED:
            terminal.kill(signal.SIGCONT)  # Ctrl+Z: the shell brings it back

    def _leave(self, terminal: Terminal) -> Failure | None:
        """Ctrl+C leaves, wherever one is; how long it may take is told by what it computes."""
        for _ in range(LEAVING):
            if not terminal.alive:
                return None
            terminal.press(b"\x03")
            computed = _computed(terminal.pid)
            until = time.monotonic() + 4
            while terminal.alive and time.monotonic() < until:
                terminal.drain(0.1)
                if _computed(terminal.pid) - computed > COMPUTING:
                    return Failure("hang", "it computes, and does not leave", "")
        if waits(lambda: not terminal.alive, terminal, 20):
            return None
        return Failure("stays", "Ctrl+C does not leave", repr(bytes(terminal.output[-2000:])))

    def _log(self) -> Failure | None:
        log = self._world.home / "engine.log"
        text = log.read_text(errors="replace") if log.exists() else ""
        if "Traceback" in text:
            last = next((x for x in reversed(text.splitlines()) if x and x[0].isalpha()), "")
            return Failure("engine", last[:100], text[-4000:])
        return None


def _ended(terminal: Terminal, before: list[Any]) -> Failure | None:
    """What is left of it: an exit code, what it drew, and the terminal."""
    terminal.drain(0.2)
    after = termios.tcgetattr(terminal.process.child_fd)
    code = terminal.process.exitstatus
    drawn = bytes(terminal.output)
    left = drawn.rfind(LEFT)
    text = drawn.decode("utf-8", "replace")
    # Once it has left its screen the terminal itself echoes what is typed, and makes a signal of Ctrl+C.
    interrupted = left >= 0 and terminal.process.signalstatus == signal.SIGINT
    if "Traceback" in text or not (code in (0, 130) or interrupted):
        return Failure("crash", f"exit code {code}, signal {terminal.process.signalstatus}", text[-3000:])
    if after[:4] != before[:4]:
        return Failure("stays", "the terminal's modes are not put back", f"{before} {after}")
    if missing := [sequence for sequence in TAKEN_BACK if sequence not in text]:
        return Failure("stays", f"the terminal is not put back: {missing}", repr(text[-500:]))
    try:
        return garbage(WAYS.sub("", drawn[:left].decode()))
    except UnicodeDecodeError as error:
        return Failure("garbage", "it is no UTF-8", str(error))


def _computed(pid: int) -> float:
    """Seconds of processor time."""
    with suppress(psutil.Error):
        times = psutil.Process(pid).cpu_times()
        return float(times.user + times.system)
    return 0.0
