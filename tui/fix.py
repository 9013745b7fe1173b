"""The doctor's fix: what it changes, why there is none, and laying it on the form."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lrtui.core.config import Config, changed, knob, knobs
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.errors import LrtuiError
from lrtui.core.store import Diagnosed, Run, Work
from lrtui.datasets.source import Source
from lrtui.datasets.text import safe
from lrtui.tui.render.changes import LONGEST, OF_THE_SOURCE, Change, tupled, value_text
from lrtui.tui.render.key_names import key_name

APART = 10


@dataclass(frozen=True)
class Fix:
    """What the next run is to be, and how that differs from the form.

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
    why = refusal(run, diagnosed)
    letter = None if diagnosed is None else diagnosed.letter
    if why is not None or run is None or letter is None:
        return why or ""
    values = {name: tupled(value) for name, value in (letter.fix or {}).items()}
    own = {name: values.pop(name) for name in OF_THE_SOURCE if name in values}
    try:
        healed = changed(run.config, **values)
    except LrtuiError as error:
        return str(error)
    target = replace(run.source, **own)
    changes = []
    if own and source.positive != target.positive:
        changes.append(Change("positive class", _class(source.positive), _class(target.positive)))
    changes += [
        Change(knob(name).label, value_text(name, config), value_text(name, healed))
        for name in knobs()
        if getattr(config, name) != getattr(healed, name)
    ]
    before, after = letter.before.train_loss, None if letter.after is None else letter.after.train_loss
    apart = before is not None and after is not None and before > APART * after > 0
    return Fix(run.id, target, healed, tuple(changes), apart)


def refusal(run: Run | None, diagnosed: Diagnosed | None) -> str | None:
    """Why there is nothing to apply, in a sentence; ``None`` where there is a proved fix."""
    if run is None:
        return f"There is no run to fix. {key_name('run.space')} starts one."
    if run.watched and (diagnosed is None or diagnosed.work.pending):
        return "Nothing is proved yet: the doctor looks when the script has ended, and runs it again."
    if diagnosed is None:
        asks = f"{key_name('doctor.open')} asks."
        rests = asks if not run.status.live or run.owner is None else "It looks when the run rests."
        return f"The doctor has not looked at run {run.id}. {rests}"
    if diagnosed.work is Work.FAILED:
        return f"There is no fix: {safe(diagnosed.failure or '', LONGEST)}"
    letter = diagnosed.letter
    if letter is None:
        return "Nothing is proved yet: the doctor looks closer once nothing trains."
    if letter.status is Health.HEALTHY:
        return "Nothing is wrong with this run, so there is nothing to fix."
    if letter.status is Health.UNLEARNABLE and not letter.fix:
        return f"No setting can fix this; {key_name('doctor.open')} says why."
    if letter.status is Health.CANNOT_TELL:
        return f"The doctor cannot tell, so there is no proved fix; {key_name('doctor.open')} says more."
    if not letter.fix:
        return f"There is no proved fix; {key_name('doctor.open')} says more."
    return None


def _class(name: str | None) -> str:
    return "the rarer" if name is None else safe(name)
