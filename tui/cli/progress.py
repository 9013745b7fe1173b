"""Progress of a run on stderr: one line redrawn on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING, Self

from lrtui.core.config import Config
from lrtui.tui.glyphs import wants_ascii
from lrtui.tui.text import clock, number

if TYPE_CHECKING:
    from lrtui.core.engine.session import RunSession

DRAW_SECONDS = 0.1
LINES = 10
BAR = 24


class Bar:
    """A bar with a text in one line of a terminal; elsewhere nothing. Use it as a context manager."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.shown = sys.stderr.isatty() and not quiet
        self._full, self._empty = ("#", ".") if wants_ascii() else ("━", "╌")
        self._drawn_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    @property
    def due(self) -> bool:
        """Whether it is time to draw again."""
        return self.shown and time.monotonic() - self._drawn_at >= DRAW_SECONDS

    def draw(self, done: float, text: str) -> None:
        """Show a share of the work as done, if it is time to."""
        if self.due:
            self._drawn_at = time.monotonic()
            filled = int(done * BAR)
            line = f"{self._full * filled}{self._empty * (BAR - filled)} {text}"
            width = shutil.get_terminal_size().columns
            sys.stderr.write(f"\r{line[: width - 1]}\x1b[K")
            sys.stderr.flush()


class Progress(Bar):
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
                self.draw(done, self._numbers(session))
        elif done >= self._next_line:
            self._next_line = (int(done * LINES) + 1) / LINES
            sys.stderr.write(self._numbers(session) + "\n")
            sys.stderr.flush()

    def _numbers(self, session: RunSession) -> str:
        trainer = session.trainer
        total = trainer.config.epochs
        width = len(f"{total:,}")
        speed = trainer.epoch / trainer.seconds if trainer.seconds > 0 else 0.0
        left = (total - trainer.epoch) / speed if speed > 0 else 0.0
        text = f"epoch {trainer.epoch:>{width},}/{total:,}  loss {number(session.last_loss):>7}"
        if session.test_accuracy is not None:
            text += f"  accuracy {session.test_accuracy:.3f}"
        return f"{text}  {speed:,.0f} epochs/s  {clock(left)} left"
