"""Fields that do nothing beside the present values of others: a rule stands at each such field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Idle = Callable[[Any], str]
"""From a config to the name of the field whose present value leaves this one nothing to do, or nothing."""


def never(_config: Any) -> str:
    """It always does something."""
    return ""


def only_with(field: str, *values: object) -> Idle:
    """It does something beside these values of another field alone."""
    return lambda config: "" if getattr(config, field) in values else field


def not_with(field: str, *values: object) -> Idle:
    """It does nothing beside these values of another field."""
    return lambda config: field if getattr(config, field) in values else ""


def either(*rules: Idle) -> Idle:
    """It does nothing as soon as one of the rules says so."""
    return lambda config: next(filter(None, (rule(config) for rule in rules)), "")


def both(*rules: Idle) -> Idle:
    """It does nothing where all of the rules say so; the first of them is told."""
    return lambda config: rules[0](config) if all(rule(config) for rule in rules) else ""
