"""Progress of a run on stderr: one line redrawn on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Self

from lrtui.datasets.progress import Progress, Rest, Step
from lrtui.datasets.text import harmless, safe
from lrtui.datasets.text import width as columns
from lrtui.tui.cli.streams import tell
from lrtui.tui.render.glyphs import wants_ascii
from lrtui.tui.render.numbers import clock, number, pace

if TYPE_CHECKING:
    from lrtui.core.config import Config
    from lrtui.core.engine.run_session import RunSession

DRAW_SECONDS = 0.1
LINES = 10
BAR = 24
SHORTEST_BAR = 6
GAP = "  "
WARM_SECONDS = 0.5  # the first epochs are slow: what they promise is hours off
CLEAR = "\r\x1b[K"


def bar_line(done: float, parts: Sequence[str], width: int, marks: tuple[str, str]) -> str:
    """A bar and as many parts of the text as fit, whole, the most important first.

    ``marks`` are one cell of what is done and one of what is not.
    """
    kept = list(parts)
    while len(kept) > 1 and SHORTEST_BAR + 1 + columns(GAP.join(kept)) > width:
        kept.pop()
    text = GAP.join(kept)
    cells = min(BAR, width - 1 - columns(text))
    if cells < SHORTEST_BAR and columns(text) <= width:
        return text
    if cells < SHORTEST_BAR:  # half a number would be a wrong one
        text, cells = "", max(0, min(BAR, width))
    filled = int(min(done, 1.0) * cells)
    return f"{marks[0] * filled}{marks[1] * (cells - filled)} {text}".rstrip()


class Bar:
    """A bar with a text in one line of a terminal; elsewhere nothing. Use it as a context manager."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.shown = sys.stderr.isatty() and not quiet
        self._marks = ("#", ".") if wants_ascii() else ("━", "╌")
        self._drawn_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn_at:
            tell(CLEAR)

    @property
    def due(self) -> bool:
        """Whether it is time to draw again."""
        return self.shown and time.monotonic() - self._drawn_at >= DRAW_SECONDS

    def draw(self, done: float, *parts: str) -> None:
        """Show a share of the work as done, if it is time to; the most important part comes first."""
        if self.due:
            self._drawn_at = time.monotonic()
            width = shutil.get_terminal_size().columns
            tell(f"\r{harmless(bar_line(done, parts, width - 1, self._marks))}\x1b[K")

    def say(self, text: str) -> None:
        """Something that must be read, above the bar; also where the bar is not shown."""
        tell(f"{CLEAR if self.shown else ''}{harmless(text)}\n")


class Reading(Bar):
    """How far a large file is read and prepared; of a small one nothing is seen."""

    def __init__(
        self, label: str, *, quiet: bool = False, go_on: Callable[[], bool] = lambda: True
    ) -> None:
        super().__init__(quiet=quiet)
        self._label = safe(label)
        self._rest = Rest()
        self.watch = Progress(go_on, self._tell)

    def _tell(self, step: Step) -> None:
        if self.due:
            left = self._rest.left(step, time.monotonic())
            parts = [f"{step.what} {self._label}", f"{step.share:.0%}".replace("%", " %")]
            self.draw(step.share, *parts, *([] if left is None else [f"{clock(left)} left"]))


class ProgressBar(Bar):
    """``show`` is called after every slice of a run and mostly does nothing."""

    def __init__(self, config: Config, *, quiet: bool) -> None:
        super().__init__(quiet=quiet)
        self._quiet = quiet
        self._next_line = 0.0

    def show(self, session: RunSession) -> None:
        """Tell how far the run is, if it is time to."""
        if self._quiet:
            return
        trainer = session.trainer
        done = trainer.epoch / max(1, trainer.config.epochs)
        if self.shown:
            if self.due:
                self.draw(done, *run_parts(session))
        elif done >= self._next_line:
            self._next_line = (int(done * LINES) + 1) / LINES
            tell(GAP.join(run_parts(session)) + "\n")


def run_parts(session: RunSession) -> list[str]:
    """How far a run is, how long it still takes, and how well it does: the most important first."""
    trainer = session.trainer
    total = trainer.config.epochs
    width = len(f"{total:,}")
    speed = trainer.epoch / trainer.seconds if trainer.seconds > 0 else 0.0
    parts = [f"epoch {trainer.epoch:>{width},}/{total:,}"]
    if speed > 0 and trainer.seconds >= WARM_SECONDS:
        parts.append(f"{clock((total - trainer.epoch) / speed)} left")
    parts.append(f"loss {number(session.last_loss):>7}")
    if session.newest is not None:
        parts.append(f"accuracy {session.newest.test_accuracy:.3f}")
    parts.append(f"{pace(speed)} epochs/s")
    return parts
