"""What a view shows, as records that travel as JSON: words, tables, curves, maps. No NumPy in here.

The dashboard and the command line draw every view from these, and know none by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Self

from pydantic import TypeAdapter

Point = tuple[float, float]


@dataclass(frozen=True)
class Asked:
    """What a person has chosen; a view heeds what concerns it.

    Attributes:
        threshold: from which p(y = 1) on a row is predicted 1; ``None`` for that of the run's config.
        class_: by name or number, the one that is told against the rest, of more than two.
        features: columns of the dataset, by name or number.
        wrong: rows by how wrong they are, and not in the order of the file. limit: so many at most.
    """

    threshold: float | Literal["base-rate"] | None = None
    class_: int | str | None = None
    features: tuple[int | str, ...] = ()
    wrong: bool = True
    limit: int = 100


@dataclass(frozen=True)
class Column:
    """A column: of weight 0 it is always told, else the heaviest first as far as there is room."""

    title: str
    weight: int = 0
    right: bool = True
    name: bool = False


@dataclass(frozen=True)
class Table:
    """Cells by row; with ``bars`` a bar a row beside them, from −1 to 1 to either side of a middle."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    bars: tuple[float, ...] = ()
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Series:
    """Points in order: joined by a line, or each a ``mark`` of one character; faint ones lie behind."""

    name: str
    points: tuple[Point, ...]
    mark: str = ""
    faint: bool = False


@dataclass(frozen=True)
class Curves:
    """Series over an x axis; of a ``mark`` that is one point the label stands beside it.

    ``x_range`` and ``y_range`` are what the axes show at least; with ``log`` the x axis is logarithmic.
    """

    x: str
    y: str
    series: tuple[Series, ...]
    x_range: Point | None = None
    y_range: Point | None = None
    log: bool = False
    kind: Literal["curves"] = "curves"


@dataclass(frozen=True)
class Spot:
    """A row on a map, and the number of its class."""

    x: float
    y: float
    class_: int


@dataclass(frozen=True)
class Map:
    """What is predicted over two axes.

    Attributes:
        x, y: the titles of the axes, from ``x_range`` and ``y_range``; ``x_names``, ``y_names``: of levels
            0, 1, … where an axis is a category.
        cells: rows from the top, each a text with the mark of a shade for every column.
        shades: the marks, each one character of ASCII, and what it means in words.
        spots: rows of the data. classes: their names.
    """

    x: str
    y: str
    x_range: Point
    y_range: Point
    cells: tuple[str, ...]
    shades: tuple[tuple[str, str], ...]
    spots: tuple[Spot, ...]
    classes: tuple[str, ...]
    x_names: tuple[str, ...] = ()
    y_names: tuple[str, ...] = ()
    kind: Literal["map"] = "map"


@dataclass(frozen=True)
class Choice:
    """What keys step through: the ``at``-th of ``count`` classes, or features of an axis."""

    of: Literal["class", "x", "y"]
    at: int
    count: int


@dataclass(frozen=True)
class Seen:
    """One view of a run at an epoch.

    Attributes:
        view: its id. title: its name. about: what of it is shown, in a few words.
        lines: sentences above what is drawn. notes: those below.
        parts: what is drawn. choices: what keys step through.
        progress: how far it is, in words, while there is more to come. done: the share of it.
        views: the ids of all views in their order.
    """

    view: str
    title: str
    about: str = ""
    lines: tuple[str, ...] = ()
    parts: tuple[Table | Curves | Map, ...] = ()
    notes: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    progress: str = ""
    done: float = 0.0
    run: int = 0
    epoch: int = 0
    views: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """All of it, for JSON."""
        found: dict[str, Any] = _adapter().dump_python(self, mode="json")
        return found

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """What ``to_dict`` told."""
        found: Self = _adapter().validate_python(data)
        return found

    def choice(self, of: str) -> Choice | None:
        """What keys step through under this name, if anything."""
        return next((choice for choice in self.choices if choice.of == of), None)


@cache
def _adapter() -> TypeAdapter[Any]:
    return TypeAdapter(Seen)
