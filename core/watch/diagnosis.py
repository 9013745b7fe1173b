"""What is said of a script: findings with their proof, and the whole patch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lrtui.core.doctor.diagnosis import Health, RuledOut
from lrtui.core.watch.finding import Finding, Place
from lrtui.core.watch.scores import Scores
from lrtui.core.watch.wording import evidence, sentence, title

WHERE = {
    "shape-broadcast": ("loss",),
    "no-zero-grad": ("backward",),
    "no-step": ("backward",),
    "double-activation": ("layer", "activation", "loss"),
    "missing-activation": ("loss",),
    "detached": ("cut", "loss"),
    "wrong-parameters": ("optimizer",),
    "frozen": ("frozen", "layer", "parameter", "model"),
    "metric-wrong": ("compare",),
    "one-column-argmax": ("compare",),
    "one-output-softmax": ("layer", "activation"),
    "target-coding": ("target", "loss"),
    "cross-entropy-one-logit": ("loss",),
    "relu-before-sigmoid": ("layer", "activation"),
    "no-nonlinearity": ("layer",),
    "eval-mode": ("forward",),
    "train-mode": ("evaluate",),
    "non-finite": ("operation", "target", "forward"),
    "not-shuffled": ("loader", "forward"),
    "threshold": ("compare",),
    "imbalance": ("loss",),
    "unscaled": ("forward",),
    "uncentred": ("forward",),
    "outliers": ("forward",),
    "bad-init": ("init", "model", "parameter"),
    "saturated": ("init", "loss"),
    "dead-relu": ("init", "model"),
    "too-few-epochs": ("backward",),
    "batch-too-small": ("loader", "forward"),
}


@dataclass(frozen=True)
class Said:
    """A finding with what became of its patch.

    Attributes:
        patch: the unified diff, or ``None`` where no safe edit exists.
        proved: whether the script was run with it and answered as it should.
    """

    finding: Finding
    patch: str | None = None
    proved: bool = False
    before: Scores | None = None
    after: Scores | None = None

    @property
    def where(self) -> Place | None:
        """The one place that a person should look at."""
        names = (*WHERE.get(self.finding.cause, ()), "optimizer", "step", "loss", "forward", "backward")
        return next((self.finding.places[name][0] for name in names if self.finding.places.get(name)), None)

    def to_json(self) -> dict[str, Any]:
        """As ``lrtui watch --json`` has it."""
        place = self.where
        return {
            "cause": self.finding.cause,
            "title": title(self.finding),
            "sentence": sentence(self.finding),
            "evidence": evidence(self.finding),
            "where": place and {"file": place.file, "line": place.line},
            "patch": self.patch,
            "proved": self.proved,
            "before": self.before and self.before.to_json(),
            "after": self.after and self.after.to_json(),
        }


@dataclass(frozen=True)
class ScriptDiagnosis:
    """The whole letter on a script.

    Attributes:
        sources: the new texts of the files that the whole patch changes, by path.
        notes: what must be said of the run besides.
        written: files outside of its folder that the script wrote, for which it is not run again.
    """

    status: Health
    verdict: str
    before: Scores
    findings: tuple[Said, ...] = ()
    ruled_out: tuple[RuledOut, ...] = ()
    patch: str | None = None
    after: Scores | None = None
    reruns: int = 0
    seconds: float = 0.0
    sources: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    written: tuple[str, ...] = ()

    @property
    def cause(self) -> str | None:
        """The first finding's id."""
        return self.findings[0].finding.cause if self.findings else None

    def to_json(self) -> dict[str, Any]:
        """The object of ``lrtui watch --json``."""
        return {
            "status": str(self.status),
            "single_label": self.before.one_label,
            "cause": self.cause,
            "findings": [said.to_json() for said in self.findings],
            "ruled_out": [{"cause": entry.cause, "why": entry.why} for entry in self.ruled_out],
            "patch": self.patch,
            "before": self.before.to_json(),
            "after": self.after and self.after.to_json(),
            "reruns": self.reruns,
            "seconds": round(self.seconds, 3),
            "written": list(self.written),
            "notes": list(self.notes),
        }
