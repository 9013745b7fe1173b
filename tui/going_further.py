"""``+``: a run that has ended goes on for more epochs, to the weights that it would have had."""

from __future__ import annotations

from lrtui.core.config import changed
from lrtui.core.config.allowed import limits
from lrtui.core.store import Run, Status, messages
from lrtui.tui.render.key_names import key_name
from lrtui.tui.session_state import SessionState


def go_further(session: SessionState) -> None:
    """Train the run that is shown for more epochs: to as many as the form says, or for as many again.

    Says why where it cannot.
    """
    run = session.run
    if run is None or not run.extendable:
        session.notice = why_not(run)
        return
    _, most = limits("epochs") or (1, run.epoch)
    epochs = session.config.epochs
    if epochs <= run.epoch:
        epochs = min(run.epoch + run.config.epochs, most)
    before, engine, store = session.own_live_run, session.engine.token, session.store
    with store.transaction():
        if not store.runs.claim(run.id, engine, further=True):
            return
        session.tell_engine(messages.Start(run.id))
        session.tell_engine(messages.ChangeConfig(run.id, {"epochs": epochs}))
    session.config = changed(session.config, epochs=epochs)
    session.made_room(before, run.id)
    session.poller.poll(force=True)


def why_not(run: Run | None) -> str:
    """Why a run does not go on for more epochs."""
    space = key_name("run.space")
    if run is None or run.watched:
        return "There is no run to go on with."
    if run.status.live or run.resumable:
        return f"Run {run.id} has epochs left: {space} goes on with it."
    if run.status is Status.FINISHED and run.diverged_at is not None:
        return f"Run {run.id} diverged: more epochs would not bring it back."
    return f"Of run {run.id} no state is kept to go on from: {space} starts it anew."
