"""What the store holds, as frozen records; nothing here knows SQL or torch."""

from __future__ import annotations

from array import array
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Self

from lrtui.core.config import Config
from lrtui.core.errors import LrtuiError
from lrtui.core.sweep.plan import SweepPlan
from lrtui.core.sweep.points import Point
from lrtui.datasets.classes import logit_count
from lrtui.datasets.source import Source

WATCHED = "watch"  # the origin of a run that is a script of the person's own


class Status(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    UNREADABLE = "unreadable"  # its row is damaged; never stored

    @property
    def live(self) -> bool:
        """Some process holds the run, or is about to."""
        return self in (Status.QUEUED, Status.RUNNING, Status.PAUSED)


@dataclass(frozen=True)
class Json:
    """A record kept as one JSON object; fields of a later version are ignored."""

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """What ``to_dict`` told."""
        known = {field.name for field in fields(cls)}
        return cls(**{key: value for key, value in data.items() if key in known})

    def to_dict(self) -> dict[str, Any]:
        """All of it, for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Failure(Json):
    """An error as people see it: what is wrong, and what to do."""

    title: str
    what: str
    fix: str

    @classmethod
    def of(cls, error: LrtuiError) -> Failure:
        """The failure that an error tells."""
        return cls(error.title, error.what, error.fix)


@dataclass(frozen=True)
class BestEpoch(Json):
    """The epoch of the lowest loss that early stopping has watched, and on which part of the rows."""

    epoch: int
    loss: float
    part: str


@dataclass(frozen=True)
class Branch:
    """The run, by its number, and the epoch with whose weights another began."""

    run: int
    epoch: int

    def __str__(self) -> str:
        """As the command line takes it: ``12@40``."""
        return f"{self.run}@{self.epoch}"

    @classmethod
    def parsed(cls, text: str) -> Branch:
        """What ``str`` told; ``ValueError`` where it is that of none."""
        run, epoch = map(int, text.split("@"))
        return cls(run, epoch)


@dataclass(frozen=True)
class ProblemFacts(Json):
    """What is worth knowing of a prepared problem without its rows.

    ``features`` is how many there are; their names may be many, and are kept apart.
    ``train_counts`` and ``test_counts`` are the rows of each of more than two classes; else ``None``.
    """

    train_rows: int
    test_rows: int
    train_positive: int
    test_positive: int
    features: int
    class_names: list[str]
    device: str
    threads: int
    note: str = ""
    train_counts: list[int] | None = None
    test_counts: list[int] | None = None
    part: str = "test"  # what the rows are that are measured
    validation_rows: int = 0  # kept apart from both parts, for early stopping

    def __post_init__(self) -> None:
        """Refuse what no problem is like."""
        counts = [counts for counts in (self.train_counts, self.test_counts) if counts is not None]
        if self.train_rows < 1 or self.test_rows < 0 or len(self.class_names) < 2:
            raise ValueError("no problem has so few rows or classes")
        if any(len(found) != len(self.class_names) for found in counts):
            raise ValueError("a class without a count")

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @property
    def rows(self) -> int:
        """Rows of all parts together."""
        return self.train_rows + self.test_rows + self.validation_rows

    @property
    def base_rate(self) -> float:
        """Share of the positive class over both parts; of more than two classes, of the commonest."""
        if self.train_counts is not None and self.test_counts is not None:
            commonest = max(map(sum, zip(self.train_counts, self.test_counts, strict=True)))
            return commonest / (self.train_rows + self.test_rows)
        return (self.train_positive + self.test_positive) / (self.train_rows + self.test_rows)

    @property
    def train_commonest(self) -> int:
        """The training part's commonest class, which ``Measurement.base_accuracy`` is of."""
        if self.train_counts is not None:
            return self.train_counts.index(max(self.train_counts))
        return int(2 * self.train_positive > self.train_rows)

    @property
    def train_base_rate(self) -> float:
        """Share of the positive class in the training part."""
        return self.train_positive / self.train_rows


@dataclass(frozen=True)
class Description(Json):
    """A dataset as the engine found it, or why it could not be had."""

    rows: int = 0
    columns: int = 0
    base_rate: float = 0.0
    class_names: tuple[str, ...] = ()
    remark: str = ""  # on cells without a number
    encoded: int = 0  # columns, about, once categories are encoded and holes flagged
    droppable: tuple[str, ...] = ()  # names of columns; empty where they are very many
    failure: Failure | None = None  # never stored


@dataclass(frozen=True)
class Labels(Json):
    """What a person wrote on a run; the tags in their order."""

    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        return {**asdict(self), "tags": list(self.tags)}


@dataclass(frozen=True)
class Run:
    """One training of one config."""

    id: int
    source: Source
    config: Config  # as it stands, with the changes made while it trained
    status: Status
    origin: str = ""
    owner: str | None = None
    created: float = 0.0
    started: float | None = None
    ended: float | None = None
    seconds: float = 0.0
    epoch: int = 0
    diverged_at: int | None = None
    problem: ProblemFacts | None = None
    measured: dict[str, Any] | None = None  # the newest Measurement, by its fields
    failure: Failure | None = None
    has_state: bool = False  # stored, to go on from
    heeded: int = 0  # the id of the last command whose effect stands here
    labels: Labels = Labels()
    removed: float | None = None  # when it was put away, to be gone for good some days later
    best: BestEpoch | None = None  # so far, where patience watches
    branch: Branch | None = None  # where its first weights are from, if not from its config

    @property
    def title(self) -> str:
        """The name that a person gave it, or else that of its dataset."""
        return self.labels.name or self.source.label

    @property
    def watched(self) -> bool:
        """Whether it is a script of the person's own; ``epoch`` then counts backward passes."""
        return self.origin == WATCHED

    @property
    def resumable(self) -> bool:
        """Whether anybody may take it up: from its stored state, or anew where it has none.

        One that was stopped is never begun anew: what it learned would be lost. A script is only run again.
        """
        if self.watched:
            return False
        rests = self.status in (Status.INTERRUPTED, Status.PAUSED)
        return self.owner is None and (rests or (self.status is Status.STOPPED and self.has_state))

    @property
    def extendable(self) -> bool:
        """Whether it has ended by itself, and can go on for more epochs."""
        return self.status is Status.FINISHED and self.has_state and not self.watched

    @property
    def shown_best(self) -> BestEpoch | None:
        """The epoch that is measured and shown in place of the last, once it has ended with patience."""
        if self.best is None or self.status not in (Status.FINISHED, Status.STOPPED):
            return None
        return self.best if self.measured and self.measured.get("epoch") == self.best.epoch else None

    @property
    def epochs_per_second(self) -> float | None:
        """Mean speed of training alone."""
        return self.epoch / self.seconds if self.seconds > 0 else None


@dataclass(frozen=True)
class LossChunk:
    """Training losses of consecutive epochs; ``values`` is empty where only the summary was asked."""

    first_epoch: int
    count: int
    lowest: float | None
    highest: float | None
    values: array[float]


@dataclass(frozen=True)
class SnapshotRow:
    """What was measured at an epoch, with the weights (float32, in the order of the features).

    Of more than two classes ``weights`` are those of the first and its bias, then those of the next, up to
    the last bias, which is ``bias``.
    """

    epoch: int
    measurement: dict[str, Any]
    weights: array[float]
    bias: float

    def by_class(self, classes: int) -> list[list[float]]:
        """The weights of each class, its bias last; of two classes those of the second alone."""
        theta = [*self.weights, self.bias]
        each = len(theta) // logit_count(classes)
        return [theta[start : start + each] for start in range(0, len(theta), each)]


@dataclass(frozen=True)
class Sweep:
    """One dataset under many configs: what was asked, and each point as far as it is."""

    id: int
    plan: SweepPlan
    status: Status
    owner: str | None
    seconds: float
    progress: float  # share of all epochs that is done
    points: list[Point]
    failure: Failure | None
