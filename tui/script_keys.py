"""What the keys do while a script is shown: it is run again, stopped, patched and put back.

What only a run of lrtui's own can do is answered in a sentence.
"""

from __future__ import annotations

import os
import shlex
from dataclasses import replace

from lrtui.core.errors import EngineError
from lrtui.core.store import Run
from lrtui.core.store.messages import WatchScript
from lrtui.core.store.scripts import Asked, Patch
from lrtui.core.watch.applying import apply, put_back
from lrtui.core.watch.interpreter import interpreter
from lrtui.datasets.text import listed, quote, safe
from lrtui.tui.browsing import SCRIPT
from lrtui.tui.fix import refusal
from lrtui.tui.going_further import go_further
from lrtui.tui.look_back import ACTIONS, act_in_time
from lrtui.tui.render.key_names import key_name
from lrtui.tui.replaying import heard
from lrtui.tui.session_state import SessionState


def act(session: SessionState, name: str) -> None:
    """Space, step, stop, undo, back, …: what the session does so, or what becomes of a script."""
    if heard(session, name):
        return
    run = session.script
    if name == "further":
        go_further(session)
        return
    if name in ACTIONS:
        act_in_time(session, name)
        return
    if run is None:
        getattr(session, name)()
    elif name == "space" and not run.status.live:
        again(session)
    elif name == "stop" and run.status.live:
        session.end(run)
        session.notice = f"Run {run.id} is being stopped; the doctor looks at what was seen of it."
    elif name == "undo":
        take_back(session)
    else:
        session.notice = says(name)


def says(name: str) -> str:
    """What is told of a key that does nothing to a script."""
    stops = f"{key_name('run.stop')} stops it"
    return {
        "space": f"A script is not paused: {stops}, and to quit lets it run on.",
        "step": f"A script runs as Python runs it, and not by epochs; {stops}.",
        "stop": "The script has ended.",
        "sweep": "A script's settings stand in its source, so they cannot be swept here.",
        "inspect": f"A script reads its data itself; {key_name('dataset.open')} opens a table.",
    }[name]


def asked_of(text: str) -> Asked | None:
    """How a script is run that somebody types with its arguments; ``None`` where it is no script.

    Raises:
        EngineError: there is no such file, or a quote is not closed.
    """
    try:
        parts = shlex.split(text)
    except ValueError:
        if SCRIPT not in text:
            return None
        raise EngineError(f"{quote(text)} has a quote that is not closed.", "Close it.") from None
    if not parts or not parts[0].endswith(SCRIPT):
        return None
    path = os.path.expanduser(parts[0])
    if not os.path.isfile(path):
        raise EngineError(f"There is no file {quote(path)}.", "Give the path of a Python script.")
    return Asked((path, *parts[1:]), interpreter(), os.getcwd())


def watch(session: SessionState, asked: Asked) -> None:
    """Run a script, and show it."""
    before = session.run
    run_id = session.store.new_script(asked, session.engine.token)
    session.tell_engine(WatchScript(run_id))
    session.show(run_id)
    if before is not None and before.status.live:
        session.notice = f"Run {before.id} goes on; it stands under Runs."


def again(session: SessionState) -> None:
    """Run the script that is shown once more, as it now is."""
    watch(session, _asked(session))


def patch_of(session: SessionState) -> Patch | str:
    """The patch of the script that is shown, or a sentence that says why there is none to apply."""
    view = session.poller.view
    why = refusal(view.run, view.diagnosed)
    if why is not None:
        return why
    patch = None if view.script is None else view.script.patch
    if patch is None:
        return f"There is no patch; {key_name('doctor.open')} says more."
    if patch.kept:
        return f"The patch is applied already; {key_name('form.undo')} puts the original back."
    return patch


def heal(session: SessionState, run: Run, patch: Patch) -> None:
    """Apply a patch and run the script again; the run before stays in sight, if it is in sight."""
    sick = session.poller.view
    asked = _asked(session) if session.script is not None else session.store.scripts.asked(run.id)
    if asked is None:
        raise _unknown(run)
    kept = apply(patch.before, patch.after)
    session.store.scripts.put_patch(run.id, replace(patch, kept=kept))
    watch(session, asked)
    if sick.run is not None and sick.run.watched:
        session.show_beside(sick)
    names = listed([os.path.basename(path) for path in kept.values()])
    session.notice = f"Patched; the original is {names}. {key_name('form.undo')} puts it back."


def take_back(session: SessionState) -> None:
    """Put the original back in place of what was patched last."""
    run_id = session.poller.view.patched
    script = None if run_id is None else session.store.scripts.get(run_id)
    if run_id is None or script is None or script.patch is None:
        session.notice = "No patch is applied, so there is nothing to put back."
        return
    patch = script.patch
    put_back(patch.before, patch.after, patch.kept)
    session.store.scripts.put_patch(run_id, replace(patch, kept={}))
    session.poller.poll(force=True)
    names = listed([os.path.basename(path) for path in patch.kept])
    session.notice = f"{names} is as it was. {key_name('run.space')} runs it again."


def _asked(session: SessionState) -> Asked:
    script, run = session.poller.view.script, session.run
    if script is None or run is None:
        raise _unknown(run)
    return script.asked


def _unknown(run: Run | None) -> EngineError:
    name = "it" if run is None else safe(run.source.label)
    return EngineError(f"How {name} was started cannot be read.", "Start it anew: lrtui watch SCRIPT.")
