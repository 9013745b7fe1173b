"""``Finding``: a cause of the catalogue in a script, with the places in it and what was seen there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


@dataclass(frozen=True)
class Place:
    """A line of the person's own, the nearest to a call.

    Attributes:
        file: its path, absolute.
        line: from 1; where the expression begins.
        function: the name of the function that it stands in, ``<module>`` outside of any.
    """

    file: str
    line: int
    function: str = "<module>"


@dataclass(frozen=True)
class Finding:
    """One cause.

    Attributes:
        cause: its id in the catalogue.
        places: by their names: forward, loss, backward, step, optimizer and so on.
        facts: what a sentence or a patch needs: shapes, values, names of classes.
    """

    cause: str
    places: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    facts: Mapping[str, Json] = field(default_factory=dict)
