"""What a field takes: its lowest and highest number, and the words beside numbers."""

from __future__ import annotations

from typing import Any, get_args

from lrtui.core.config.fields import Config


def limits(name: str) -> tuple[Any, Any] | None:
    """The lowest and highest number of a field that takes numbers, beside words or not; or ``None``."""
    field = Config.model_fields[name]
    nested = [item for part in get_args(field.annotation) for item in getattr(part, "__metadata__", ())]
    low = high = None
    for found in [*field.metadata, *nested]:
        for item in (found, *getattr(found, "metadata", ())):
            low = getattr(item, "ge", low)
            high = getattr(item, "le", high)
    return None if low is None or high is None else (low, high)


def words(name: str) -> tuple[str | None, ...]:
    """The words that a field takes beside numbers; ``None`` stands for nothing at all."""
    parts = get_args(Config.model_fields[name].annotation)
    nothing = (None,) if type(None) in parts else ()
    return (*nothing, *(word for part in parts for word in get_args(part) if isinstance(word, str)))
