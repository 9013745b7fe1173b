"""A run as what it has learned: how rows are prepared, and the weights."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lrtui.core.errors import ExportError, LrtuiError
from lrtui.core.store import Run, Store
from lrtui.core.training.problem import problem_of
from lrtui.datasets.array_types import Floats, Indices
from lrtui.datasets.classes import is_binary
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.preparation import Preparation
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.progress import NOBODY, Progress
from lrtui.datasets.text import quote

SAME = 1e-3  # share of the rows that rounding may put on the other side of the threshold


@dataclass(frozen=True)
class TrainedModel:
    """What takes a row of a file to probabilities.

    Attributes:
        run: where it comes from. epoch: after which the weights are those.
        preparation: from cells to features. weights: (K, q), of two classes (1, q). bias: (K,).
        threshold: from which p(y = 1) on a row of two classes gets the label 1.
        test_loss: what was measured with these weights, where it was.
    """

    run: Run
    epoch: int
    preparation: Preparation
    weights: Floats
    bias: Floats
    threshold: float
    test_loss: float | None = None

    @property
    def class_names(self) -> tuple[str, ...]:
        """By the numbers of the classes."""
        return self.preparation.class_names

    @property
    def binary(self) -> bool:
        """Whether there are two classes."""
        return is_binary(len(self.class_names))

    def probabilities(self, features: Floats) -> Floats:
        """The probability of each class (n, K) of rows of features (n, q); NaN where a logit is none."""
        from scipy.special import expit, softmax  # commands that predict nothing go without

        with np.errstate(over="ignore", invalid="ignore"):
            z = features @ self.weights.T + self.bias
            found = np.hstack([expit(-z), expit(z)]) if self.binary else softmax(z, axis=1)
        return np.asarray(found, np.float64)

    def labels(self, probabilities: Floats) -> Indices:
        """The number of the class (n,) that each row gets."""
        if self.binary:
            return np.asarray(probabilities[:, 1] >= self.threshold, np.int64)
        return np.asarray(probabilities.argmax(axis=1), np.int64)


def trained_model(store: Store, run: Run, watch: Progress = NOBODY) -> TrainedModel:
    """The model of a run, with its newest weights, or where early stopping ended it with its best.

    Raises:
        ExportError: it has none that could be used, or it is not known any more how its rows were prepared.
    """
    if run.watched:
        raise ExportError(
            f"Run {run.id} is a script: its model stands in the script, not in lrtui.",
            "Save the model there, with torch.save.",
        )
    newest = store.history.shown_snapshot(run)
    if newest is None or run.problem is None:
        raise ExportError(f"Run {run.id} has no weights yet.", "Let it train first.")
    theta = np.array(newest.by_class(run.problem.classes), np.float64)
    if not np.isfinite(theta).all():
        raise ExportError(
            f"Run {run.id} diverged: its weights are no numbers.",
            f"lrtui diagnose --run {run.id} says why; try a smaller learning rate.",
        )
    kept = preparation_kept(store, run.id)
    if kept is None or len(kept.features.names) + 1 != theta.shape[1]:
        kept = _learned_again(run, theta, newest.measurement, watch)
    return replace(_model(run, newest.epoch, kept, theta), test_loss=newest.measurement.get("test_loss"))


def preparation_kept(store: Store, run_id: int) -> Preparation | None:
    """How the rows of a run were prepared; ``None`` where it was not kept, or is damaged."""
    packed = store.preparations.get(run_id)
    try:
        return None if packed is None else Preparation.unpack(packed)
    except (ValueError, KeyError, TypeError, IndexError, zlib.error):
        return None


def same_problem(run: Run, watch: Progress = NOBODY) -> Problem:
    """The problem that a run was trained on, made again of its data.

    Raises:
        ExportError: the data is not to be had, or is not the same any more.
    """
    where = quote(run.source.label)
    try:
        problem = problem_of(load(run.source, watch), run.config, watch=watch)
    except LrtuiError as error:
        raise ExportError(
            f"The data of run {run.id}, {where}, is needed for that, and cannot be had: {error.what}",
            "Put the file back where it was, or train anew.",
        ) from None
    facts = run.problem
    rows = len(problem.y_train), len(problem.y_test)
    same = facts is not None and rows == (facts.train_rows, facts.test_rows)
    same = same and facts is not None and list(problem.class_names) == facts.class_names
    same = same and facts is not None and len(problem.feature_names) == facts.features
    if not same:
        raise _changed(run)
    return problem


def own_data(model: TrainedModel, watch: Progress) -> Problem:
    """The problem that a model was trained on, which has its test loss with its weights.

    Raises:
        LrtuiError: the data is not to be had, or is not the same any more.
    """
    from lrtui.core.inside.looking import check_same_data  # scipy: commands that predict nothing go without
    from lrtui.core.inside.trained import Trained

    run, problem = model.run, same_problem(model.run, watch)
    if model.test_loss is not None:
        theta = np.column_stack([model.weights, model.bias]).ravel()
        trained = Trained(problem, run.config, theta, model.epoch, lambda: load(run.source, watch))
        check_same_data(trained, model.test_loss)
    return problem


def _learned_again(run: Run, theta: Floats, measured: Mapping[str, Any], watch: Progress) -> Preparation:
    """The preparation of a run of which none is kept, where its data gives the very loss that it had."""
    problem = same_problem(run, watch)
    assert problem.preparation is not None, "it was made of a dataset"
    model = _model(run, 0, problem.preparation, theta)
    labels = model.labels(model.probabilities(problem.X_test.astype(np.float64)))
    classes = problem.classes
    counts = np.bincount(problem.y_test.astype(np.int64) * classes + labels, minlength=classes**2)
    told = np.array(measured["confusion"])
    if told.shape != counts.shape or np.abs(counts - told).sum() > 2 + SAME * len(labels):
        raise _changed(run)
    return Preparation.unpack(problem.preparation.pack())


def _model(run: Run, epoch: int, preparation: Preparation, theta: Floats) -> TrainedModel:
    assert run.problem is not None, "it has weights"
    threshold = run.config.threshold
    at = run.problem.train_base_rate if threshold == "base-rate" else float(threshold)
    return TrainedModel(run, epoch, preparation, theta[:, :-1], theta[:, -1], at)


def _changed(run: Run) -> ExportError:
    return ExportError(
        f"How run {run.id} prepared its rows was not kept, or its data, {quote(run.source.label)}, "
        "has changed since.",
        "Train it anew, and the new run has it.",
    )
