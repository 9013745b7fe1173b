"""What an entry of the catalogue is: a cause's name, when it is asked, and what it measures and tries.

The entries stand in ``causes/``; ``catalogue.py`` finds them there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from enum import IntEnum
from math import inf

from lrtui.core.config import Config
from lrtui.core.doctor.case import Case
from lrtui.core.doctor.diagnosis import Diagnosis, Finding, Health, Values
from lrtui.core.doctor.figures import Evidence
from lrtui.core.doctor.trials import Trial, TrialRunner
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import TargetError


class Stage(IntEnum):
    """When a cause is asked; the stages follow one another, as far as a diagnosis gets."""

    SOURCE = 0  # a file's target that is not fit to be learned: a ``SourceCause``
    ADMISSION = 1  # what must be mended before a run can be trained: a ``ProblemCause``
    TARGET = 2  # a problem that no run can be trained on: a ``ProblemCause``, which ends the diagnosis
    DATA = 3  # data on which no training makes sense as it is; the first that settles the verdict ends it
    SIGNAL = 4  # whether the labels depend on the features at all
    TRAINING = 5  # training that did not get as far as it can: a ``Setting``
    ANSWERS = 6  # poor answers of a run that got as far as it can
    INFORMATION = 7  # what is worth knowing of a healthy run


@dataclass(frozen=True)
class Cause:
    """What every entry has. One that is asked at two stages has an entry for each, of the same id.

    Attributes:
        id, title: as people know it; ids are part of the JSON.
        stage, rank: when it is asked; within a stage by rank, the lowest first.
        after: ids, of which each must have been found before. unless: ids, of which none may have been.
        binary: asked of two classes alone (true), of more than two alone (false), of either (``None``).
        first: told before all other findings, whenever it is found.
        grave: whether a run is sick with it whatever it scores.
        undecided: how the verdict goes on where this stands first and nothing can be told.
        hides: its fix changes the answers and not the weights, so that what a setting wins may show only
            once this is put right too.
    """

    id: str
    title: str
    stage: Stage
    rank: int
    _: KW_ONLY
    after: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    binary: bool | None = None
    first: bool = False
    grave: bool = False
    undecided: str = ""
    hides: bool = False

    def applies(self, *, binary: bool, known: set[str]) -> bool:
        """Whether it is asked of so many classes, where the causes ``known`` have been found."""
        fits = self.binary is None or self.binary is binary
        return fits and known.issuperset(self.after) and known.isdisjoint(self.unless)

    def finding(self, found: Found) -> Finding:
        """What was found, under this cause's name."""
        return Finding(
            self.id,
            self.title,
            found.sentence,
            found.evidence,
            found.fix,
            proved=found.fix is not None and found.trial is not None,
            trial=None if found.trial is None else found.trial.scores,
            remark=found.remark,
        )


@dataclass(frozen=True)
class Found:
    """A cause that is there.

    Attributes:
        sentence: what is wrong, for a student. evidence: what was measured; every number finite.
        fix: the change that heals; ``None`` where no setting does.
        trial: the run with that change (or, where none is offered, the run to go on with). remark: on it.
        settles: the verdict, where this decides it.
        dataset: what the dataset must be for a run to be trained.
    """

    sentence: str
    evidence: Evidence
    fix: Values | None = None
    trial: Trial | None = None
    remark: str = ""
    settles: Health | None = None
    dataset: Dataset | None = None


@dataclass(frozen=True, kw_only=True)
class RunCause(Cause):
    """A cause that is asked of a run. ``ask`` measures, applies its rule, and tries its fix."""

    ask: Callable[[Case], Found | None]


@dataclass(frozen=True, kw_only=True)
class ProblemCause(Cause):
    """A cause that is asked before there is a run.

    ``ask`` may raise ``DatasetError`` where nothing that it knows lets the dataset be prepared.
    """

    ask: Callable[[TrialRunner, Config], Found | None]


@dataclass(frozen=True)
class Target:
    """A file's target that does not hold two classes.

    Attributes:
        error: how it was refused.
        recoded: the diagnosis with one of its values against the rest.
    """

    error: TargetError
    recoded: Callable[[str], Diagnosis]

    @property
    def values(self) -> list[str]:
        """Those that it has, the commonest first."""
        counts = self.error.counts
        return sorted(counts, key=lambda value: (-counts[value], value))


@dataclass(frozen=True, kw_only=True)
class SourceCause(Cause):
    """A cause that is asked of a file whose target is not fit."""

    ask: Callable[[Target], Found | None]


@dataclass(frozen=True, kw_only=True)
class Setting(Cause):
    """A setting that can keep training from what could be had; ``search.py`` tries its changes.

    Of several that heal alone, the more particular is named, which has the lower rank: a saturated sigmoid
    is a bad start too, but not the other way round.

    Attributes:
        of_features: about the numbers that the model sees, and so decides what the other settings mean:
            tried first beside others, and never two at once.
        rather: a more particular cause, named instead where its proof heals beside the other changes too.
    """

    of_features: bool = False
    rather: Setting | None = None

    def evidence(self, case: Case) -> Evidence:
        """What is measured of a case, by name; every number finite."""
        raise NotImplementedError

    def cleared(self, case: Case, evidence: Evidence) -> str | None:
        """Why it is not to blame; ``None`` where the evidence allows this cause."""
        raise NotImplementedError

    def changes(self, case: Case) -> list[Values]:
        """Values to try, the preferred first; empty where there is nothing to change."""
        raise NotImplementedError

    def sentence(self, case: Case, evidence: Evidence, fix: Values) -> str:
        """What is wrong, for a student, given evidence and the values that healed."""
        raise NotImplementedError

    def instead(self, case: Case) -> list[Values]:
        """Another way of training, to be tried where nothing that people change first heals."""
        return []

    def proof(self, case: Case) -> list[Values]:
        """Values that must heal besides, for causes that are told apart by experiment."""
        return []

    def weight(self, case: Case) -> float:
        """How far the setting is from what it should be, in factors of ten.

        Of several that heal alone, the heaviest is named, and those listed first win ties.
        """
        return inf
