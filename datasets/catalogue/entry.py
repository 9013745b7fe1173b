"""What a dataset of the catalogue tells of itself. No NumPy in here: the dashboard shows the entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

Group = Literal["example", "real", "made"]

SPREAD = "standard deviation of each class"
JITTER = "standard deviation added to each coordinate"


class Parameter(NamedTuple):
    """A number that a made dataset is made with."""

    default: float
    low: float
    high: float
    help: str
    whole: bool = False

    @property
    def limits(self) -> str:
        """``a whole number from 10 to 10,000,000``."""
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.low:,.10g} to {self.high:,.10g}"


class Data(NamedTuple):
    """The numbers of a dataset: ``X`` (n, p), labels ``y`` (n,) of 0 and 1.

    Without names the columns are called x1 and on.
    """

    X: Any
    y: Any
    feature_names: tuple[str, ...] = ()
    class_names: tuple[str, str] = ("0", "1")


@dataclass(frozen=True)
class Entry:
    """One dataset.

    Attributes:
        make: its data. Where there are parameters it is called with n, noise and NumPy's generator,
            else with nothing; it imports NumPy itself.
        rows, columns, base_rate: shape and share of the positive class, those of the defaults.
        place: where it stands in lists.
    """

    name: str
    group: Group
    shows: str
    rows: int
    columns: int
    base_rate: float
    place: int
    make: Callable[..., Data]
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))
    plain_split: bool = False


def made_with(
    n: int, noise: float, meaning: str, *, low: int = 20, noisiest: float = 1000
) -> Mapping[str, Parameter]:
    """The parameters of a made dataset: number of rows, noise and its meaning, seed."""
    return MappingProxyType(
        {
            "n": Parameter(n, low, 10_000_000, "number of rows", whole=True),
            "noise": Parameter(noise, 0, noisiest, meaning),
            "seed": Parameter(0, 0, 2**32 - 1, "seed of the generator", whole=True),
        }
    )
