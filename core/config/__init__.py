"""Every hyperparameter of a run: limits, defaults, help and step rules, in one place."""

from lrtui.core.config.fields import Config, Knob, knob, knobs, live_fields
from lrtui.core.config.text import (
    brief_value,
    changed,
    changes_text,
    format_value,
    limits_text,
    parse_value,
    shown_value,
    stepped,
)

__all__ = [
    "Config",
    "Knob",
    "brief_value",
    "changed",
    "changes_text",
    "format_value",
    "knob",
    "knobs",
    "limits_text",
    "live_fields",
    "parse_value",
    "shown_value",
    "stepped",
]
