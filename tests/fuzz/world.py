"""What a fuzzed dashboard finds: files good and malformed, a store with runs of every end, and an engine.

The engine is the real one, turned by hand in this process, so that a sequence can be played again.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any, cast

from lrtui.core.config import Config, changed
from lrtui.core.engine.launch import EngineHandle
from lrtui.core.engine.loop import Engine
from lrtui.core.engine.owner import new_owner
from lrtui.core.store import Status, Store
from lrtui.core.store.messages import Start
from lrtui.datasets.source import Source
from tests.core.letters import letter, two_changes
from tests.e2e.hostile import PIECES, numbered, write_table
from tests.fuzz.damage import DAMAGES
from tests.tui.bench import OffDuty

LONG = 10_000_000
LOSSES = ("moved", "removed", "all removed", "emptied", "cut", "overwritten", "replaced")  # of the store
GOOD = "a,b,answer\n" + "\n".join(f"{i % 7},{i * 3 % 11},{'yes' if i % 7 > 3 else 'no'}" for i in range(60))
CLASSES = "a,b,kind\n" + "\n".join(f"{i % 5},{i * 3 % 11},{'uvw'[i % 3]}" for i in range(60))
STARTS: list[dict[str, Any]] = [
    {"dataset": None},
    {"dataset": None},
    {"dataset": None},
    {"dataset": "moons"},
    {"dataset": "example-learning-rate"},
    {"dataset": "moons:n=100", "config": {"weight_decay": 100_000.0, "epochs": 50}},
    {"dataset": "good.csv"},
    {"dataset": "good.csv", "target": "answer"},
    {"dataset": "classes.csv", "target": "kind"},
    {"dataset": "hostile.csv"},
    {"dataset": "bad.csv", "target": "answer"},
    {"dataset": "no such.csv"},
]


class Process:
    """Of an engine that lives in this process."""

    stdin = None
    pid = 0
    returncode: int | None = None

    def poll(self) -> int | None:
        return self.returncode


class Hands:
    """An engine, its owner's lock, and what the dashboard knows of it."""

    def __init__(self, *, doctor: bool) -> None:
        self.owner = new_owner()
        self.process = Process()
        self.engine = Engine(self.owner.token, gone=lambda _: False)
        while not self.engine.imports.complete:
            self.engine.imports.advance()  # so that a turn does the same whenever a sequence is played
        if not doctor:
            self.engine.doctor = OffDuty(self.engine.store, self.engine.cache, self.owner.token)
        self.handle = EngineHandle(self.owner.token, cast("Any", self.process))

    def turn(self) -> None:
        if self.process.returncode is None and not self.engine.turn():
            self.leave()

    def kill(self) -> None:
        """As SIGKILL does: nothing is written, and the lock is let go of."""
        if self.process.returncode is None:
            self.process.returncode = -9
            self._drop()
            os.close(self.owner.lock)

    def leave(self) -> None:
        """In good order."""
        if self.process.returncode is None:
            self.process.returncode = 0
            self.engine.leave()
            self.owner.release()

    def _drop(self) -> None:
        engine = self.engine
        for task in (engine.loading.task, engine.inspecting.task, engine.doctor.task):
            task.cancel()
        engine.suggesting.leave()
        engine.store.close()


