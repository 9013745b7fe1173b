"""Features that lie badly: unscaled, or far from zero."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from lrtui.core.config import Config, changed
from lrtui.core.doctor.case import Case
from lrtui.core.doctor.cause import Found, ProblemCause, Setting, Stage
from lrtui.core.doctor.diagnosis import Values
from lrtui.core.doctor.figures import HEALED, Evidence, finite, short
from lrtui.core.doctor.trials import TrialRunner
from lrtui.core.doctor.view import View, moves
from lrtui.datasets.array_types import Floats
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.preparing.problem import Problem

WORSE = 10  # times: conditioning or size, against standardized features
SMALLEST = 1e-13  # of the largest singular value: what is below counts as no direction at all
OFF = 2.0  # standard deviations of a mean from zero


@dataclass(frozen=True)
class Conditioning:
    """The shape of the loss, as the features lie.

    Attributes:
        seen: condition number of ``X̃ᵀX̃ / n``, over the directions that hold anything.
        standardized: the same once every column has mean 0 and standard deviation 1.
        largest: ``λmax(X̃ᵀX̃) / n``; ``largest_standardized`` likewise.
        spread: largest standard deviation of a column over the smallest, constant columns left out.
        off_centre: largest ``|mean| / std`` of a column. widest: largest standard deviation.
        constant: the size of all columns together that always hold one number, beside the 1 of the bias.
    """

    seen: float
    standardized: float
    largest: float
    largest_standardized: float
    spread: float
    off_centre: float
    widest: float
    constant: float = 0.0

    @property
    def worse(self) -> float:
        """How many times worse conditioned the features are than they would be standardized."""
        return self.seen / self.standardized if self.standardized > 0 else inf


@np.errstate(over="ignore", invalid="ignore")
def conditioning(train: View) -> Conditioning:
    """Measure the columns of a training part; a constant one is another bias, of its own size."""
    X = train.X[:, :-1]
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    moving = moves(X)
    constant = float(np.linalg.norm(mean[~moving]))
    ones = np.ones((len(X), 1))
    _, largest = _condition(train.X)
    X, mean, deviation = X[:, moving], mean[moving], deviation[moving]
    seen, _ = _condition(np.hstack([X, np.hypot(ones, constant)]))  # biases in one direction act as one
    standardized, largest_standardized = _condition(np.hstack([(X - mean) / deviation, ones]))
    spread, off, widest = 1.0, 0.0, 1.0
    if len(deviation):
        spread, widest = float(deviation.max() / deviation.min()), float(deviation.max())
        off = float((np.abs(mean) / deviation).max())
    return Conditioning(seen, standardized, largest, largest_standardized, spread, off, widest, constant)


def _condition(X: Floats) -> tuple[float, float]:
    size = float(np.abs(X).max())
    if not size < 1e150:  # whose square is no number
        return inf, inf
    # As far as rounding lets it be seen.
    values = np.linalg.svd(X / size, compute_uv=False) / np.sqrt(len(X))
    kept = values[values > SMALLEST * values[0]]
    return float((kept[0] / kept[-1]) ** 2), float((values[0] * size) ** 2)


class _OfFeatures(Setting):
    def changes(self, case: Case) -> list[Values]:
        return [] if case.config.scaling == "standard" else [{"scaling": "standard"}]


class _Unscaled(_OfFeatures):
    def evidence(self, case: Case) -> Evidence:
        found = case.analysis.measured(conditioning)
        evidence = {
            "condition_number": found.seen,
            "condition_standardized": found.standardized,
            "largest_std": found.widest,
            "largest_std_over_smallest": found.spread,
        }
        if found.constant:
            evidence["constant_columns_size"] = found.constant
        if case.theory:
            stable = case.analysis.smoothness.stable_below(case.config.weight_decay)
            evidence |= {"lr_over_stable": case.rate / stable, "lr_for_this_scale": case.safe_rate}
        return finite(**evidence)

    def cleared(self, case: Case, evidence: Evidence) -> str | None:
        if case.config.scaling == "standard":
            return "The features have one scale already (they are standardized)."
        found = case.analysis.measured(conditioning)
        size = found.largest / max(found.largest_standardized, 1e-300)
        if found.worse >= WORSE or size >= WORSE or not 1 / WORSE < found.widest < WORSE:
            return None
        number = short(evidence["condition_number"])
        return (
            f"The scales of the columns are alike enough: the loss is {number} times as steep in its "
            "steepest direction as in its flattest."
        )

    def sentence(self, case: Case, evidence: Evidence, fix: Values) -> str:
        found = case.analysis.measured(conditioning)
        times = evidence.get("lr_over_stable", 0.0)
        small_or_large = not 1 / WORSE < found.widest < WORSE
        if found.constant >= WORSE * max(found.widest, 1.0):
            first = (
                f"A column that always holds the same number, {short(found.constant)}, tells the rows "
                "apart in nothing, but adds so much to every update that all predictions swing to one side."
            )
        elif found.spread >= WORSE:
            first = (
                f"The columns have very different scales: the widest varies {short(found.spread)} times as "
                "much as the narrowest, so no one learning rate suits them all."
            )
        elif small_or_large:
            size = "large" if found.widest >= WORSE else "small"
            first = (
                f"The columns hold very {size} numbers: the widest usually varies by "
                f"{short(found.widest)} (its standard deviation), where a learning rate is made for about "
                "1."
            )
        else:
            first = (
                f"As the columns lie, the loss is {short(found.seen)} times as steep in its steepest "
                "direction as in its flattest, so no one learning rate suits both; standardized, "
                f"{short(found.standardized)} times."
            )
        if times > 1:
            first += f" Each step is {short(times)} times too long for these scales."
        return f"{first} With every column brought to mean 0 and spread 1 (standardized) {HEALED}."


class _Uncentred(_OfFeatures):
    def evidence(self, case: Case) -> Evidence:
        found = case.analysis.measured(conditioning)
        return finite(mean_over_std=found.off_centre, condition_number=found.seen)

    def cleared(self, case: Case, evidence: Evidence) -> str | None:
        free = case.config.scaling not in ("standard", "center")
        if free and case.analysis.measured(conditioning).off_centre >= OFF:
            return None
        off = evidence.get("mean_over_std", 0.0)
        if off < 0.01:
            return "Every column has its mean at zero."
        return f"No column lies farther than {short(off)} times its usual spread from zero."

    def sentence(self, case: Case, evidence: Evidence, fix: Values) -> str:
        enough = (
            "Moving the columns to zero is enough: then" if self.proof(case) else "With the columns at zero"
        )
        return (
            f"A column lies {short(evidence['mean_over_std'])} times its usual spread (standard "
            "deviation) away from zero. So its weight moves the predictions of all rows at once, against "
            f"the bias, and each step swings them to one side. {enough} {HEALED}."
        )

    def proof(self, case: Case) -> list[Values]:
        return [{"scaling": "center"}] if case.config.scaling == "none" else []


def _too_large(lab: TrialRunner, config: Config) -> Found | None:
    if _all_finite(lab.problem(config)) or lab.dataset is None:
        return None
    for scaling in ("standard", "maxabs"):
        try:
            problem = lab.problem(changed(config, scaling=scaling))
        except DatasetError:
            continue  # too large for this scaling too
        if _all_finite(problem):
            largest = float(np.nanmax(np.abs(lab.dataset.X[np.isfinite(lab.dataset.X)])))
            sentence = (
                f"The largest number in the table is {short(largest)}, and the 32-bit numbers of training "
                f"end at 3.4e+38: it sees infinity there. With scaling = {scaling} all are numbers again."
            )
            return Found(sentence, {"largest": largest}, {"scaling": scaling})
    raise DatasetError(
        "The dataset holds numbers that are too large for any scaling.",
        "Divide the largest columns by a power of ten.",
    )


def _all_finite(problem: Problem) -> bool:
    return bool(np.isfinite(problem.design_train).all() and np.isfinite(problem.design_test).all())


TOO_LARGE = ProblemCause("unscaled", "Unscaled features", Stage.ADMISSION, rank=30, ask=_too_large)
UNCENTRED = _Uncentred("uncentred", "Features far from zero", Stage.TRAINING, rank=50, of_features=True)
UNSCALED = _Unscaled(
    "unscaled", "Unscaled features", Stage.TRAINING, rank=60, of_features=True, rather=UNCENTRED
)
