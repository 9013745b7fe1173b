"""A sweep around what is chosen, begun and ended."""

from __future__ import annotations

from lrtui.core.store import Sweep
from lrtui.core.store.messages import StartSweep, StopSweep
from lrtui.core.sweep.plan import plan_around
from lrtui.tui.session_state import SessionState


def begin_sweep(
    session: SessionState, field: str, across: str | None = None, *, limit: float | None = None
) -> Sweep:
    """Begin a sweep around the config, as ``plan_around`` makes it.

    Raises:
        LrtuiError: there is nothing to sweep.
    """
    session.check_target()
    plan = plan_around(session.source, session.config, field, across, limit=limit)
    plan.check()
    sweep_id = session.store.sweeps.create(plan, session.engine.token)
    session.tell_engine(StartSweep(sweep_id))
    return session.store.sweeps.get(sweep_id)


def end_sweep(session: SessionState, sweep: Sweep) -> None:
    """End a sweep that nobody looks at any more."""
    if sweep.owner is not None and sweep.status.live:
        session.store.commands.send(sweep.owner, StopSweep(sweep.id))
