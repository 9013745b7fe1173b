"""Which cases count: whether a fault does harm, and whether a run that is called healthy is.

A case that fails its gate is either a healthy control (an injected fault that does no harm) or void: a
question without a known answer, which is left out and counted as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from lrtui.core.training.problem import problem_of
from tests.benchmarks.doctor import runs
from tests.benchmarks.doctor.records import Level, Setup
from tests.benchmarks.doctor.runs import Outcome

Kind = Literal["fault", "double", "information", "control", "harmless", "void"]
FALL = 0.05  # of balanced accuracy: less does no harm


@dataclass(frozen=True)
class Gate:
    """What becomes of a case: its kind, and why where that is not what it was made for.

    ``near``: of a harmless fault, whether the training loss, too, is near the best that can be had. Where
    it is not, the run answers well and yet has not learned what it could.
    """

    kind: Kind
    why: str = ""
    near: bool = True


COUNTS = Gate("fault")


def harmed(clean: Outcome, faulty: Outcome) -> bool:
    """Balanced accuracy falls by 0.05 at least, or a single label appears."""
    fell = clean.level.balanced_accuracy - faulty.level.balanced_accuracy >= FALL - 1e-9
    return fell or (faulty.single_label and not clean.single_label)


def sound(setup: Setup) -> str:
    """Empty where an unfaulted run is as good as a linear model can be, and that is worth something.

    Otherwise what is wrong with it. Its training loss is near the optimum's (a tenth of the way from the
    base rate's, or 0.03 nats), its balanced accuracy is at most 0.05 below, and over 0.6.
    """
    found, best = runs.run(setup), runs.optimum(setup)
    if setup.config.class_weight == "none" and not near(setup, found, best):
        return f"the unfaulted run ends at {found.train_loss:.3g}, the optimum is {best.train_loss:.3g}"
    if found.single_label:
        return "the unfaulted run predicts one label"
    accuracy = found.level.balanced_accuracy
    if accuracy < max(0.6, best.level.balanced_accuracy - FALL):
        return f"the unfaulted run's balanced accuracy is {accuracy:.3f}"
    return ""


def near(setup: Setup, found: Outcome, best: Outcome) -> bool:
    """Whether a training loss is a tenth of the way, or 0.03 nats, from the optimum's."""
    slack = max(0.1 * (runs.base_loss(setup) - best.train_loss), 0.03)
    return found.train_loss <= best.train_loss + slack


def harm(clean: Setup, faulty: Setup) -> Gate:
    """For faults of the settings, by what they do to the run."""
    wrong = sound(clean)
    if wrong:
        return Gate("void", wrong)
    found = runs.run(faulty)
    return COUNTS if harmed(runs.run(clean), found) else _harmless(faulty, found)


def _harmless(faulty: Setup, found: Outcome) -> Gate:
    is_near = near(faulty, found, runs.optimum(faulty))
    return Gate("harmless", "balanced accuracy hardly falls", is_near)


def harm_or_void(clean: Setup, faulty: Setup) -> Gate:
    """The same; a shift of the test part that does no harm is still a shift, so it is no control."""
    found = harm(clean, faulty)
    return Gate("void", found.why) if found.kind == "harmless" else found


def always(clean: Setup, faulty: Setup) -> Gate:
    """For faults that are there whatever the run does: cells that hold no number, one class, no signal."""
    return COUNTS


def nothing_to_learn(clean: Setup, faulty: Setup) -> Gate:
    """The best linear model is hardly better than a constant, too."""
    best = runs.optimum(faulty)
    if best.single_label or best.level.balanced_accuracy <= 0.6:
        return COUNTS
    return Gate("void", "the few rows can be told apart")


def leak(clean: Setup, faulty: Setup) -> Gate:
    """The last column ranks the classes perfectly, no other nearly so, nor do all others together."""
    X, y = np.asarray(faulty.dataset.X), faulty.dataset.y
    alone = [_auc(X[:, i], y) for i in range(X.shape[1])]
    if alone[-1] < 0.9999:
        return Gate("void", "the copy is too noisy")
    if max(alone[:-1]) >= 0.97 or runs.optimum(clean).auc >= 0.99:
        return Gate("void", "the other columns give the answer, too")
    return COUNTS


