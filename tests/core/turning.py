"""An engine that a test turns by hand, with a doctor of the test's choice."""

from __future__ import annotations

from lrtui.core.config import Config, changed
from lrtui.core.engine.doctoring import Doctor, Doctoring
from lrtui.core.engine.loop import Engine
from lrtui.core.store import Diagnosed, Store, Work
from lrtui.datasets.source import Source

MOONS = Source("moons")
LONG = 10_000_000


def employ(engine: Engine, doctor: Doctor) -> None:
    engine._doctor = Doctoring(engine._store, engine._shelf, engine._token, doctor)


def begin(store: Store, engine: Engine, source: Source = MOONS, **values: object) -> int:
    config = changed(Config(), **values)
    run_id = store.runs.create(source, config, origin="test", owner=engine._token)
    store.commands.send(engine._token, "start", run_id)
    return run_id


def turn_until(store: Store, engine: Engine, run_id: int, *works: Work) -> Diagnosed:
    """Turn the engine until the doctor is so far with a run."""
    for _ in range(5000):
        engine.turn()
        found = store.diagnoses.get(run_id)
        if found is not None and found.work in works:
            return found
        engine._doctor._aside.wait(0.01)
    raise AssertionError(f"never {works}: {found}")
