"""Between a config's values and what people read and type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from lrtui.core.config.allowed import limits, words
from lrtui.core.config.fields import Change, Config, knob, knobs
from lrtui.core.config.lists import write_number, write_numbers
from lrtui.core.config.steps import Cycle, Emptying, Value
from lrtui.core.errors import ConfigError
from lrtui.datasets.column_names import write_names
from lrtui.datasets.numbers import LONGEST, bare_number, whole_number
from lrtui.datasets.text import quote, safe, width

NOTHING = {
    "init_bias": "as init",
    "drop_columns": "none",
    "missing_codes": "none",
}  # what an empty value means


def format_value(name: str, value: Value) -> str:
    """A value as it is typed: short, exact, and accepted back by ``parse_value``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    if isinstance(value, (tuple, list)):  # a list where it comes from JSON
        words = tuple(item for item in value if isinstance(item, str))
        return write_names(words) if words else write_numbers(tuple(map(float, value)))
    if isinstance(value, float):
        return write_number(value)
    return str(value)


def shown_value(name: str, value: Value, room: int | None = None) -> str:
    """A value as people read it, harmless in a terminal; a list is counted where it has no room."""
    shown = safe(format_value(name, value)) or NOTHING.get(name, "")
    rule = knob(name).step
    if isinstance(rule, Emptying) and isinstance(value, tuple) and value and room is not None:
        counted = f"{len(value)} {rule.noun}{'' if len(value) == 1 else 's'}"
        ways = (shown, counted, str(len(value)))
        return next((text for text in ways if width(text) <= room), ways[-1])
    return shown


def brief_value(name: str, value: Value) -> str:
    """A value in a table: four digits, enough to tell the steps of a range apart."""
    return f"{value:.4g}" if isinstance(value, float) else shown_value(name, value)


def changes_text(config: Config, values: Mapping[str, Any]) -> str:
    """``scaling none → standard, learning rate 0.1 → 0.05``; others as ``positive = a``."""
    parts = []
    for name, value in values.items():
        if name in knobs():
            before, after = brief_value(name, getattr(config, name)), brief_value(name, value)
            parts.append(f"{knob(name).label} {before} → {after}")
        else:
            parts.append(f"{name} = {value}")
    return ", ".join(parts)


def change_text(change: Change, arrow: str) -> str:
    """``0.1 → 0.05``; ``15 anew`` of a patience that was over, and is counted again from there."""
    old, new = (format_value(change.field, value) for value in (change.old, change.new))
    return f"{new} anew" if old == new else f"{old}{arrow}{new}"


def idle_text(name: str, config: Config, *, classes: int = 2) -> str:
    """Why a field does nothing in a config: ``"does nothing with optimizer sgd"``, or nothing."""
    found = knob(name)
    if found.two_classes and classes > 2:
        return f"does nothing with {classes:,} classes"
    if not (other := found.idle(config)):
        return ""
    return f"does nothing with {knob(other).label} {shown_value(other, getattr(config, other))}"


def limits_text(name: str) -> str:
    """What a field accepts, in words: ``"a number from 0 to 1e+06"``."""
    field = Config.model_fields[name]
    found = limits(name)
    if isinstance(rule := knob(name).step, Emptying):
        return f"empty, or {rule.holds} with commas between them"
    if field.annotation is bool:
        return "yes or no"
    if found is None:
        values = rule.values if isinstance(rule, Cycle) else ()
        names = [str(v) for v in values]
        return f"{', '.join(names[:-1])} or {names[-1]}"
    kind = "a whole number" if field.annotation is int else "a number"
    number = f"{kind} from {_plain(found[0])} to {_plain(found[1])}"
    beside = [word or "empty" for word in words(name)]
    return f"{', '.join(beside)}, or {number}" if beside else number


def _plain(number: float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"


def changed(config: Config, **values: Any) -> Config:
    """The config with these values, validated together.

    Raises:
        ConfigError: a value is out of its limits, of another kind, or of an unknown field.
    """
    for name, value in values.items():
        check_value(name, value)
    return Config.model_validate({**config.model_dump(), **values})


def config_at(config: Config, changes: Iterable[Change], epoch: int) -> Config:
    """A config as it stood up to an epoch, before the changes of a run that came after."""
    later = [change for change in changes if change.epoch >= epoch]
    old = {change.field: change.old for change in reversed(later)}
    return changed(config, **old) if old else config


def check_value(name: str, value: Any) -> None:
    """Refuse what a field cannot be.

    Raises:
        ConfigError: it is out of its limits, of another kind, or there is no such field.
    """
    if name not in knobs():
        raise ConfigError(
            f"There is no hyperparameter called {quote(name)}.", f"Use one of: {', '.join(knobs())}."
        )
    # To pydantic, as to Python, true is the number 1; to a person it is no number at all.
    if not isinstance(value, bool) or Config.model_fields[name].annotation is bool:
        with suppress(ValidationError):
            Config.model_validate({name: value})
            return
    raise _refused(name, value)


def _refused(name: str, value: Any) -> ConfigError:
    return ConfigError(f"The {knob(name).label} cannot be {_shown(value)}.", f"Give {limits_text(name)}.")


def _shown(value: Any) -> str:
    """A value as it was written, so far as it fits into a sentence."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, float):
        return quote(repr(value))
    if isinstance(value, int):  # Python itself writes none of more than 4,300 digits
        return quote(str(value)) if abs(value) < 10**LONGEST else "so long a number"
    kinds: dict[type, str] = {dict: "a table", list: "a list"}
    return kinds.get(type(value), "a date or a time")


def parse_value(name: str, text: str) -> Any:
    """The value that a person typed for a field.

    Raises:
        ConfigError: the text is no value of this field; says the limits.
    """
    value: Any = text.strip()
    if limits(name) is not None and value not in _words(name):
        value = _number(name, value)
        if value is None:
            raise _refused(name, text)
    try:
        check_value(name, value)
    except ConfigError:
        raise _refused(name, text.strip()) from None  # as it was typed
    return getattr(Config.model_validate({name: value}), name)


def _words(name: str) -> set[str]:
    """What stands for a value in a field of numbers, and is none."""
    return {word for found in words(name) for word in ((found,) if found else ("", "empty"))}


def _number(name: str, text: str) -> float | None:
    """The number in a text, whole where the field is; ``None`` where it holds none."""
    if Config.model_fields[name].annotation is int:
        return whole_number(text)
    number = bare_number(text)
    return None if number is None else float(number)


def stepped(config: Config, name: str, direction: int) -> Config:
    """The config after ← (−1) or → (1) on a field; at a limit it stays as it is."""
    value = knob(name).step.step(getattr(config, name), direction)
    found = limits(name)
    if found is not None and isinstance(value, (int, float)):
        value = type(value)(min(max(value, found[0]), found[1]))
    return config.model_copy(update={name: value})
