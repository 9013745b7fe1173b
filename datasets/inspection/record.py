"""What was found by looking at a table: records that travel as JSON. Neither NumPy nor polars in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from lrtui.datasets.columns import Kind

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Level = tuple[str, int]
"""A value as text, and how many rows have it."""


@dataclass(frozen=True)
class Histogram:
    """How many rows have which values, for each class of the target.

    Attributes:
        counts: rows by class (in the order of ``Inspection.shown_classes``) and by bin; one line where no
            target is known.
        labels: of the bins where these are levels; empty where they are equal parts of a range.
    """

    counts: tuple[tuple[int, ...], ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """One column of the table.

    Attributes:
        kind: what it is; reason: why, or why nothing can be learned from it.
        missing: rows in which nothing stands. distinct: how many different values stand in the others.
        becomes: what it is learned from as: ``one-hot, 3 columns``, ``left out: like an id``.
        usable: whether it can be learned from at all.
        low, high, mean, median: of numbers, and of flags as 0 and 1. first, last: of dates, as text.
        levels: the commonest values with their rows, the commonest first.
        histogram: where its values lie.
        codes: numbers far outside the others that seem to stand for a missing cell, as they would be typed.
    """

    name: str
    kind: Kind
    missing: int
    distinct: int
    becomes: str = ""
    usable: bool = True
    reason: str = ""
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    median: float | None = None
    first: str = ""
    last: str = ""
    levels: tuple[Level, ...] = ()
    histogram: Histogram | None = None
    codes: tuple[str, ...] = ()

    @property
    def counts_rows(self) -> bool:
        """Whether it holds numbers that only name the rows; who says so can learn from them."""
        return self.kind == "id-like" and self.low is not None


@dataclass(frozen=True)
class Candidate:
    """A column that may be the target, and why it seems so; ``score`` ranks it among the others.

    ``ready`` says whether its values can be classes as they are.
    """

    column: str
    score: float
    reasons: tuple[str, ...]
    ready: bool = True


@dataclass(frozen=True)
class Caution:
    """Something to know before training: one sentence, and the column that it is about, if it is one.

    ``row`` (from 1) and ``value`` are those of a cell, where it is about one. ``question`` is the text
    without the option of the command line that answers it.
    """

    kind: str
    text: str
    column: str = ""
    row: int | None = None
    value: float | None = None
    question: str = ""


@dataclass(frozen=True)
class Inspection:
    """A table as a person wants to see it before anything is trained.

    Attributes:
        label: the name of the file or of the fetched table; size: its bytes, 0 where it is no file.
        rows: all of them. looked_at: how many of them the statistics come from.
        all_columns: how many there are; of very many ``columns`` holds some.
        target: the column by whose classes the histograms are told apart: the one that was asked for,
            or the best candidate. classes: its values with their rows, the commonest first.
        shown_classes: the classes of the histograms; the last may stand for all others.
        remarks: sentences about how the file was read.
    """

    label: str
    size: int
    rows: int
    looked_at: int
    all_columns: int
    columns: tuple[Facts, ...]
    candidates: tuple[Candidate, ...] = ()
    target: str = ""
    classes: tuple[Level, ...] = ()
    shown_classes: tuple[str, ...] = ()
    warnings: tuple[Caution, ...] = ()
    remarks: tuple[str, ...] = ()

    def column(self, name: str) -> Facts | None:
        """What is known of a column."""
        return next((facts for facts in self.columns if facts.name == name), None)

    @property
    def best(self) -> str:
        """The likeliest target; empty where no column can be one as it is."""
        return next((one.column for one in self.candidates if one.ready), "")

    def to_dict(self) -> dict[str, Any]:
        """All of it, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Inspection:
        """The inspection that ``to_dict`` told; fields of a later version are left out.

        Raises:
            ValueError: it is none.
        """
        return _told().validate_python(data)


@cache
def _told() -> TypeAdapter[Inspection]:
    from pydantic import TypeAdapter  # for whoever reads one, not for whoever makes it

    return TypeAdapter(Inspection)  # a few milliseconds, where the first inspection is read
