"""The keys of the dashboard itself; panes and sheets have theirs beside what they do."""

from __future__ import annotations

import re
from collections.abc import Callable

from textual.binding import Binding

from lrtui.tui.idle_keys import is_idle
from lrtui.tui.keys import bind
from lrtui.tui.layout import PANE_KEYS
from lrtui.tui.replaying import replay_word
from lrtui.tui.session_state import SessionState

WITHOUT_STORE = ("log_scale", "help", "quit")  # all that is left to do once the store is lost

OF_SCRIPTS = {"undo": "put back", "reset": "leave it", "take": "to the form"}

# The most needed first; those of the pane that has the focus come after the very first.
NEEDED = (
    "run.space", "run.stop", "doctor.fix", "doctor.open", "form.undo", "form.take", "run.sweep",
    "dataset.open", "run.step", "run.reset", "loss.log",
)  # fmt: skip

DASHBOARD: list[Binding] = [
    bind("space", "run('space')", "start", id="run.space", tooltip="start, pause or resume the run"),
    bind("s", "run('step')", "step", id="run.step", tooltip="train one epoch and hold"),
    bind("r", "reset", "reset", id="run.reset", tooltip="back to untrained, same config"),
    bind("x", "run('stop')", "stop", id="run.stop", tooltip="stop the run and keep what it learned"),
    bind("plus", "run('further')", "more epochs", show=False, id="run.further",
         tooltip="more epochs for a run that has ended"),
    bind("left_square_bracket", "run('back')", "back", show=False, id="run.back",
         tooltip="show an earlier epoch; the run goes on"),
    bind("right_square_bracket", "run('forward')", "forward", show=False, id="run.forward",
         tooltip="show a later epoch, at last the newest"),
    bind("escape", "run('newest')", "newest epoch", id="run.newest",
         tooltip="back to the newest epoch"),
    bind("b", "run('branch')", "branch", show=False, id="run.branch",
         tooltip="a new run with the weights that are shown"),
    bind("left", "replay('walk_back')", "walk", id="replay.back", key_display="←→",
         tooltip="in a replay: back"),
    bind("right", "replay('walk_on')", "on", show=False, id="replay.on", tooltip="in a replay: on"),
    bind("w", "sweep", "sweep", id="run.sweep", tooltip="sweep the field under the cursor"),
    bind("d", "doctor", "doctor", id="doctor.open", tooltip="what the doctor says of this run"),
    bind("f", "fix", "fix it", id="doctor.fix", tooltip="apply the doctor's fix and start the run"),
    bind("u", "run('undo')", "undo", id="form.undo", tooltip="take the last change of the form back"),
    bind("t", "take", "take", id="form.take", tooltip="take what the data suggests for the field"),
    bind("l", "log_scale", "log", show=False, id="loss.log", tooltip="loss plot: log or linear scale"),
    bind("z", "whole", "zoom the pane", show=False, id="pane.whole",
         tooltip="the pane fills the screen, and again restores"),
    bind("y", "copy", "copy", show=False, id="app.copy", tooltip="copy the value, the line or the pane"),
    bind("o", "choose_dataset", "open", id="dataset.open", tooltip="open a dataset or file"),
    bind("i", "inspect", "inspect", show=False, id="dataset.inspect", tooltip="look at the table"),
    bind("E", "export", "take away", show=False, id="run.export",
         tooltip="take the run away, or a picture"),
    *(
        bind(key, f"pane('{name}')", f"to {name}", show=False, id=f"pane.{name}")
        for name, key in PANE_KEYS.items()
    ),
    bind("ctrl+r", "all_runs", "all runs", show=False, id="runs.all",
         tooltip="all runs: sort, filter, compare, name"),
    bind("question_mark", "help", "help", key_display="?", id="app.help"),
    bind("q", "quit", "quit", id="app.quit"),
    bind("ctrl+p", "command_palette", "every action", show=False, id="app.palette"),
    bind("ctrl+l", "redraw", "draw anew", show=False, id="app.redraw", tooltip="draw the screen anew"),
    bind("ctrl+z", "suspend_process", "to the shell; fg comes back", show=False, id="app.suspend"),
    bind("ctrl+c", "interrupt", "quit", show=False, id="app.interrupt"),
]  # fmt: skip


def key_words(binding: Binding, session: SessionState, *, suggests: Callable[[], bool]) -> str:
    """What a key does at this moment; nothing for one that has nothing to do.

    ``suggests`` tells whether there is a suggestion to take for the field under the cursor.
    """
    if session.store.lost and binding.action not in WITHOUT_STORE:
        return ""
    action = re.findall(r"\w+", binding.action)[-1]  # of ``run('stop')`` and ``app.inspect`` too
    if (word := replay_word(session, action, binding.key)) is not None:
        return word
    if action == "space":
        return session.space_word
    if action == "take" and session.script is None and not suggests():
        return ""
    if is_idle(session, action):
        return ""
    words = OF_SCRIPTS if session.script is not None else {}
    return words.get(action, binding.description)
