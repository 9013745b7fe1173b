"""Which cases count, and as what: by the two axes of health, and by nothing that the doctor computes.

A fault that leaves both axes fine is a healthy control. A question whose answer is not known is void: left
out, and counted as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from lrtui.core.training.problem import problem_of
from tests.benchmarks.doctor import flexible, runs
from tests.benchmarks.doctor.axes import BAND, BELOW, axes
from tests.benchmarks.doctor.records import Setup
from tests.benchmarks.doctor.reference import Reference, reference, standardized

Kind = Literal["fault", "double", "information", "signal", "control", "harmless", "void"]
WORTH = 0.6  # of balanced accuracy: a reference below it is hardly worth a run
PLAIN_SIGNAL = 1e-6  # p of the likelihood ratio that no luck explains
A_SIGNAL = 1e-4  # and one that hardly any does
BENDS = 0.03  # of balanced accuracy: where a flexible model gains so much, a line may be called wrong
BEYOND_LUCK = 3.5  # standard errors


@dataclass(frozen=True)
class Gate:
    """What becomes of a case.

    Attributes:
        kind: ``signal`` is a run that is not quite well on data that do hold a signal.
        why: it is not what it was made for. expected: the verdict that is owed, where it is known.
    """

    kind: Kind
    why: str = ""
    expected: str = ""


COUNTS = Gate("fault")


def sound(setup: Setup) -> str:
    """Empty where both axes of an unfaulted run are fine, and it is worth something; else what is wrong."""
    found, best = axes(setup), reference(setup)
    if not found.fine or found.doubtful:
        return f"the unfaulted run: {found}"
    if best.level.balanced_accuracy < WORTH and flexible.chance(setup) > PLAIN_SIGNAL:
        return f"the reference's balanced accuracy is {best.level.balanced_accuracy:.3f}"
    return ""


def straight(setup: Setup) -> str:
    """Empty where no flexible model does clearly better than a line, in labels or in probabilities."""
    line, bent = flexible.gain(setup)
    if bent - line >= BENDS:
        return f"a flexible model gets {bent:.3f}, a linear one {line:.3f}"
    line, bent = flexible.loss(setup)
    return "" if line - bent < reference(setup).slack else f"products lose {bent:.3f}, a line {line:.3f}"


def harm(clean: Setup, faulty: Setup) -> Gate:
    """For faults that the axes show."""
    if wrong := sound(clean):
        return Gate("void", wrong)
    found = axes(faulty)
    if found.doubtful:
        return Gate("void", f"on a bar: {found}")
    if not found.fine:
        return Gate("fault", expected=found.status)
    if wrong := straight(clean):
        return Gate("void", wrong)
    return Gate("harmless", str(found), "healthy")


def always(clean: Setup, faulty: Setup) -> Gate:
    """For faults that are there whatever the run does: cells that hold no number, one class."""
    wrong = sound(clean)
    return Gate("void", wrong) if wrong else COUNTS


def no_signal(clean: Setup, faulty: Setup) -> Gate:
    """Labels that by luck seem to depend on the columns are no question."""
    p = flexible.chance(faulty)
    return Gate("void", f"by luck, p = {p:.3f}") if p < 0.02 else COUNTS


def nothing_to_learn(clean: Setup, faulty: Setup) -> Gate:
    """The best linear model is hardly better than a constant, too."""
    accuracy = reference(faulty).level.balanced_accuracy
    return COUNTS if accuracy <= WORTH else Gate("void", "the few rows can be told apart")


def leak(clean: Setup, faulty: Setup) -> Gate:
    """The new columns rank the classes all but perfectly, no other nearly so, nor all others together."""
    if wrong := sound(clean):
        return Gate("void", wrong)
    alone = [_auc(column, clean.dataset.y) for column in np.asarray(clean.dataset.X).T]
    if max(alone) >= 0.97 or reference(clean).ridge.auc >= 0.98:
        return Gate("void", "the other columns give the answer, too")
    if reference(faulty).ridge.auc < 0.99:
        return Gate("void", "the copy is too noisy")
    return COUNTS


def imbalance(clean: Setup, faulty: Setup) -> Gate:
    """At 0.5 hardly a positive is found, though ranking works and the base rate as threshold helps."""
    found = harm(clean, faulty)
    if found.kind != "fault":
        return found
    y = reference(faulty).ridge
    if int(y.y_train.sum()) < 10 or int(y.y_test.sum()) < 4:
        return Gate("void", "too few positives to learn from, or to tell by")
    gained = reference(faulty).level.balanced_accuracy - runs.run(faulty).level.balanced_accuracy
    if y.auc < 0.7 or gained < BELOW + BAND:
        return Gate("void", "no threshold helps")
    return found


def more_rows_help(clean: Setup, faulty: Setup) -> Gate:
    """What is learned from the few rows is worse on all others, by 0.05 of balanced accuracy at least."""
    from sklearn.linear_model import LogisticRegression

    whole = reference(clean).level.balanced_accuracy
    few = problem_of(faulty.dataset, faulty.config, single=False)
    everywhere = few.features.apply(clean.dataset.X)
    here, there = standardized(np.asarray(few.X_train), np.asarray(everywhere))
    model = LogisticRegression(C=1e4 / len(here), max_iter=2_000).fit(here, few.y_train)
    level = runs.balanced_accuracy(model.predict(there), clean.dataset.y)
    if whole - level >= BELOW:
        return COUNTS
    return Gate("void", f"the few rows are enough: {level:.3f} against {whole:.3f}")


def curved(clean: Setup, faulty: Setup) -> Gate:
    """A flexible model's cross-validated balanced accuracy is better by 0.05 at least."""
    line, bent = flexible.gain(faulty)
    if bent - line >= BELOW:
        return Gate("fault", expected="sick")
    return Gate("void", f"a flexible model gets {bent:.3f}, a linear one {line:.3f}")


