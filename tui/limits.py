"""What the problem on the desk says of the form's values: asked of the engine, shown as a quiet mark."""

from __future__ import annotations

import time
from dataclasses import replace
from math import inf

from lrtui.core.config import Config, brief_value, changed, knob
from lrtui.core.doctor.suggested import FIELDS, Suggestions
from lrtui.core.store.sweeps import smoothness_key, suggestions_key
from lrtui.core.training.limits import Smoothness
from lrtui.tui.desk import Desk
from lrtui.tui.text import rounded_down

TAKE = "t"  # the key


class LimitWatch:
    """Keeps the smoothness constants and suggestions for the desk, once the engine has found them.

    Attributes:
        found: the constants of the problem.
        suggested: what it suggests for the config, as far as the engine got; the learning rate follows from
            the constants at once.
    """

    def __init__(self, desk: Desk) -> None:
        self.found: Smoothness | None = None
        self.suggested = Suggestions()
        self._desk = desk
        self._asked: tuple[str, str, str] | None = None  # which engine, about what problem, and config
        self._asked_at = 0.0
        self._answered = False

    def look(self) -> bool:
        """Ask when the problem or config is another, and read answers; returns whether something is new."""
        desk, before = self._desk, (self.found, self.suggested)
        problem, whole = smoothness_key(desk.source, desk.config), suggestions_key(desk.source, desk.config)
        if self._asked != (desk.engine.token, problem, whole):
            self._ask(problem, whole)
        else:
            if self.found is None:
                self.found = desk.store.sweeps.smoothness(problem, self._asked_at)
            if not self._answered:
                self._read(whole)
        if self.found is not None and self.suggested.lr != (lr := self.found.suggested(desk.config)):
            self.suggested = replace(self.suggested, lr=lr)
        return (self.found, self.suggested) != before

    def _ask(self, problem: str, whole: str) -> None:
        desk = self._desk
        if self._asked is None or self._asked[:2] != (desk.engine.token, problem):
            self.found, self.suggested = None, Suggestions()
        self.suggested = replace(self.suggested, epochs=None)  # the rest is true of other configs too
        self._asked, self._asked_at = (desk.engine.token, problem, whole), time.time()
        self._answered = False
        if not desk.source.is_file or desk.source.target:
            desk.store.commands.send(
                desk.engine.token,
                "limits",
                source=desk.source.to_dict(),
                config=desk.config.model_dump(),
            )

    def _read(self, whole: str) -> None:
        found = self._desk.store.sweeps.suggestions(whole, self._asked_at)
        if found is not None:
            self.suggested, self._answered = found, True

    @property
    def rate(self) -> float | None:
        """What theory says of the learning rate, if it says anything."""
        found = None if self.found is None else self.found.limit(self._desk.config)
        return found if found is not None and 0 < found < inf else None

    def suggestion(self, name: str) -> Config | None:
        """The config with a field as it is suggested, if that is another one."""
        value = getattr(self.suggested, name) if name in FIELDS else None
        if value is None or value == getattr(self._desk.config, name):
            return None
        return changed(self._desk.config, **{name: value})

    def silence(self, name: str) -> str:
        """Why there is no suggestion to take."""
        label = "number of epochs" if name == "epochs" else knob(name).label
        if name not in FIELDS:
            return f"Nothing is suggested for the {label}."
        if getattr(self.suggested, name) is not None:
            return f"The {label} is what the data suggests."
        if self._answered:
            return f"Theory suggests no {label} here."
        return "The data is not looked at yet."


def limit_text(found: Smoothness | None, config: Config) -> str:
    """What theory says of the learning rate, in few words; nothing while it is not known."""
    if found is None:
        return ""
    limit = found.limit(config)
    if limit is None:
        return "w tries learning rates"
    if limit == inf:
        return "stable at any rate"
    return f"{'safe up to' if found.in_batches(config) else 'stable below'} {rounded_down(limit)}"


def suggestion_text(name: str, suggested: Config, room: int) -> str:
    """A suggestion with the key that takes it, in so many columns."""
    said = f"suggested {brief_value(name, getattr(suggested, name))}"
    return next(
        (text for text in (f"{said}: {TAKE} takes it", f"{said}: {TAKE}") if len(text) <= room), said
    )
