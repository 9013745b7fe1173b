"""What came of one table, as it is printed and kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Row:
    """What came of a table; what was not reached stays ``None``, and ``trouble`` says why.

    Attributes:
        rows, columns: of the file, the target included. classes: of the target.
        rank: the place of the true target among the likely ones that can be the target as they are.
        ours, peer: area under the ROC curve on the test part, of several classes the mean.
        verdict: the doctor's. diagnosing: seconds. seconds: all that lrtui took, without imports.
        numbered: whether a nameless first column, which holds row numbers or names, is learned from.
    """

    name: str
    rows: int = 0
    columns: int = 0
    classes: int = 0
    rank: int | None = None
    ours: float | None = None
    peer: float | None = None
    verdict: str = ""
    diagnosing: float | None = None
    seconds: float | None = None
    numbered: bool = False
    trouble: str = ""

    @property
    def below(self) -> float | None:
        """How far ours is below the peer's; negative where it is above."""
        return None if self.ours is None or self.peer is None else self.peer - self.ours
