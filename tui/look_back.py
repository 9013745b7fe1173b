"""Back in time: earlier epochs of the run that is shown, while it may go on, and new runs that begin there.

Whatever shows weights or what was measured of them asks here, or ``RunView.shown``, which epoch that is.
"""

from __future__ import annotations

from functools import partial

from lrtui.core.branching import branch
from lrtui.core.store import SnapshotRow, messages
from lrtui.core.store.reading import attempted
from lrtui.core.store.run_rows import measurement_of
from lrtui.tui.render.key_names import key_name
from lrtui.tui.run_poller import Past, RunView
from lrtui.tui.session_state import ORIGIN, SessionState

ACTIONS = ("back", "forward", "newest", "branch")


def shown_snapshot(session: SessionState) -> SnapshotRow | None:
    """The weights that are shown: of the epoch that a person went back to, else of the run as it is."""
    view = session.poller.view
    if view.past is not None or view.run is None:
        return None if view.past is None else view.past.snapshot
    return session.store.history.shown_snapshot(view.run)


def act_in_time(session: SessionState, action: str) -> None:
    """Do what one of ``ACTIONS`` says."""
    if session.script is not None:
        session.notice = "Of a script no epochs are kept: there is none to go back to."
    elif session.run is None or session.poller.view.shown is None:
        session.notice = "No epoch is kept yet to go back to."
    elif action == "newest":
        session.poller.view.past = None
    elif action == "branch":
        _branch(session)
    else:
        _step(session, 1 if action == "forward" else -1)


def leads_nowhere(session: SessionState, action: str) -> bool | None:
    """Whether one of ``ACTIONS`` has nothing to do; ``None`` for any other."""
    view = session.poller.view
    if action not in ACTIONS:
        return None
    if view.run is None or view.run.watched or view.shown is None:
        return True
    if action == "newest":
        return view.past is None
    if action == "forward":
        return view.past is None and view.run.shown_best is None
    return action == "back" and view.shown.epoch == 0


def past_words(view: RunView) -> str:
    """``epoch 12``, where a person went back to it: for titles."""
    return "" if view.past is None else f"epoch {view.past.epoch:,}"


def past_sentence(view: RunView) -> str | None:
    """That an older epoch is shown, and how to go on; ``None`` where it is the newest."""
    if view.past is None or view.run is None:
        return None
    back, on, newest, begins = map(key_name, ("run.back", "run.forward", "run.newest", "run.branch"))
    leads = f"{back} {on} go on, {newest}: newest, {begins}: a new run there."
    return f"Epoch {view.past.epoch:,} of {view.run.epoch:,} is shown. {leads}"


def _step(session: SessionState, direction: int) -> None:
    view = session.poller.view
    run, shown, newest = view.run, view.shown, view.measurement
    assert run is not None, "there is one"
    assert shown is not None, "it has been measured"
    if direction > 0 and leads_nowhere(session, "forward"):
        session.notice = "This is the newest epoch."
        return
    epoch, found = shown.epoch, None
    while (snapshot := session.store.history.beside(run.id, epoch, direction)) is not None:
        epoch = snapshot.epoch
        if (found := attempted(partial(measurement_of, snapshot.measurement))) is not None:
            break  # what is damaged is passed over
    if snapshot is None or found is None:
        view.past = None if direction > 0 else view.past
        session.notice = None if direction > 0 else "This is the first epoch that is kept."
    elif newest is not None and not run.status.live and newest.epoch == epoch:
        view.past = None
    else:
        view.past = Past(snapshot, found)


def _branch(session: SessionState) -> None:
    """A new run of what is on the form, with the weights that are shown; one that trains makes room."""
    parent, snapshot = session.run, shown_snapshot(session)
    if parent is None or snapshot is None:
        session.notice = "No epoch is kept yet to begin from."
        return
    before, token = session.own_live_run, session.engine.token
    run_id = branch(
        session.store, parent, snapshot, session.source, session.config, origin=ORIGIN, owner=token
    )
    session.tell_engine(messages.Start(run_id))
    session.show(run_id)
    session.made_room(before, run_id)
    begins = (
        f"Run {run_id} begins with the weights of run {parent.id} at epoch {snapshot.epoch:,}, "
        "its optimizer anew."
    )
    session.notice = "\n".join(filter(None, [begins, session.notice]))
