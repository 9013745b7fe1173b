"""``suggested`` where a number stands: found once the dataset is there, and told on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrtui.core.config import Config, format_value, knob
from lrtui.core.doctor.suggested import FIELDS, WORD
from lrtui.core.errors import ConfigError
from lrtui.core.training.stable_rate import has_theory
from lrtui.datasets.text import quote
from lrtui.tui.cli.printing import echo

if TYPE_CHECKING:
    from lrtui.datasets.preparing.problem import Problem


def take_suggested(options: dict[str, Any]) -> tuple[str, ...]:
    """The fields for which the data is to suggest a value; takes them out of ``options``.

    Raises:
        ConfigError: the word stands in a list or range.
    """
    for name in FIELDS:
        text = options.get(name) or ""
        parts = [part.strip() for part in text.replace(":", ",").split(",")]
        if WORD in parts and len(parts) > 1:
            raise ConfigError(
                f"{_flag(name)} {quote(text)} puts {WORD} beside other values.",
                f"Give {_flag(name)} {WORD} alone, or numbers alone.",
            )
    names = tuple(name for name in FIELDS if (options.get(name) or "").strip() == WORD)
    for name in names:
        options[name] = None
    return names


def refuse_suggested(options: dict[str, Any]) -> None:
    """In the dashboard a key does it, when the engine knows the data.

    Raises:
        ConfigError: a field is to be suggested.
    """
    for name in take_suggested(options):
        raise ConfigError(
            f"The dashboard takes no {_flag(name)} {WORD}: it shows first what the data suggests.",
            f"Leave it out, and press t on the {knob(name).label} in the form.",
        )


def with_suggested(
    problem: Problem, config: Config, names: tuple[str, ...], *, quiet: bool = False
) -> Config:
    """The config with these fields as the data suggests.

    Raises:
        ConfigError: nothing can be suggested for one of them.
    """
    if not names:
        return config
    from lrtui.core.doctor.suggestions import filled  # brings torch

    config, missing = filled(problem, config, names)
    for name in missing:
        raise ConfigError(*_nothing(name, config))
    for name in () if quiet else names:
        shown = format_value(name, getattr(config, name))
        echo(f"{knob(name).label} {shown}, suggested by the data", err=True)
    return config


def _nothing(name: str, config: Config) -> tuple[str, str]:
    """That nothing can be suggested, and what to do."""
    label = "number of epochs" if name == "epochs" else knob(name).label
    what = f"No {label} can be suggested"
    fix = f"Give {_flag(name)} a number"
    if name == "weight_decay" and config.optimizer != "adamw":
        return f"{what}: a class has too few rows, or there are too many columns.", f"{fix}, such as 0."
    if name == "weight_decay" or not has_theory(config):
        return f"{what} for {config.optimizer}: theory is silent on it.", f"{fix}, or choose optimizer sgd."
    if name == "lr":
        return f"{what}: the data bears none at all.", f"{fix}, or scale the features."
    rate = format_value("lr", config.lr)
    return f"{what}: at learning rate {rate} none is enough.", f"{fix}, or take --lr {WORD}."


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"
