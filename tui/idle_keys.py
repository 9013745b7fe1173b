"""Whether a key has anything to act on at this moment: one that has not stands in no line of keys."""

from __future__ import annotations

from lrtui.tui.fix import refusal
from lrtui.tui.going_on import script_idle
from lrtui.tui.look_back import leads_nowhere
from lrtui.tui.session_state import SessionState


def is_idle(session: SessionState, action: str) -> bool:
    """Whether an action, by its name, has nothing to do."""
    run, view = session.run, session.poller.view
    if action == "fix":
        return refusal(run, view.diagnosed) is not None
    if session.script is not None and (nothing := script_idle(view, action)) is not None:
        return nothing
    if (nothing := leads_nowhere(session, action)) is not None:
        return nothing
    if action == "cause":
        return view.cause is None
    if action == "inspect":
        return not session.source.is_table
    if action == "further":
        return run is None or not run.extendable
    if action == "stop":
        return not session.stoppable
    return (action == "undo" and not session.undoable) or (action == "reset" and run is None)
