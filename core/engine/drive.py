"""Driving one run to its end in the foreground, with an open ear for commands."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from lrtui.core.engine.run_session import SLICE_SECONDS, RunSession
from lrtui.core.errors import StoreError, StoreLostError
from lrtui.datasets.text import quote

PAUSED_SECONDS = 0.03
PATIENCE = 60.0  # with a store that cannot be written


class Interruption(Protocol):
    """What may be asked from outside while a run goes on."""

    stop: bool
    put_down: bool


def drive(
    session: RunSession,
    asked: Interruption,
    show: Callable[[RunSession], None],
    tell: Callable[[StoreError], None] = lambda _: None,
) -> None:
    """Train an open run until it has ended, is stopped, or is put down.

    Where the store is lost the run goes on in a rescue file. ``tell`` hears at once, and once for each
    trouble, of that and of why the store cannot be written.

    Raises:
        StoreError: the store could not be written for a minute; training waits for it meanwhile.
    """
    trouble_since: float | None = None
    told: set[str] = set()

    def say(error: StoreError) -> None:
        if error.what not in told:
            told.add(error.what)
            tell(error)

    while session.held:
        try:
            try:
                _turn(session, asked)
            except StoreLostError as lost:
                say(rescued(session, lost))
            trouble_since = None
        except StoreError as error:
            now = time.monotonic()
            trouble_since = trouble_since or now
            if now - trouble_since > PATIENCE or asked.stop or asked.put_down:
                raise _given_up(session, error) from None
            say(StoreError(f"{error.what} Training waits for it.", error.fix))
            time.sleep(PAUSED_SECONDS * 10)
        show(session)


def _turn(session: RunSession, asked: Interruption) -> None:
    """Obey what there is to obey, then train one slice or wait a moment."""
    if asked.put_down:
        session.put_down()
    elif asked.stop:
        session.stop()
    for command in session.store.commands.take(session.owner):
        session.obey(command.message, command.id)
    if session.held:
        session.catch_up()  # before more is trained: what waits to be written must not grow
    if session.running:
        session.slice(SLICE_SECONDS)
    elif session.held:
        time.sleep(PAUSED_SECONDS)


def rescued(session: RunSession, lost: StoreLostError) -> StoreError:
    """Let a run go on in a rescue file; returns what a person is told.

    Raises:
        StoreLostError: no rescue file can be made; says why.
    """
    number = session.run_id
    try:
        path = session.rescue().path
    except StoreError as error:
        raise StoreLostError(f"{lost.what} {error.what}", error.fix) from None
    return StoreError(
        lost.what, f"Run {number} goes on, and is kept in {quote(str(path))}, to be resumed from there."
    )


def _given_up(session: RunSession, error: StoreError) -> StoreError:
    """The error for a person whose command ends now: how they get on with this run."""
    number, fix = session.run_id, error.fix.removesuffix(".")
    what = f"{error.what.removesuffix('.')}, so run {number} ends here."
    if isinstance(error, StoreLostError):
        return StoreLostError(what, f"{fix}; then train again: nothing of it was kept.")
    return StoreError(what, f"{fix}; then lrtui resume {number} takes the run up.")
