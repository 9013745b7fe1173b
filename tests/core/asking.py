"""An engine that is turned by hand, and asked what a problem says of learning rates and more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lrtui.core.config import Config
from lrtui.core.engine.loop import Engine
from lrtui.core.engine.owner import new_owner
from lrtui.core.store import Store
from lrtui.core.store.sweeps import smoothness_key
from lrtui.datasets.source import Source


def turned(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine that serves for as long as somebody turns it."""
    owner = new_owner()
    monkeypatch.setattr(Engine, "_look_at_stdin", lambda self, seconds: None)
    engine = Engine(owner.token)
    engine._imports.finish()  # so that each turn does what the test is about
    yield engine
    owner.release()


def ask(store: Store, engine: Engine, source: Source, config: Config) -> None:
    asked = {"name": source.name, "target": source.target, "positive": source.positive}
    store.commands.send(engine._token, "limits", source=asked, config=config.model_dump())


def answered(store: Store, engine: Engine, source: Source, config: Config) -> bool:
    """Turn the engine until it has answered, or has nothing more to do for it."""
    key = smoothness_key(source, config)
    for _ in range(2000):
        engine.turn()
        if store.row("SELECT 1 FROM smoothness WHERE problem = ?", (key,)) is not None:
            return True
        if engine._limits._thread is not None:
            engine._limits._thread.join()
    return False
