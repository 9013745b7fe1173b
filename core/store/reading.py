"""Rows as records, or the word that they cannot be read: one damaged row is no trouble of any other."""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from lrtui.core.errors import LrtuiError, UnreadableError

T = TypeVar("T")
LONGEST_OWNER = 100
# What a constructor raises that is given something else than it made itself.
DAMAGE = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    LrtuiError,
)


def readable(what: str, fix: str, make: Callable[[], T]) -> T:
    """What a row holds.

    Raises:
        UnreadableError: ``what`` cannot be made of it; says ``fix``.
    """
    found = attempted(make)
    if found is None:
        raise UnreadableError(f"{what} cannot be read: its row in the store is damaged.", fix)
    return found


def attempted(make: Callable[[], T]) -> T | None:
    """What a row holds, or ``None`` where it is damaged: an error, or a value that is not of its kind."""
    try:
        found = make()
    except DAMAGE:
        return None
    return found if conforms(found, type(found)) else None


def parsed(text: object) -> dict[str, Any]:
    """One JSON object.

    Raises:
        ValueError: it is none. TypeError: it is no text.
    """
    found = json.loads(text)  # type: ignore[arg-type]
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found


def a_number(value: object) -> float:
    """A number of a column.

    Raises:
        TypeError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no number")
    return value


def a_count(value: object) -> int:
    """A number of a column that counts something.

    Raises:
        TypeError: it is no whole number. ValueError: it is negative.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("no whole number")
    if value < 0:
        raise ValueError("negative")
    return value


def is_owner(token: object) -> bool:
    """Whether a column holds what can be an owner's token, of which a file is named."""
    plain = isinstance(token, str) and 0 < len(token) <= LONGEST_OWNER
    return plain and all(c.isalnum() or c in "-_" for c in str(token)) and str(token).isascii()


def conforms(value: Any, kind: Any) -> bool:
    """Whether a value is of an annotated type, down to the last number in a record."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind is Any:
        return True
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
    if origin is not None:
        return _is_sequence(value, parts)
    return _is_plain(value, kind)


def _is_plain(value: Any, kind: Any) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if not isinstance(kind, type):
        return True
    if is_dataclass(kind) and isinstance(value, kind):
        hints = _hints(kind)
        return all(conforms(getattr(value, field.name), hints[field.name]) for field in fields(kind))
    return value is None if kind is type(None) else isinstance(value, kind)


def _is_sequence(value: Any, parts: tuple[Any, ...]) -> bool:
    if isinstance(value, str | bytes) or not hasattr(value, "__iter__"):
        return False
    return not parts or all(conforms(item, parts[0]) for item in value)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
