"""Real processes on a real store: a dashboard in a pseudo-terminal, its engine, and what the store says."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pexpect
import psutil

from tests.e2e.terminal import heeding_hangups

LRTUI = str(Path(sys.executable).with_name("lrtui"))
PATIENCE = 240.0  # seconds; a busy machine may take long, and nothing here asks how fast
STEP = 0.03
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)


class Terminal:
    """``lrtui`` in a pseudo-terminal, whose output is taken in and dropped."""

    def __init__(
        self,
        home: Path,
        *arguments: str,
        columns: int = 80,
        rows: int = 24,
        folder: Path | None = None,
        held: bool = False,
    ) -> None:
        """In ``folder``, or beside the home; ``held`` keeps the terminal's other end open after its end."""
        env = {
            **os.environ,
            "LRTUI_HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
        }
        for name in ("COLUMNS", "LINES"):
            env.pop(name, None)
        self.process = pexpect.spawn(
            LRTUI,
            list(arguments),
            dimensions=(rows, columns),
            env=env,
            cwd=str(folder or home.parent),
            preexec_fn=heeding_hangups,
        )
        self._held = os.open(f"/proc/{self.pid}/fd/0", os.O_RDWR | os.O_NOCTTY) if held else None
        self.process.delaybeforesend = None
        self.output = bytearray()

    @property
    def pid(self) -> int:
        return int(self.process.pid or 0)

    @property
    def alive(self) -> bool:
        return bool(self.process.isalive())

    @property
    def exited(self) -> int | None:
        """The exit code, once it has one."""
        return None if self.alive else self.process.exitstatus

    def drain(self, seconds: float = 0.0) -> None:
        """Take in what was drawn, or the program would wait for that."""
        until = time.monotonic() + seconds
        while True:
            try:
                self.output += self.process.read_nonblocking(65536, timeout=STEP if seconds else 0)
            except pexpect.TIMEOUT:
                pass
            except (pexpect.EOF, OSError):
                time.sleep(max(0.0, until - time.monotonic()))
                return
            if time.monotonic() >= until:
                return

    def press(self, keys: str | bytes) -> None:
        with suppress(OSError):
            self.process.send(keys)

    def kill(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def close(self) -> None:
        self.process.close(force=True)
        if self._held is not None:
            os.close(self._held)
            self._held = None


class Watched:
    """A home, what runs in it, and what its store holds; reads only."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def processes(self) -> list[psutil.Process]:
        """Every process that has this home and still runs."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                alive = process.status() != psutil.STATUS_ZOMBIE
                if alive and process.environ().get("LRTUI_HOME") == str(self.home):
                    found.append(process)
        return found

    def engines(self) -> list[int]:
        """Process ids of the engines."""
        return [p.pid for p in self.processes() if _is_engine(p)]

    def end_all(self) -> None:
        """Kill what still runs in this home, and nothing else."""
        for process in self.processes():
            with suppress(psutil.Error):
                process.kill()

    def rows(self, sql: str) -> list[sqlite3.Row]:
        """Of a query; none where there is no store yet, or it is being made."""
        path = self.home / "lrtui.db"
        if not path.exists():
            return []
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
                connection.row_factory = sqlite3.Row
                return connection.execute(sql).fetchall()
        except sqlite3.OperationalError:
            return []

    def run(self) -> sqlite3.Row | None:
        """The newest run."""
        found = self.rows("SELECT id, status, epoch, owner FROM runs ORDER BY id DESC LIMIT 1")
        return found[0] if found else None

    def damage(self) -> str | None:
        """What SQLite finds wrong with the file."""
        found = [row[0] for row in self.rows("PRAGMA integrity_check")]
        return None if found in ([], ["ok"]) else "; ".join(found)

    def written(self) -> tuple[int, ...]:
        """Something that differs once anybody has written."""
        with suppress(OSError):
            stat = (self.home / "lrtui.db-wal").stat()
            return stat.st_mtime_ns, stat.st_size
        return ()


def waits(condition: Callable[[], object], terminal: Terminal | None, seconds: float = PATIENCE) -> bool:
    """Until something holds; False where it never does."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        if terminal is not None and terminal.alive:
            terminal.drain(STEP)
        else:
            time.sleep(STEP)
    return True


def _is_engine(process: psutil.Process) -> bool:
    with suppress(psutil.Error):  # it has ended this moment
        return "lrtui.core.engine" in process.cmdline()
    return False
