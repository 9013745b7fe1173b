"""A preset laid on the form: one change, which can be taken back."""

from __future__ import annotations

from lrtui.core.config import changes_text
from lrtui.core.config.presets import find_preset
from lrtui.datasets.text import quote
from lrtui.tui.render.key_names import key_name
from lrtui.tui.session_state import SessionState


def lay_preset(session: SessionState, name: str) -> None:
    """Lay a preset on the form, for the next start; a run that goes on is left as it is.

    Raises:
        ConfigError: there is none of this name, or its file is wrong.
    """
    run = session.run
    if run is not None and not run.watched and run.status.live:
        session.notice = (
            f"A preset is for the next start, and run {run.id} goes on: {key_name('run.stop')} stops it."
        )
        return
    preset, before = find_preset(name), session.config
    config = preset.laid(before)
    if config == before:
        session.notice = f"The form is as preset {quote(name)} has it already."
        return
    session.change(config)
    values = {field: value for field, value in preset.values.items() if getattr(before, field) != value}
    session.notice = (
        f"Preset {quote(name)}: {changes_text(before, values)}. {key_name('form.undo')} takes it back."
    )
