"""Driving one run to its end in the foreground, with an open ear for commands."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from lrtui.core.engine.session import SLICE_SECONDS, RunSession
from lrtui.core.errors import StoreError
from lrtui.core.store import Store
from lrtui.core.store.opening import damage_marker

PAUSED_SECONDS = 0.03
PATIENCE = 60.0  # with a store that cannot be written


class Asked(Protocol):
    """What may be asked from outside while a run goes on."""

    stop: bool
    put_down: bool


def drive(
    store: Store,
    session: RunSession,
    asked: Asked,
    show: Callable[[RunSession], None],
    tell: Callable[[StoreError], None] = lambda _: None,
) -> None:
    """Train an open run until it has ended, is stopped, or is put down.

    ``tell`` hears at once, and once for each trouble, why the store cannot be written.

    Raises:
        StoreError: the store could not be written for a minute; training waits for it meanwhile.
    """
    trouble_since: float | None = None
    told: set[str] = set()
    while session.held:
        try:
            _turn(store, session, asked)
            trouble_since = None
        except StoreError as error:
            now = time.monotonic()
            trouble_since = trouble_since or now
            if now - trouble_since > PATIENCE or asked.stop or asked.put_down or _is_damaged(store):
                raise _given_up(store, session, error) from None
            if error.what not in told:
                told.add(error.what)
                tell(error)
            time.sleep(PAUSED_SECONDS * 10)
        show(session)


def _turn(store: Store, session: RunSession, asked: Asked) -> None:
    """Obey what there is to obey, then train one slice or wait a moment."""
    if asked.put_down:
        session.put_down()
    elif asked.stop:
        session.stop()
    for command in store.commands.take(session.owner):
        session.obey(command)
    if session.held:
        session.catch_up()  # before more is trained: what waits to be written must not grow
    if session.running:
        session.slice(SLICE_SECONDS)
    elif session.held:
        time.sleep(PAUSED_SECONDS)


def _is_damaged(store: Store) -> bool:
    """Waiting does not mend a broken file."""
    return damage_marker(store.path).exists()


def _given_up(store: Store, session: RunSession, error: StoreError) -> StoreError:
    """The error for a person whose command ends now: how they get on with this run."""
    if _is_damaged(store):
        return error
    try:
        kept = store.runs.get(session.run_id).resumable
    except StoreError:
        return error
    number = session.run_id
    then = f"lrtui resume {number} takes the run up" if kept else "train again: nothing of it was kept"
    return StoreError(
        f"{error.what.removesuffix('.')}, so run {number} ends here.",
        f"{error.fix.removesuffix('.')}; then {then}.",
    )
