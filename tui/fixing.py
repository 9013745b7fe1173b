"""The doctor's fix at the desk: what it changes, why there is none, and laying it on the form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from lrtui.core.config import Config, changed, knob, knobs, shown_value
from lrtui.core.doctor.diagnosis import Diagnosis, Health
from lrtui.core.errors import LrtuiError
from lrtui.core.store import Diagnosed, Run, Work
from lrtui.datasets.source import Source
from lrtui.datasets.text import safe

OF_THE_SOURCE = ("positive",)  # fields of a fix that are no hyperparameters
APART = 10
VALUE = 30  # columns for a value
LONGEST = 2000  # characters of a sentence of the doctor's


@dataclass(frozen=True)
class Change:
    """One field that a fix changes on the form."""

    label: str
    before: str
    after: str

    def text(self, arrow: str) -> str:
        """``scaling none → standard``."""
        return f"{self.label} {self.before} {arrow} {self.after}"


@dataclass(frozen=True)
class Fix:
    """What the next run is to be, and how that differs from what lies on the desk.

    ``apart``: the losses before and after are of different orders of magnitude.
    """

    run_id: int
    source: Source
    config: Config
    changes: tuple[Change, ...]
    apart: bool = False


def fix_of(run: Run | None, diagnosed: Diagnosed | None, source: Source, config: Config) -> Fix | str:
    """The proved fix of the run that is shown, or a sentence that says why there is none.

    It is the config of that run with the fix, for that is what was trained and seen to heal; whatever else
    was changed on the form (``source``, ``config``) since then is taken back with it, and shown.
    """
    if (why := refusal(run, diagnosed)) is not None:
        return why
    assert run is not None
    assert diagnosed is not None
    assert diagnosed.letter is not None
    values = {name: _tupled(value) for name, value in (diagnosed.letter.fix or {}).items()}
    own = {name: values.pop(name) for name in OF_THE_SOURCE if name in values}
    try:
        healed = changed(run.config, **values)
    except LrtuiError as error:
        return str(error)
    target = replace(run.source, **own)
    changes = [
        Change("positive class", _class(source.positive), _class(target.positive))
        for _ in own
        if source.positive != target.positive
    ]
    changes += [
        Change(knob(name).label, _value(name, config), _value(name, healed))
        for name in knobs()
        if getattr(config, name) != getattr(healed, name)
    ]
    return Fix(run.id, target, healed, tuple(changes), _apart(diagnosed.letter))


def _apart(letter: Diagnosis) -> bool:
    before = letter.before.train_loss
    after = None if letter.after is None else letter.after.train_loss
    return before is not None and after is not None and before > APART * after > 0


def changes_of(fix: dict[str, Any], config: Config) -> list[Change]:
    """What a fix changes in the config of the run that was looked at; in the order of the fix."""
    found = []
    for name, value in fix.items():
        if name in OF_THE_SOURCE:
            found.append(Change("positive class", "", safe(str(value))))
        elif name in knobs():
            found.append(Change(knob(name).label, _value(name, config), _shown(name, value)))
    return found


def refusal(run: Run | None, diagnosed: Diagnosed | None) -> str | None:
    """Why there is nothing to apply, in a sentence; ``None`` where there is a proved fix."""
    if run is None:
        return "There is no run to fix. Space starts one."
    if diagnosed is None:
        rests = "d asks." if not run.status.live or run.owner is None else "It looks when the run rests."
        return f"The doctor has not looked at run {run.id}. {rests}"
    if diagnosed.work is Work.FAILED:
        return f"There is no fix: {safe(diagnosed.failure or '', LONGEST)}"
    letter = diagnosed.letter
    if letter is None:
        return "Nothing is proved yet: the doctor looks closer once nothing trains."
    if letter.status is Health.HEALTHY:
        return "Nothing is wrong with this run, so there is nothing to fix."
    if letter.status is Health.UNLEARNABLE:
        return "No setting can fix this; d says why."
    if letter.status is Health.CANNOT_TELL or not letter.fix:
        return "The doctor cannot tell, so there is no proved fix; d says more."
    return None


def _value(name: str, config: Config) -> str:
    return _shown(name, getattr(config, name))


def _shown(name: str, value: Any) -> str:
    return shown_value(name, _tupled(value), VALUE)


def _tupled(value: Any) -> Any:
    """A list as the config has it: JSON knows no tuples."""
    return tuple(value) if isinstance(value, list) else value


def _class(name: str | None) -> str:
    return "the rarer" if name is None else safe(name)
