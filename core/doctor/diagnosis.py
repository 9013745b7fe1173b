"""What the doctor says: plain records that travel as JSON, without torch or NumPy for the dashboard."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Self

from lrtui.core.training.measurement import Counts

Values = dict[str, Any]


class Health(StrEnum):
    """The verdict in a word."""

    HEALTHY = "healthy"
    SICK = "sick"  # and a fix is proved
    UNLEARNABLE = "unlearnable"  # no setting can help
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True)
class Scores:
    """What a model scores; ``None`` where there is no number (a loss that is not finite, one class only).

    Attributes:
        train_loss, test_loss: mean log-loss in nats, with the config's class weights.
        test_accuracy, test_balanced_accuracy: at the config's threshold.
        test_auc: area under the ROC curve, of more than two classes the mean of each against the rest.
        majority_share: of the label that the test rows get most often.
    """

    train_loss: float | None = None
    test_loss: float | None = None
    test_accuracy: float | None = None
    test_balanced_accuracy: float | None = None
    test_auc: float | None = None
    majority_share: float | None = None

    @classmethod
    def from_dict(cls, data: Values) -> Self:
        """The scores that ``asdict`` told."""
        return cls(**{field.name: data.get(field.name) for field in fields(cls)})


@dataclass(frozen=True)
class Finding:
    """A cause, its evidence, a fix, and the trial that proves it.

    Attributes:
        cause: id in the catalogue. title: its name. sentence: what is wrong, for a student.
        evidence: measured numbers by name.
        fix: the change that heals; ``None`` where no setting does.
        proved: whether the change was trained and seen to heal.
        closure: the share of the gap to the reference that this change alone closes.
        trial: what the run with this change alone scored.
        remark: how the trial was cut short, or what else must be known; may be empty.
    """

    cause: str
    title: str
    sentence: str
    evidence: dict[str, float]
    fix: Values | None = None
    proved: bool = False
    closure: float | None = None
    trial: Scores | None = None
    remark: str = ""


@dataclass(frozen=True)
class RuledOut:
    """A cause that was looked at, and why it is not to blame."""

    cause: str
    why: str


@dataclass(frozen=True)
class Diagnosis:
    """The whole letter.

    Attributes:
        status: the verdict in a word. verdict: in a sentence or two, for a student.
        single_label: whether all test rows (but 2 % at most) get one label.
        majority_label, majority_share: the label that they get most often, and how many get it.
        findings: the first is the cause. ruled_out: what was looked at and is not to blame.
        fix: the changes of all proved findings together; ``None`` where there is nothing to change.
        before: the run's scores. after: with the whole fix. reference: of the best linear model.
        seconds: that the doctor took, the run itself not counted.
        notes: what must be said of the method here, such as rows that were sampled.
        before_histogram, after_histogram: test rows by p(y = 1), by true class, as measured; of more than
            two classes by predicted and by true class.
        class_names: of more than two classes, to which the histograms belong.
    """

    status: Health
    verdict: str
    single_label: bool
    majority_label: str
    majority_share: float | None
    findings: tuple[Finding, ...]
    ruled_out: tuple[RuledOut, ...]
    fix: Values | None
    before: Scores
    after: Scores | None
    reference: Scores | None
    seconds: float
    notes: tuple[str, ...] = ()
    before_histogram: Counts | None = None
    after_histogram: Counts | None = None
    class_names: tuple[str, ...] = ()

    @property
    def cause(self) -> str | None:
        """The id of the first finding."""
        return self.findings[0].cause if self.findings else None

    def to_json(self) -> Values:
        """The object of ``lrtui diagnose --json``."""
        return {
            "status": str(self.status),
            "single_label": self.single_label,
            "majority_label": self.majority_label,
            "majority_share": self.majority_share,
            "cause": self.cause,
            "findings": [_finding(finding) for finding in self.findings],
            "ruled_out": [asdict(item) for item in self.ruled_out],
            "fix": self.fix,
            "before": asdict(self.before),
            "after": None if self.after is None else asdict(self.after),
            "reference": None if self.reference is None else asdict(self.reference),
            "seconds": self.seconds,
        }

    def to_dict(self) -> Values:
        """All of it, for the store."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Values) -> Self:
        """The diagnosis that ``to_dict`` told."""

        def scores(name: str, of: Values) -> Scores | None:
            return None if of[name] is None else Scores.from_dict(of[name])

        findings = tuple(Finding(**{**item, "trial": scores("trial", item)}) for item in data["findings"])
        return cls(
            **{
                **data,
                "status": Health(data["status"]),
                "findings": findings,
                "ruled_out": tuple(RuledOut(**item) for item in data["ruled_out"]),
                "before": Scores.from_dict(data["before"]),
                "after": scores("after", data),
                "reference": scores("reference", data),
                "notes": tuple(data["notes"]),
                "class_names": tuple(data.get("class_names", ())),
                **{name: _counts(data.get(name)) for name in ("before_histogram", "after_histogram")},
            }
        )


def _counts(data: Any) -> Counts | None:
    return None if data is None else (tuple(data[0]), tuple(data[1]))


def _finding(finding: Finding) -> Values:
    told = ("cause", "title", "sentence", "evidence", "fix", "proved", "closure")
    trial = None
    if finding.trial is not None:
        kept = ("train_loss", "test_loss", "test_balanced_accuracy", "majority_share")
        trial = {name: getattr(finding.trial, name) for name in kept}
    return {**{name: getattr(finding, name) for name in told}, "trial": trial}
