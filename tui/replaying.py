"""What the keys do while a run is replayed: they hold it and move it, and change nothing."""

from __future__ import annotations

from collections.abc import Callable

from lrtui.core.errors import EngineError
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.key_names import key_name
from lrtui.tui.render.numbers import pace, share
from lrtui.tui.replay import Replay
from lrtui.tui.session_state import SessionState

WORDS = {"step": "one epoch", "stop": "to its end", "reset": "from its start"}
NOT_NOW = (
    "sweep",
    "fix",
    "doctor",
    "undo",
    "take",
    "further",
    "back",
    "forward",
    "newest",
    "branch",
)  # what is about the run as it ended, or the form


def begin_replay(session: SessionState, run_id: int | None, speed: float | None = None) -> None:
    """Show a run, or the one that is shown, as it went.

    Raises:
        LrtuiError: there is no such run, or nothing of it was trained.
    """
    shown = session.run
    number = shown.id if run_id is None and shown is not None else run_id
    if number is None:
        raise EngineError("No run is shown that could be replayed.", "Choose one of the list of runs.")
    run = session.store.runs.get(number)
    replay = Replay(session.store, run, speed)
    session.show(run.id)
    session.poller.replay = replay
    session.poller.poll(force=True)
    session.notice = (
        f"Run {run.id} as it went, {speed_text(replay)} as fast, each epoch alike."
        f" {key_name('run.space')} holds, {key_name('run.stop')} ends it."
    )


def speed_text(replay: Replay) -> str:
    """``0.013×``."""
    return f"{pace(replay.speed)}×"


def state_words(replay: Replay, glyphs: Glyphs) -> str:
    """``›› replay 0.013× 45 %``, which nobody takes for training."""
    mark = glyphs.next * 2 if replay.playing else glyphs.paused
    return f"{mark} replay {speed_text(replay)} {share(replay.share)}"


def heard(session: SessionState, name: str) -> bool:
    """Whether a key was for the replay, which has done what it asks."""
    replay = session.poller.replay
    if replay is None:
        return False
    if replay.over:  # a key that was meant to hold it starts nothing
        session.poller.replay = None
        if name not in ("space", "step", "stop") or not replay.just_over:
            return False
        session.notice = (
            f"The replay is over, and run {replay.run.id} is shown as it is."
            f" {key_name('run.space')} again: {session.space_word}."
        )
        return True
    if (why := refusal(session, name)) is not None:
        session.notice = why
        return True
    does: dict[str, Callable[[], None]] = {
        "space": replay.turn,
        "step": lambda: replay.step(1),
        "stop": replay.end,
        "reset": replay.restart,
        "walk_back": lambda: replay.walk(-1),
        "walk_on": lambda: replay.walk(1),
    }
    if name not in does:
        return False
    does[name]()
    session.poller.poll(force=True)
    return True


def refusal(session: SessionState, action: str) -> str | None:
    """Why an action has to wait for the end of a replay; ``None`` where it need not."""
    replay = session.poller.playing
    if replay is None or action not in NOT_NOW:
        return None
    return f"Run {replay.run.id} is replayed: at its end, to which {key_name('run.stop')} goes, ask again."


def replay_word(session: SessionState, action: str, key: str) -> str | None:
    """What a key does during a replay; nothing for one that has to wait, ``None`` where it is as ever."""
    replay = session.poller.playing
    if replay is None:
        return "" if action in ("walk_back", "walk_on") else None
    if "left" in key.split(","):  # whatever it does in the pane that has the focus
        return "walk"
    if action == "space":
        return "hold" if replay.playing else "go on"
    return "" if action in NOT_NOW else WORDS.get(action)