def imbalance(clean: Setup, faulty: Setup) -> Gate:
    """At 0.5 hardly a positive is found, though ranking works and the base rate as threshold would help."""
    wrong = sound(clean)
    if wrong:
        return Gate("void", wrong)
    found = runs.run(faulty)
    if not harmed(runs.run(clean), found):
        return _harmless(faulty, found)
    best = runs.optimum(faulty.having(threshold="base-rate"))
    if int(problem_of(faulty.dataset, faulty.config).y_train.sum()) < 10:
        return Gate("void", "fewer than ten positives to learn from")
    if best.auc < 0.7 or best.level.balanced_accuracy < found.level.balanced_accuracy + FALL:
        return Gate("void", "no threshold helps")
    return COUNTS


def more_rows_help(clean: Setup, faulty: Setup) -> Gate:
    """What is learned from the few rows is worse on all others, by 0.05 of balanced accuracy at least."""
    whole = runs.optimum(clean).level.balanced_accuracy
    few = problem_of(faulty.dataset, faulty.config, single=False)
    everywhere = clean.dataset.X
    design = np.column_stack([few.features.apply(everywhere), np.ones(len(everywhere))])
    said = design @ runs.solve(few) > 0
    y = clean.dataset.y
    here = float(np.mean([(said == bool(label))[y == label].mean() for label in (0, 1)]))
    if whole - here >= FALL:
        return COUNTS
    return Gate("void", f"the few rows are enough: {here:.3f} against {whole:.3f}")


def curved(clean: Setup, faulty: Setup) -> Gate:
    """A flexible model's cross-validated balanced accuracy is better by 0.05 at least."""
    line, bent = cross_validated(faulty)
    if bent - line >= FALL:
        return COUNTS
    return Gate("void", f"a flexible model gets {bent:.3f}, a linear one {line:.3f}")


def separable(clean: Setup, faulty: Setup) -> Gate:
    """A hyperplane parts the training rows, and the run answers well: information, and no alarm."""
    best = runs.optimum(faulty)
    if best.train_loss < 0.05 and not sound(faulty):
        return Gate("information")
    return Gate("void", "the classes overlap")


def healthy(setup: Setup) -> Gate:
    """A control must be what it is called: near the optimum, and no flexible model much better."""
    wrong = sound(setup)
    if wrong:
        return Gate("void", wrong)
    line, bent = cross_validated(setup)
    if bent - line >= FALL:
        return Gate("void", "a flexible model does better")
    return Gate("control")


def cross_validated(setup: Setup) -> tuple[float, float]:
    """Balanced accuracy on held-out training rows: of logistic regression, and of the better of two others.

    These are gradient boosting and a support vector machine with a Gaussian kernel.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    problem = problem_of(setup.dataset, setup.config, single=False)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    boosting = HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=8, random_state=0)

    def score(model: Any) -> float:
        found = cross_val_score(
            make_pipeline(StandardScaler(), model), problem.X_train, problem.y_train,
            cv=folds, scoring="balanced_accuracy",
        )  # fmt: skip
        return float(found.mean())

    return score(LogisticRegression(max_iter=1_000)), max(score(boosting), score(SVC()))


def _auc(column: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> float:
    from sklearn.metrics import roc_auc_score

    found = float(roc_auc_score(y, column))
    return max(found, 1 - found)


GATES = {
    "harm": harm,
    "harm-or-void": harm_or_void,
    "always": always,
    "nothing-to-learn": nothing_to_learn,
    "leak": leak,
    "imbalance": imbalance,
    "more-rows-help": more_rows_help,
    "curved": curved,
    "separable": separable,
}


def reached(level: Level, goals: tuple[Level, ...]) -> bool:
    """Whether a level is as good as any of the goals."""
    return any(level.as_good_as(goal) for goal in goals)
