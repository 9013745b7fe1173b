"""What a person asks of the doctor about the run that is shown: to look at it, or to leave it."""

from __future__ import annotations

from lrtui.core.store import Status
from lrtui.core.store.messages import CallDoctorOff, Diagnose
from lrtui.tui.render.key_names import key_name
from lrtui.tui.session_state import SessionState


def ask_doctor(session: SessionState) -> None:
    """Let the doctor look at a run that rests and was not looked at as it stands."""
    run, found = session.run, session.poller.view.diagnosed
    if run is None or run.watched or run.status in (Status.QUEUED, Status.RUNNING):
        return
    if not run.epoch and run.status is not Status.FAILED:
        return
    if found is None or found.failure is not None or not found.tells_of(run):
        session.tell_engine(Diagnose(run.id))


def is_looked_at(session: SessionState) -> bool:
    """Whether there is an examination to call off."""
    run, found = session.run, session.poller.view.diagnosed
    rests = run is not None and run.status not in (Status.QUEUED, Status.RUNNING)
    return rests and found is not None and found.work.pending


def call_doctor_off(session: SessionState) -> None:
    """End the examination of the run that is shown; d asks for another."""
    run = session.run
    owner = None if run is None else session.store.diagnoses.owner(run.id)
    if run is not None and owner is not None:
        session.store.commands.send(owner, CallDoctorOff(run.id))
        session.notice = f"The doctor leaves run {run.id}. {key_name('doctor.open')} asks again."
