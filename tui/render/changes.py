"""What a fix changes, field by field, as people read it."""

from __future__ import annotations

from typing import Any, NamedTuple

from lrtui.core.config import Config, knob, knobs, shown_value
from lrtui.core.doctor.diagnosis import PATCH
from lrtui.datasets.text import safe

OF_THE_SOURCE = ("positive",)  # fields of a fix that are no hyperparameters
VALUE = 30  # columns for a value
LONGEST = 2000  # characters of a sentence of the doctor's


class Change(NamedTuple):
    """One field that a fix changes on the form."""

    label: str
    before: str
    after: str

    def text(self, arrow: str) -> str:
        """``scaling none → standard``."""
        return f"{self.label} {self.before} {arrow} {self.after}"


def changes_of(fix: dict[str, Any], config: Config) -> list[Change]:
    """What a fix changes in the config of the run that was looked at; in the order of the fix."""
    found = []
    for name, value in fix.items():
        if name == PATCH:
            found.append(Change("a patch of", "", safe(str(value))))
        elif name in OF_THE_SOURCE:
            found.append(Change("positive class", "", safe(str(value))))
        elif name in knobs():
            found.append(Change(knob(name).label, value_text(name, config), _shown(name, value)))
    return found


def value_text(name: str, config: Config) -> str:
    """A value of a config, in the room that the form has for it."""
    return _shown(name, getattr(config, name))


def _shown(name: str, value: Any) -> str:
    return shown_value(name, tupled(value), VALUE)


def tupled(value: Any) -> Any:
    """A list as the config has it: JSON knows no tuples."""
    return tuple(value) if isinstance(value, list) else value