class World:
    """A folder with a home and files, made anew from a template for every sequence."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.files = folder / "files"
        self.hands: Hands | None = None
        self._doctor = False
        self._template = folder / "template.db"
        os.environ["LRTUI_HOME"] = str(self.home)
        os.environ["LRTUI_CACHE"] = str(folder / "cache")
        _write_files(self.files)
        os.chdir(self.files)
        self._make_template()

    def start_engine(self) -> EngineHandle:
        """In place of the one that starts a process."""
        if self.hands is not None:
            self.hands.kill()
        self.hands = Hands(doctor=self._doctor)
        return self.hands.handle

    def reset(self, damages: list[tuple[str, int]], *, doctor: bool) -> None:
        """Everything as at first, with some rows of the store damaged."""
        self.close()
        self._doctor = doctor
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(mode=0o700)
        shutil.copy(self._template, self.home / "lrtui.db")
        for name, number in damages:
            self.damage(name, number)

    def damage(self, name: str, number: int) -> None:
        """Damage the rows of a run, as another program or a disk would."""
        path = self.home / "lrtui.db"
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=5)) as store, store:
                DAMAGES[name](store, number)
        except sqlite3.Error:
            return  # it is lost, or somebody holds it: then it stays as it is

    def lose(self, how: str) -> None:
        """Take the store away while it is in use, or put something else in its place."""
        path = self.home / "lrtui.db"
        if not path.exists():
            return
        size = path.stat().st_size
        if how == "moved":
            path.rename(self.home / "moved.db")
        elif how == "removed":
            path.unlink()
        elif how == "all removed":
            for part in self.home.glob("lrtui.db*"):
                part.unlink()
        elif how == "emptied":
            os.truncate(path, 0)
        elif how == "cut":
            os.truncate(path, size // 2)
        elif how == "overwritten":
            path.write_bytes(b"no database at all " * (size // 19))
        elif how == "replaced":
            shutil.copy(self._template, self.home / "other.db")
            (self.home / "other.db").replace(path)

    def close(self) -> None:
        """End the engine."""
        if self.hands is not None:
            self.hands.kill()
            self.hands = None

    def _make_template(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
        self.start_engine()
        assert self.hands is not None
        engine, token = self.hands.engine, self.hands.owner.token
        with Store() as store:

            def train(source: Source, turns: int = 500, **values: object) -> int:
                run_id = store.runs.create(source, changed(Config(), **values), origin="test", owner=token)
                store.commands.send(token, Start(run_id))
                for _ in range(turns):
                    engine.turn()
                    if engine.session is None and engine.loading.run_id is None:
                        break
                return run_id

            good = Source(str(self.files / "good.csv"), target="answer")
            sick = train(Source("moons:n=60"), epochs=30, scaling="none")
            store.diagnoses.note(sick, 30, letter())
            worse = train(Source("moons:n=60"), epochs=30, lr=0.3, scaling="none")
            store.diagnoses.note(worse, 30, two_changes())
            train(Source("moons:n=100"), epochs=50, weight_decay=100_000.0)
            train(Source("moons:n=60"), epochs=30, lr=1e6, weight_decay=1000.0, scaling="none")
            train(Source(str(self.files / "classes.csv"), target="kind", multiclass=True), epochs=30)
            train(Source(str(self.files / "none.csv"), target="answer"))
            train(Source("moons:n=60"), turns=3, epochs=LONG)
            assert engine.session is not None
            engine.session.put_down()
            engine.session = None
            train(good, epochs=30)
            ends = [run.status for run in store.runs.recent()]
            assert {Status.FINISHED, Status.FAILED, Status.INTERRUPTED} == set(ends), ends
        self.hands.leave()
        self.hands = None
        with closing(sqlite3.connect(self.home / "lrtui.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self.home / "lrtui.db", self._template)


def _write_files(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "folder").mkdir(exist_ok=True)
    (folder / "good.csv").write_text(GOOD)
    (folder / "classes.csv").write_text(CLASSES)
    (folder / "empty.csv").write_text("")
    (folder / "latin.csv").write_bytes(GOOD.replace("yes", "señor").encode("latin-1"))
    (folder / "bad.csv").write_bytes(b'a,b,answer\n1,"2\x00,no\n1,2,3,4,5\n\xff\xfe,"\n' * 5)
    (folder / "wide.csv").write_text(",".join(f"c{n}" for n in range(400)) + "\n" + "1,2,3,4\n" * 9)
    names = numbered(PIECES[:30])
    write_table(folder / "hostile.csv", names, "target", ("yes", "no"), numbered(PIECES[30:60]))


def beginning(random: Random) -> dict[str, Any]:
    """How a sequence begins: what is opened, how large the terminal is, what is damaged."""
    size = any_size(random)
    damages = []
    if random.random() < 0.4:
        damages = [
            [random.choice(list(DAMAGES)), random.randint(1, 8)] for _ in range(random.randint(1, 3))
        ]
    return {
        **random.choice(STARTS),
        "run": random.choice([None, None, *range(1, 9)]),  # shown first, where no dataset is given
        "size": list(size),
        "ascii": random.random() < 0.15,
        "doctor": random.random() < 0.15,
        "damages": damages,
    }


def any_size(random: Random) -> tuple[int, int]:
    """From 20 by 5 to 250 by 70; large ones, which take long to draw, less often."""
    chance = random.random()
    if chance < 0.4:
        return random.choice([(20, 5), (40, 12), (80, 24), (80, 24), (120, 40), (20, 70), (250, 5)])
    if chance < 0.85:
        return random.randint(20, 110), random.randint(5, 35)
    return random.choice([(160, 50), (250, 70), (random.randint(20, 250), random.randint(5, 70))])
