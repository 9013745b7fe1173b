"""Whether a run goes on when Space is pressed, and what a key that ends it should say or ask."""

from __future__ import annotations

from collections.abc import Iterable

from lrtui.core.config import Config
from lrtui.core.store import Run, Status
from lrtui.datasets.source import Source
from lrtui.tui.render.key_names import key_name
from lrtui.tui.run_poller import RunView

NOT_OF_SCRIPTS = ("inspect", "step", "sweep")
LONG_SECONDS = 10.0  # of training: who ends such a run is told how it goes on, or asked


def goes_on(run: Run | None, source: Source, config: Config) -> bool:
    """Whether Space pauses or goes on with this run; otherwise it begins one of ``source`` and ``config``.

    One that was stopped goes on as it was asked for: where the form was changed since, a new one begins.
    """
    if run is None or run.watched:
        return False
    if run.status is Status.STOPPED:
        return run.resumable and (run.source, run.config) == (source, config)
    held = run.owner is not None or run.resumable
    return held and (run.status.live or run.status is Status.INTERRUPTED)


def space_word(run: Run | None, source: Source, config: Config) -> str:
    """What Space does at this moment."""
    if run is not None and run.watched:
        return "" if run.status.live else "run again"
    if run is None or not goes_on(run, source, config):
        return "start"
    words = {Status.INTERRUPTED: "resume", Status.PAUSED: "resume", Status.STOPPED: "continue"}
    return words.get(run.status, "pause")


def script_idle(view: RunView, action: str) -> bool | None:
    """Whether an action has nothing to do with a script; ``None`` where it is as with any run."""
    if action == "stop":
        return view.run is None or not view.run.status.live
    if action == "undo":
        return view.patched is None
    if action == "take":
        return view.script is None or not view.script.linear
    return True if action in NOT_OF_SCRIPTS else None


def is_long(run: Run) -> bool:
    """Whether a run has trained so long that nobody ends it without a word."""
    return run.seconds > LONG_SECONDS


def stopped_words(run: Run, *, changed: bool) -> str | None:
    """How a run that is stopped now goes on; ``changed``: the form would begin another."""
    if not is_long(run):
        return None
    space = key_name("run.space")
    how = f"Shown again from Runs, {space} goes on with it." if changed else f"{space} goes on with it."
    return f"Run {run.id} is stopped. {how}"


def room_words(before: Run, run_id: int) -> str:
    """What became of a run because another begins."""
    return f"Run {before.id} was stopped to make room for run {run_id}; it stands under Runs."


def live_of(runs: Iterable[Run | None], owner: str, met: set[int]) -> list[Run]:
    """The runs that go on and that an owner holds or somebody has met, newest first."""
    found = {run.id: run for run in runs if run is not None and run.status.live}
    return [
        run for number, run in sorted(found.items(), reverse=True) if run.owner == owner or number in met
    ]
