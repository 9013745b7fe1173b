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


class Progress:
    """Use it as a context manager; ``show`` is called after every slice and mostly does nothing."""

    def __init__(self, config: Config, *, quiet: bool) -> None:
        self._quiet = quiet
        self._bar = sys.stderr.isatty()
        self._ascii = wants_ascii()
        self._drawn_at = 0.0
        self._next_line = 0.0
        self._total = config.epochs

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar and not self._quiet:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def show(self, session: RunSession) -> None:
        """Tell how far the run is, if it is time to."""
        if self._quiet:
            return
        now = time.monotonic()
        trainer = session.trainer
        done = trainer.epoch / max(1, trainer.config.epochs)
        if self._bar:
            if now - self._drawn_at >= DRAW_SECONDS:
                self._drawn_at = now
                width = shutil.get_terminal_size().columns
                sys.stderr.write(f"\r{self._text(session, done)[: width - 1]}\x1b[K")
                sys.stderr.flush()
        elif done >= self._next_line:
            self._next_line = (int(done * LINES) + 1) / LINES
            sys.stderr.write(self._numbers(session) + "\n")
            sys.stderr.flush()

    def _text(self, session: RunSession, done: float) -> str:
        full, empty = ("#", ".") if self._ascii else ("━", "╌")
        filled = int(done * BAR)
        bar = full * filled + empty * (BAR - filled)
        return f"{bar} {self._numbers(session)}"

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
