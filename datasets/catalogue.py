"""The catalogue: every dataset that is always at hand, with what it shows. No data in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Group = Literal["example", "real", "made"]


@dataclass(frozen=True)
class Parameter:
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


@dataclass(frozen=True)
class Entry:
    """One dataset. Shape and base rate (share of the positive class) are those of the defaults."""

    name: str
    group: Group
    shows: str
    rows: int
    columns: int
    base_rate: float
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))
    plain_split: bool = False


def _made(
    n: int, noise: float, meaning: str, *, low: int = 20, noisiest: float = 1000
) -> Mapping[str, Parameter]:
    return MappingProxyType(
        {
            "n": Parameter(n, low, 10_000_000, "number of rows", whole=True),
            "noise": Parameter(noise, 0, noisiest, meaning),
            "seed": Parameter(0, 0, 2**32 - 1, "seed of the generator", whole=True),
        }
    )


_SPREAD = "standard deviation of each class"
_JITTER = "standard deviation added to each coordinate"

_ENTRIES = (
    Entry("example-scaling", "example",
          "Random labels, one feature 10,000 times larger than the others: unscaled, one label.",
          100, 6, 0.47, plain_split=True),
    Entry("example-learning-rate", "example",
          "Random labels on uniform features: no learning rate can help.",
          100, 5, 0.4, plain_split=True),
    Entry("example-small-data", "example",
          "Twenty rows with random labels: what looks learned is memorized.",
          20, 5, 0.35, plain_split=True),
    Entry("breast-cancer", "real",
          "Tumours by 30 measurements of very different scales; as it comes, unscaled.",
          569, 30, 357 / 569),
    Entry("iris-versicolor", "real",
          "One iris against two others: it lies between them, a line cannot cut it out.",
          150, 4, 1 / 3),
    Entry("wine-1", "real", "One cultivar of wine against the rest: easily told apart.",
          178, 13, 71 / 178),
    Entry("digits-3-8", "real", "Handwritten 3 against 8: 64 pixels, some of them constant.",
          357, 64, 174 / 357),
    Entry("diabetes-median", "real", "Disease progression above the median: weak, honest signal.",
          442, 10, 0.5),
    Entry("two-gaussians", "made", "Two overlapping clouds: what logistic regression is made for.",
          1000, 2, 0.5, _made(1000, 1.0, _SPREAD)),
    Entry("moons", "made", "Two interleaved half circles: a line gets most of it, not all.",
          500, 2, 0.5, _made(500, 0.2, _JITTER)),
    Entry("circles", "made", "One class around the other: no line can do better than chance.",
          500, 2, 0.5, _made(500, 0.1, _JITTER)),
    Entry("xor", "made", "Opposite corners share a label: each feature alone says nothing.",
          500, 2, 0.5, _made(500, 0.3, _JITTER)),
    Entry("imbalanced", "made", "2 % positives that overlap: good ranking, one label at 0.5.",
          2000, 4, 0.02, _made(2000, 1.0, _SPREAD, low=100)),
    Entry("duplicates", "made", "Four distinct rows, repeated: there is nothing more to learn.",
          400, 3, 0.525, _made(400, 0.3, "share of flipped labels", noisiest=0.5)),
    Entry("uncentred", "made", "Means of 50 standard deviations: unscaled, one label; scaled, easy.",
          600, 4, 0.5, _made(600, 1.0, _SPREAD)),
    Entry("separable", "made", "A gap between the classes: the weights grow without end.",
          300, 2, 0.5, _made(300, 1.0, "width of each cloud")),
    Entry("no-signal", "made", "Labels that do not depend on the features: nothing can be learned.",
          500, 5, 0.5, _made(500, 1.0, "standard deviation of the features")),
)  # fmt: skip

CATALOGUE: Mapping[str, Entry] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
