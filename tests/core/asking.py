"""An engine that is turned by hand, and asked what a problem says of learning rates and more."""

from __future__ import annotations

from collections.abc import Iterator

from lrtui.core.config import Config
from lrtui.core.engine.loop import Engine
from lrtui.core.engine.owner import new_owner
from lrtui.core.store import Failure, Store
from lrtui.core.store.messages import Suggest
from lrtui.core.training.stable_rate import Smoothness
from lrtui.datasets.source import Source


def turned() -> Iterator[Engine]:
    """An engine that serves for as long as somebody turns it."""
    owner = new_owner()
    engine = Engine(owner.token, gone=lambda _: False)
    while not engine.imports.complete:
        engine.imports.advance()  # so that each turn does what the test is about
    yield engine
    engine.leave()  # no thread of its outlives the test, and so the process
    owner.release()


def ask(store: Store, engine: Engine, source: Source, config: Config) -> int:
    return store.commands.send(engine.token, Suggest(source, config))


def answered(store: Store, engine: Engine, question: int) -> Smoothness | Failure | None:
    """The smoothness, from an engine that is turned until it has answered, or why there is none."""
    for _ in range(2000):
        engine.turn()
        if (found := store.answers.get(question, Smoothness)) is not None:
            return found
        engine.suggesting.task.wait()
    return None
