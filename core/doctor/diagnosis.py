"""What the doctor says: plain records that travel as JSON, without torch or NumPy for the dashboard."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from lrtui.core.training.measurement import Counts

Values = dict[str, Any]
PATCH = "patch"  # in the fix of a script: the files that it changes, in words
TOLD = (
    "status", "single_label", "majority_label", "majority_share", "cause", "findings", "ruled_out", "fix",
    "before", "after", "reference", "seconds",
)  # fmt: skip
TOLD_OF_TRIAL = ("train_loss", "test_loss", "test_balanced_accuracy", "majority_share")


class Health(StrEnum):
    """The verdict in a word."""

    HEALTHY = "healthy"
    IMPROVABLE = "improvable"  # the labels are fine, the probabilities are not
    SICK = "sick"  # the labels are not, and a fix is proved
    UNLEARNABLE = "unlearnable"  # no setting makes it learn
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
    findings: tuple[Finding, ...] = ()
    ruled_out: tuple[RuledOut, ...] = ()
    fix: Values | None = None
    before: Scores = Scores()
    after: Scores | None = None
    reference: Scores | None = None
    seconds: float = 0.0
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
        told = {**asdict(self), "status": str(self.status), "cause": self.cause}
        told["findings"] = [_finding(finding) for finding in told["findings"]]
        return {name: list(told[name]) if name == "ruled_out" else told[name] for name in TOLD}

    @classmethod
    def from_dict(cls, data: Values) -> Diagnosis:
        """The diagnosis that ``asdict`` told.

        Raises:
            ValueError: it is no such diagnosis.
        """
        return _record().validate_python(data)


@cache
def _record() -> TypeAdapter[Diagnosis]:
    return TypeAdapter(Diagnosis)  # takes a while to make, and is needed with the first diagnosis


def _finding(told: Values) -> Values:
    trial = told["trial"] and {name: told["trial"][name] for name in TOLD_OF_TRIAL}
    return {**{name: value for name, value in told.items() if name != "remark"}, "trial": trial}
