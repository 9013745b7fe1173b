"""The shortest part of a sequence that still fails (delta debugging, Zeller 1999)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def shortest(items: Sequence[Item], fails: Callable[[list[Item]], bool]) -> list[Item]:
    """A part of ``items``, in order, that still fails and from which no single item can be left out.

    Args:
        items: a sequence that fails.
        fails: whether a part fails; may say no to everything once time is up.
    """
    kept = list(items)
    parts = 2
    while len(kept) >= 2:
        size = -(-len(kept) // parts)
        for start in range(0, len(kept), size):
            rest = kept[:start] + kept[start + size :]
            if rest and fails(rest):
                kept, parts = rest, max(parts - 1, 2)
                break
        else:
            if size == 1:
                break
            parts = min(2 * parts, len(kept))
    return kept