def separable(clean: Setup, faulty: Setup) -> Gate:
    """A hyperplane parts the training rows, and the run answers well: information, and no alarm."""
    if reference(faulty).loss < 0.005 and not sound(faulty):
        return Gate("information", expected="healthy")
    return Gate("void", "the classes overlap")


def wrecked(clean: Setup, faulty: Setup) -> Gate:
    """The reference itself does far worse on the test part than on held-out training rows, beyond luck."""
    if wrong := sound(clean):
        return Gate("void", wrong)
    best = reference(faulty)
    apart = _luck(best)
    cost = best.ridge.level.loss - reference(clean).ridge.level.loss
    fell = runs.run(clean).level.balanced_accuracy - runs.run(faulty).level.balanced_accuracy
    if apart >= BEYOND_LUCK and (cost > 2 * best.slack or fell >= 2 * BELOW):
        return COUNTS
    return Gate("void", f"{apart:.1f} standard errors, loss {cost:+.3f}, balanced accuracy {-fell:+.3f}")


def overfits(clean: Setup, faulty: Setup) -> Gate:
    """The training rows are learned at least as well as the ridge has them, and the test rows worse."""
    found, best = axes(faulty), reference(faulty)
    if best.level.balanced_accuracy < WORTH:
        return Gate("void", f"the reference's balanced accuracy is {best.level.balanced_accuracy:.3f}")
    if found.fine or found.doubtful:
        return Gate("void", str(found))
    if runs.run(faulty).train_loss > best.ridge.train_loss - 0.02:
        return Gate("void", "the training rows are not learned better than with the ridge")
    return Gate("fault", expected=found.status)


def stiff(clean: Setup, faulty: Setup) -> Gate:
    """The run is not where it could be, and the reference is worth going to."""
    found = axes(faulty)
    if reference(faulty).level.balanced_accuracy < WORTH or found.fine or found.doubtful:
        return Gate("void", str(found))
    return Gate("fault", expected=found.status)


def healthy(setup: Setup) -> Gate:
    """A control: both axes fine, and no flexible model much better."""
    wrong = sound(setup) or straight(setup)
    return Gate("void", wrong) if wrong else Gate("control", expected="healthy")


def weak(setup: Setup) -> Gate:
    """Signal that is weak and beyond luck: a control where the run is well, else never ``no signal``."""
    if (p := flexible.chance(setup)) > A_SIGNAL:
        return Gate("void", f"the signal may be luck, p = {p:.1g}")
    found = axes(setup)
    if found.fine and not found.doubtful:
        return Gate("control", expected="healthy")
    return Gate("signal", str(found))


def _luck(best: Reference) -> float:
    """How many standard errors the ridge's test loss lies above what it loses on held-out training rows."""
    here = best.ridge
    test = here.test_weight * runs.row_losses(here.test, here.y_test)
    train = best.held_out
    error = np.hypot(test.std() / np.sqrt(len(test)), train.std() / np.sqrt(len(train)))
    return float((test.mean() - train.mean()) / max(error, 1e-12))


def _auc(column: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> float:
    found = runs.auc(column, y)
    return max(found, 1 - found)


GATES = {
    "harm": harm,
    "always": always,
    "no-signal": no_signal,
    "nothing-to-learn": nothing_to_learn,
    "leak": leak,
    "imbalance": imbalance,
    "more-rows-help": more_rows_help,
    "curved": curved,
    "separable": separable,
    "wrecked": wrecked,
    "overfits": overfits,
    "stiff": stiff,
}
