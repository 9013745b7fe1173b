"""Rows as records, or the word that they cannot be read: one damaged row is no trouble of any other."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from lrtui.core.errors import LrtuiError

T = TypeVar("T")
OWNER = re.compile(r"[A-Za-z0-9_-]{1,100}")
# What a constructor raises that is given something else than it made itself.
DAMAGE = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, LrtuiError
)  # fmt: skip


def attempted(make: Callable[[], T]) -> T | None:
    """What a row holds, or ``None`` where it is damaged: an error, or a value that is not of its kind."""
    try:
        return whole(make())
    except DAMAGE:
        return None


def whole(record: T) -> T:
    """A record, once each of its fields is known to be of its kind.

    Raises:
        TypeError: one is not.
    """
    if not conforms(record, type(record)):
        raise TypeError(f"no {type(record).__name__}")
    return record


def parsed(text: object) -> dict[str, Any]:
    """One JSON object.

    Raises:
        ValueError: it is none. TypeError: it is no text.
    """
    found = json.loads(text)  # type: ignore[arg-type]
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found


def is_owner(token: object) -> bool:
    """Whether a column holds what can be an owner's token, of which a file is named."""
    return isinstance(token, str) and OWNER.fullmatch(token) is not None


def conforms(value: Any, kind: Any) -> bool:
    """Whether a value is of an annotated type, down to the last number in a record."""
    if kind is Any:
        return True
    if isinstance(kind, type):
        return _is_plain(value, kind)
    origin, parts = _parts(kind)
    if origin in (Union, types.UnionType):
        return any(conforms(value, part) for part in parts)
    if origin is Literal:
        return value in parts
    if origin is dict:
        return isinstance(value, dict) and all(
            conforms(k, parts[0]) and conforms(v, parts[1]) for k, v in value.items()
        )
    if origin is tuple and parts[-1] is not Ellipsis:
        return isinstance(value, tuple | list) and (
            len(value) == len(parts) and all(map(conforms, value, parts))
        )
    return origin is None or _is_sequence(value, parts)


def _is_plain(value: Any, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if is_dataclass(kind) and isinstance(value, kind):
        return all(conforms(getattr(value, name), hint) for name, hint in _fields(kind))
    return value is None if kind is type(None) else isinstance(value, kind)


def _is_sequence(value: Any, parts: tuple[Any, ...]) -> bool:
    if isinstance(value, str | bytes) or not hasattr(value, "__iter__"):
        return False
    if parts and parts[0] is int:  # counts, of which there are many
        return all(type(item) is int for item in value)
    return not parts or all(conforms(item, parts[0]) for item in value)


@cache
def _parts(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    return get_origin(kind), get_args(kind)


@cache
def _fields(kind: Any) -> list[tuple[str, Any]]:
    hints = get_type_hints(kind)
    return [(field.name, hints[field.name]) for field in fields(kind)]
