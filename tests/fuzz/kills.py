"""``python -m tests.fuzz.kills [--kills N] [--seed S]``: N kills each of dashboard, engine, and both.

Real processes are killed at random moments: while they start, before the first state, in the midst of a
write, while they train, near the end. Each time the run is taken up again, until it is finished; then its
losses, weights and changes are compared bit by bit with those of a run that nobody disturbed. The exit code
is 1 where anything differs, a store is damaged, or something is left behind.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from lrtui.core.engine import owner
from lrtui.core.store import Store
from tests.fuzz.processes import LRTUI, SIGNALS, Terminal, Watched, waits
from tests.fuzz.undisturbed import differences, stored, trained

TARGETS = ("dashboard", "engine", "both")
MOMENTS = ("start", "before the first state", "writing", "training", "near the end")
KILLS = 6  # of one run
GIVEN_UP = b"times in a row"
BUSY = 0.25  # of the snapshots may be left out: those that take long on a busy machine are
# Name of the dataset, and what the run begins with; changes are made while it trains.
RUNS: list[tuple[str, dict[str, Any]]] = [
    ("moons", {"batch_size": 0, "optimizer": "sgd", "epochs": 60_000}),
    ("moons", {"batch_size": 32, "optimizer": "adam", "epochs": 900}),
    ("breast-cancer", {"batch_size": 0, "optimizer": "adam", "lr": 0.01, "epochs": 9_000}),
    ("two-gaussians", {"batch_size": 64, "optimizer": "momentum", "shuffle": True, "epochs": 1_500}),
]


@dataclass
class Count:
    """What was done and what was found."""

    kills: Counter[str] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    signals: Counter[str] = field(default_factory=Counter)
    compared: int = 0
    changes: int = 0
    left_out: int = 0  # snapshots
    wrong: list[str] = field(default_factory=list)


class Episode:
    """One run from its start to its end, killed again and again."""

    def __init__(self, folder: Path, seed: str, target: str, kills: int, count: Count) -> None:
        self.home = folder / "home"
        self.watched = Watched(self.home)
        self._random = Random(seed)
        self._seed, self._target, self._kills, self._count = seed, target, kills, count
        self._dataset, self._values = self._random.choice(RUNS)
        self._terminal: Terminal | None = None
        self._resumes: subprocess.Popen[bytes] | None = None

    def play(self) -> None:
        try:
            self._begin()
            for _ in range(self._kills):
                self._kill()
                self._take_up()
            self._finish()
        finally:
            if self._terminal is not None:
                self._terminal.close()
            self.watched.end_all()

    # --- beginning, and taking up ---

    def _begin(self) -> None:
        options = [
            f"--{name.replace('_', '-')}={value}"
            for name, value in self._values.items()
            if name != "shuffle"
        ]
        self._terminal = Terminal(self.home, self._dataset, *options, "--start")

    def _take_up(self) -> None:
        """Whatever is the next thing that a person would do."""
        run = self.watched.run()
        if run is None:
            self._close()
            self._begin()
            return
        if self._target == "engine" and self._terminal is not None and self._terminal.alive:
            self._resume_by_key()
        elif self._target != "dashboard" and self._random.random() < 0.4:
            self._close()
            self._resumes = self._command("resume", str(run["id"]), "--quiet")
        else:
            self._close()
            self._terminal = Terminal(self.home)
            if self._target != "dashboard":
                self._resume_by_key()

    def _resume_by_key(self) -> None:
        """Space, once the dashboard has noticed what became of the run."""

        def goes_on() -> bool:
            run = self.watched.run()
            return run is not None and run["status"] in ("running", "finished")

        pressed = 0.0

        def press_or_goes_on() -> bool:
            nonlocal pressed
            run, terminal = self.watched.run(), self._terminal
            stands = run is not None and run["owner"] is None and run["status"] in ("interrupted", "paused")
            if terminal is not None and stands and GIVEN_UP in terminal.output:
                self._close()  # three deaths in a row: it asks to be started again
                self._terminal = Terminal(self.home)
            elif terminal is not None and stands and time.monotonic() > pressed + 5:
                pressed = time.monotonic()
                terminal.press(" ")
            return goes_on()

        if not waits(press_or_goes_on, self._terminal):
            run = self.watched.run()
            self._wrong(f"Space does not take it up: {None if run is None else tuple(run)}")

    def _command(self, *words: str) -> subprocess.Popen[bytes]:
        env = {**os.environ, "LRTUI_HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home)}
        return subprocess.Popen(
            [LRTUI, *words],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def _close(self) -> None:
        if self._terminal is not None:
            self._terminal.close()
            self._terminal = None

    # --- killing ---

    def _kill(self) -> None:
        moment = self._random.choice(MOMENTS)
        self._await(moment)
        number = int(self._random.choice(SIGNALS))
        run = self.watched.run()
        told = "no run" if run is None else f"{run['status']} at {'0' if not run['epoch'] else 'an epoch'}"
        terminal, engines = self._terminal, self.watched.engines()
        if self._target != "engine" and terminal is not None:
            terminal.kill(number)
        if self._target != "dashboard":
            for pid in engines:
                _end(pid, number)
            if self._resumes is not None and self._resumes.poll() is None:
                self._resumes.send_signal(number)
        if self._target != "engine" and terminal is not None:
            waits(lambda: not terminal.alive, terminal)
        if self._target != "dashboard":
            gone = waits(lambda: not set(engines) & set(self.watched.engines()), self._terminal)
            if not gone:
                self._wrong(f"an engine does not end by signal {number}")
        if self._resumes is not None:
            self._resumes.wait(240)
            self._resumes = None
        self._count.kills[self._target] += 1
        self._count.moments[f"{moment} ({told})"] += 1
        self._count.signals[f"{number}"] += 1
        if (damage := self.watched.damage()) is not None:
            self._wrong(f"the store is damaged: {damage}")

    def _await(self, moment: str) -> None:
        """Until the moment has come; sooner where the run does not get so far."""
        terminal, random = self._terminal, self._random
        last = self._values["epochs"]

        def over() -> bool:
            run = self.watched.run()
            return run is not None and not run["owner"] and run["status"] != "queued"

        def at(epochs: float) -> bool:
            run = self.watched.run()
            return over() or (run is not None and run["epoch"] >= epochs)

        if moment == "start":
            self._pass_time(random.uniform(0, 3))
        elif moment == "before the first state":
            waits(lambda: self.watched.run() is not None, terminal)
            self._pass_time(random.uniform(0, 0.6))
        elif moment == "writing":
            waits(lambda: at(1), terminal)
            before, until = self.watched.written(), time.monotonic() + 2
            while self.watched.written() == before and time.monotonic() < until:
                pass
        elif moment == "training":
            waits(lambda: at(1), terminal)
            self._change()
            self._pass_time(random.uniform(0, 1.5))
        else:
            waits(lambda: at(last * 0.9), terminal)
            self._pass_time(random.uniform(0, 0.3))

    def _change(self) -> None:
        """A person changes the learning rate of the run that goes on."""
        if self._terminal is not None and self._terminal.alive and self._random.random() < 0.7:
            self._terminal.press(self._random.choice(["\x1b[C", "\x1b[D", "\x1b[D"]))

    def _pass_time(self, seconds: float) -> None:
        if self._terminal is not None:
            self._terminal.drain(seconds)
        else:
            time.sleep(seconds)

    # --- the end ---

    def _finish(self) -> None:
        def ended() -> bool:
            run = self.watched.run()
            if run is not None and run["owner"] is None and run["status"] in ("interrupted", "paused"):
                self._take_up()
            return run is not None and run["status"] in ("finished", "failed", "stopped")

        if not waits(ended, self._terminal):
            run = self.watched.run()
            self._wrong(f"it does not come to its end: {None if run is None else tuple(run)}")
            return
        if self._resumes is not None:
            self._resumes.wait(240)
        if (terminal := self._terminal) is not None and terminal.alive:
            # Before the program has the terminal for its own, nobody hears a key.
            waits(lambda: terminal.output or not terminal.alive, terminal)
            terminal.press("\x03\x03")
            if not waits(lambda: self._terminal is None or not self._terminal.alive, self._terminal):
                self._wrong("Ctrl+C does not end the dashboard")
        self._close()
        if not waits(lambda: not self.watched.processes(), None):
            self._wrong(f"still there: {self.watched.processes()}")
            return
        self._compare()

    def _compare(self) -> None:
        os.environ["LRTUI_HOME"] = str(self.home)
        run = self.watched.run()
        assert run is not None
        with Store() as store:
            store.runs.interrupt_orphans(owner.is_alive)
            live = [r.id for r in store.runs.recent() if r.status.live]
        # A process that ends is still there for a moment when its environment cannot be read any more.
        waits(self._no_lock, None, 30)
        kept = stored(run["id"])
        whole = trained(self._dataset, self._values, kept.changes)
        found = differences(kept, whole)
        missing = sorted(whole.snapshots.keys() - kept.snapshots.keys())
        self._count.left_out += len(missing)
        if len(missing) > BUSY * len(whole.snapshots):
            found.append(f"no snapshot at {len(missing)} of {len(whole.snapshots)} epochs: {missing[:9]}")
        self._count.compared += 1
        self._count.changes += len(kept.changes)
        if run["status"] != "finished":
            found.append(f"it is {run['status']}")
        if live:
            found.append(f"runs {live} are live though nothing runs")
        if left := sorted(path.name for path in (self.home / "owners").iterdir()):
            found.append(f"locks left: {left}")
        if odd := [path.name for path in self.home.glob("lrtui.db.*")]:
            found.append(f"beside the store: {odd}")
        log = self.home / "engine.log"
        if log.exists() and "Traceback" in log.read_text():
            found.append(f"in engine.log: {log.read_text()[-3000:]}")
        for wrong in found:
            self._wrong(wrong)

    def _no_lock(self) -> bool:
        """As the next engine does it when it begins, a minute later."""
        for path in (self.home / "owners").iterdir():
            os.utime(path, (0, 0))
        owner.remove_stale()
        return not any((self.home / "owners").iterdir())

    def _wrong(self, what: str) -> None:
        self._count.wrong.append(
            f"seed {self._seed}, {self._target}, {self._dataset} {self._values}: {what}"
        )
        print(f"WRONG {self._count.wrong[-1]}", flush=True)


def _end(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.kills")
    parser.add_argument("--kills", type=int, default=200, help="of each: dashboard, engine, both")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--target", choices=TARGETS, action="append")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so long")
    asked = parser.parse_args()
    count = disturb(asked.seed, asked.kills, tuple(asked.target or TARGETS), asked.minutes)
    print(report(asked.seed, count), flush=True)
    sys.exit(bool(count.wrong))


def disturb(seed: str, kills: int, targets: tuple[str, ...] = TARGETS, minutes: float = 1e9) -> Count:
    """So many kills of each target, in turn; what came of them."""
    count, number, began = Count(), 0, time.monotonic()
    while (
        any(count.kills[target] < kills for target in targets) and time.monotonic() - began < minutes * 60
    ):
        for target in targets:
            left = kills - count.kills[target]
            if left > 0:
                with tempfile.TemporaryDirectory(prefix="lrtui-kills-") as folder:
                    Episode(
                        Path(folder), f"{seed}:{number}:{target}", target, min(left, KILLS), count
                    ).play()
        number += 1
        print(f"{dict(count.kills)}, {count.compared} runs compared, {len(count.wrong)} wrong", flush=True)
    return count


def report(seed: str, count: Count) -> str:
    """The figures."""
    lines = [f"seed {seed}: kills {dict(count.kills)}, signals {dict(count.signals)}"]
    lines += [f"{number:6}  {moment}" for moment, number in sorted(count.moments.items())]
    lines.append(
        f"{count.compared} runs compared bit by bit, with {count.changes} changes made while they trained"
    )
    lines.append(f"{count.left_out} snapshots left out because the machine was busy")
    lines.append(f"{len(count.wrong)} wrong" if count.wrong else "nothing differs, nothing is left behind")
    return "\n".join([*lines, *count.wrong])


if __name__ == "__main__":
    main()
