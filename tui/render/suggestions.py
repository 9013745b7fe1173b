"""What theory and data suggest for a hyperparameter, in few words."""

from __future__ import annotations

from math import inf

from lrtui.core.config import Config, brief_value
from lrtui.core.training.stable_rate import Smoothness
from lrtui.tui.render.key_names import key_name
from lrtui.tui.render.numbers import rounded_down


def limit_text(found: Smoothness | None, config: Config) -> str:
    """What theory says of the learning rate, in few words; nothing while it is not known."""
    if found is None:
        return ""
    limit = found.limit(config)
    if limit is None and config.optimizer == "newton":
        return "no learning rate needed"
    if limit is None:
        return f"{key_name('run.sweep')} tries learning rates"
    if limit == inf:
        return "stable at any rate"
    if limit == 0:
        return "no rate is safe"
    return f"{'safe up to' if found.in_batches(config) else 'stable below'} {rounded_down(limit)}"


def suggestion_text(name: str, suggested: Config, room: int) -> str:
    """A suggestion with the key that takes it, in so many columns."""
    said, key = f"suggested {brief_value(name, getattr(suggested, name))}", key_name("form.take")
    return next((text for text in (f"{said}: {key} takes it", f"{said}: {key}") if len(text) <= room), said)
