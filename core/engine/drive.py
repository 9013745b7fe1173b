"""Driving one run to its end in the foreground, with an open ear for commands."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from lrtui.core.engine.session import SLICE_SECONDS, RunSession
from lrtui.core.errors import StoreError
from lrtui.core.store import Store

PAUSED_SECONDS = 0.03
PATIENCE = 60.0  # with a store that cannot be written


class Asked(Protocol):
    """What may be asked from outside while a run goes on."""

    stop: bool
    put_down: bool


def drive(store: Store, session: RunSession, asked: Asked, show: Callable[[RunSession], None]) -> None:
    """Train an open run until it has ended, is stopped, or is put down.

    Raises:
        StoreError: the store could not be written for a minute; training waits for it meanwhile.
    """
    trouble_since: float | None = None
    while session.held:
        try:
            if asked.put_down:
                session.put_down()
            elif asked.stop:
                session.stop()
            for command in store.commands.take(session.owner):
                session.obey(command)
            if session.running:
                session.slice(SLICE_SECONDS)
            elif session.held:
                session.catch_up()
                time.sleep(PAUSED_SECONDS)
            trouble_since = None
        except StoreError:
            now = time.monotonic()
            trouble_since = trouble_since or now
            if now - trouble_since > PATIENCE or asked.stop or asked.put_down:
                raise
            time.sleep(PAUSED_SECONDS * 10)
        show(session)
