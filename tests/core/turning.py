"""An engine that a test turns by hand, with a doctor of the test's choice."""

from __future__ import annotations

from lrtui.core.config import Config, changed
from lrtui.core.engine.diagnosis_service import DiagnosisService, Doctor
from lrtui.core.engine.loop import Engine
from lrtui.core.store import Diagnosed, Store, Work
from lrtui.core.store.messages import Start
from lrtui.datasets.source import Source

MOONS = Source("moons")
LONG = 10_000_000


def employ(engine: Engine, doctor: Doctor) -> None:
    engine.doctor = DiagnosisService(engine.store, engine.cache, engine.token, doctor)


def begin(store: Store, engine: Engine, source: Source = MOONS, **values: object) -> int:
    config = changed(Config(), **values)
    run_id = store.runs.create(source, config, origin="test", owner=engine.token)
    store.commands.send(engine.token, Start(run_id))
    return run_id


def turn_until(store: Store, engine: Engine, run_id: int, *works: Work) -> Diagnosed:
    """Turn the engine until the doctor is so far with a run."""
    for _ in range(5000):
        engine.turn()
        found = store.diagnoses.get(run_id)
        if found is not None and found.work in works:
            return found
        engine.doctor.task.wait(0.01)
    raise AssertionError(f"never {works}: {found}")
