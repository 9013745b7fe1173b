"""Cells that lie far out: named where a run is seen to be healed of them, and left alone elsewhere."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats.mstats import winsorize
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, log_loss
from sklearn.preprocessing import StandardScaler

from lrtui.core.config import Config
from lrtui.core.doctor.diagnosis import Diagnosis, Health
from lrtui.core.training.problem import problem_of
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.source import Source
from tests.core.doctor.cases import causes, examine


def made(X: np.ndarray, y: np.ndarray) -> Dataset:
    names = tuple(f"x{i}" for i in range(X.shape[1]))
    labels = tuple(str(label) for label in range(int(y.max()) + 1))
    return Dataset(Source("t.csv", "y"), np.ascontiguousarray(X), y.astype(np.int8), names, labels)


def drawn(classes: int = 2, n: int = 600, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Normal columns, of which the first matters most."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(n, 3))
    Z = X @ np.array([[2.5, -2.5, 0.0], [-1.0, 0.0, 1.5], [0.5, 0.5, 0.0]])[:, :classes]
    P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    return X, (P.cumsum(axis=1) < random.random((n, 1))).sum(axis=1)


def spoilt(value: float, cells: int, *, part: str = "train", columns: int = 1, classes: int = 2) -> Dataset:
    """Minus a value in some rows of one part whose class has the first column high."""
    X, y = drawn(classes)
    problem = problem_of(made(X, y), Config())
    rows = getattr(problem, f"{part}_rows")
    X[rows[y[rows] == 0][:cells], :columns] = -value
    return made(X, y)


def of_the_issue() -> Dataset:
    random = np.random.default_rng(903)
    X = random.normal(size=(800, 3))
    y = random.random(800) < expit(2.5 * X[:, 0] + 0.3 * X[:, 1])
    X[:4, 0] = 1e7
    return made(X, y)


def with_codes(code: float = -999.0, share: float = 0.01) -> Dataset:
    X, y = drawn()
    X[np.random.default_rng(7).random(X.shape) < share] = code
    return made(X, y)


def named(found: Diagnosis) -> dict[str, Any]:
    """The fix, where outliers are the cause and nothing else is."""
    assert causes(found) == ["outliers"]
    won = found.after.test_balanced_accuracy - found.before.test_balanced_accuracy
    assert found.status is (Health.SICK if won >= 0.05 else Health.IMPROVABLE)
    assert found.findings[0].proved
    assert found.fix is not None
    assert found.fix == found.findings[0].fix
    return found.fix


def test_a_few_enormous_cells_are_named_with_place_and_size_and_clipping_heals() -> None:
    dataset = of_the_issue()
    found = examine(dataset, scaling="standard")
    assert named(found) == {"clip": 0.01}
    evidence, sentence = found.findings[0].evidence, found.findings[0].sentence
    problem = problem_of(dataset, Config())
    first = min(set(problem.train_rows.tolist()) & {0, 1, 2, 3}) + 1
    assert (evidence["cells_far_out"], evidence["columns"], evidence["row"], evidence["value"]) == (
        4,
        1,
        first,
        1e7,
    )
    assert (
        f"4 cells in 1 column lie far from all others: 10 million stands in row {first} of 'x0'" in sentence
    )


@pytest.mark.parametrize("scaling", ["standard", "none"])
def test_after_clipping_the_run_is_as_good_as_scikit_learn_on_winsorized_columns(scaling: str) -> None:
    dataset = spoilt(1e7, 3)
    found = examine(dataset, scaling=scaling)
    share = named(found)["clip"]
    problem = problem_of(dataset, Config())
    X, y = dataset.X[problem.train_rows], dataset.y[problem.train_rows]
    cut = int(share * len(X) + 1e-9)
    limits = [(column[cut], column[-1 - cut]) for column in np.sort(X, axis=0).T]
    low, high = np.transpose(limits)
    assert winsorize(X[:, 0], limits=((cut + 0.5) / len(X),) * 2).max() == high[0]
    model = LogisticRegression(C=1e6).fit(np.clip(X, low, high), y)
    test = np.clip(dataset.X[problem.test_rows], low, high)
    truth = dataset.y[problem.test_rows]
    assert found.after is not None
    assert found.after.test_loss == pytest.approx(log_loss(truth, model.predict_proba(test)), abs=0.02)
    expected = balanced_accuracy_score(truth, model.predict(test))
    assert found.after.test_balanced_accuracy == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize("missing", ["indicator", "error", "drop"])
def test_codes_that_come_again_are_taken_as_missing(missing: str) -> None:
    dataset = with_codes()
    found = examine(dataset, missing=missing)
    fix = named(found)
    assert fix["missing_codes"] == (-999.0,)
    assert ("missing" in fix) == (missing in ("error", "drop"))
    assert "So far out -999 comes again and again" in found.findings[0].sentence
    problem = problem_of(dataset, Config())
    filled = SimpleImputer(missing_values=-999.0, strategy="median").fit(dataset.X[problem.train_rows])
    scaler = StandardScaler().fit(filled.transform(dataset.X[problem.train_rows]))
    train, test = (
        scaler.transform(filled.transform(dataset.X[rows]))
        for rows in (problem.train_rows, problem.test_rows)
    )
    model = LogisticRegression(C=1e6).fit(train, dataset.y[problem.train_rows])
    expected = log_loss(dataset.y[problem.test_rows], model.predict_proba(test))
    assert found.after is not None
    assert found.after.test_loss == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    ("value", "cells", "more"),
    [
        (1e30, 1, {"scaling": "none"}),
        (9999.0, 8, {"columns": 2}),
        (9999.0, 9, {"classes": 3, "scaling": "none"}),
        (1e7, 1, {"part": "test"}),
    ],
    ids=lambda value: str(value),
)
def test_cells_far_out_of_any_size_number_place_and_with_any_classes(
    value: float, cells: int, more: dict[str, Any]
) -> None:
    where = {name: more[name] for name in ("part", "columns", "classes") if name in more}
    found = examine(spoilt(value, cells, **where), scaling=more.get("scaling", "standard"), epochs=50)
    named(found)
    assert found.findings[0].evidence["cells_far_out"] == cells * more.get("columns", 1)
    assert found.after is not None
    assert found.after.test_loss is not None
    assert found.after.test_loss < 0.75


def test_every_number_of_the_sentence_is_in_the_evidence_or_the_fix() -> None:
    found = examine(spoilt(1e7, 3))
    finding = found.findings[0]
    said = r"goes from ([\d.]+) to ([\d.]+) and the test loss from (\S+) to (\S+)\.$"
    told = re.findall(said, finding.sentence)[0]
    evidence = finding.evidence
    assert told[0] == f"{evidence['balanced_accuracy']:.2f}" == f"{found.before.test_balanced_accuracy:.2f}"
    assert told[1] == f"{evidence['balanced_accuracy_mended']:.2f}"
    assert float(told[2].replace(",", "")) == pytest.approx(found.before.test_loss, rel=0.01)
    assert found.after is not None
    assert float(told[3]) == pytest.approx(found.after.test_loss, rel=0.01)
    assert f"{evidence['times_wider_with_them']:,.0f} times" in finding.sentence


# --- healthy runs, and other faults ---


def test_cells_far_out_that_do_no_harm_are_no_fault() -> None:
    X, y = drawn()
    X[np.flatnonzero(y == 0)[:1], 0] = 1e7  # on the side where such rows lie anyway
    assert "outliers" not in causes(examine(made(X, y), scaling="none", epochs=100))


@pytest.mark.parametrize(("spread", "seed"), [(0.5, 0), (1.5, 2)])
def test_natural_tails_alone_are_no_fault(seed: int, spread: float) -> None:
    random = np.random.default_rng(seed)
    Z = random.normal(size=(500, 3))
    X = np.exp(spread * Z)
    slope = np.array([1.0, -0.7, 0.0]) / X.std(axis=0)
    y = random.random(500) < expit((X - X.mean(axis=0)) @ slope)
    assert "outliers" not in causes(examine(made(X, y), epochs=50))


def test_counts_rare_events_and_flags_are_no_fault() -> None:
    random = np.random.default_rng(3)
    X = np.column_stack([
        random.poisson(0.1, 600), random.negative_binomial(0.3, 0.05, 600), random.random(600) < 0.02
    ]).astype(float)  # fmt: skip
    y = random.random(600) < expit(2 * X[:, 0] - 0.2)
    assert "outliers" not in causes(examine(made(X, y), epochs=100))


@pytest.mark.parametrize(
    ("cause", "values"),
    [
        ("lr-too-low", {"lr": 1e-5, "epochs": 50}),
        ("too-few-epochs", {"epochs": 2, "batch_size": 0}),
        ("weight-decay-too-strong", {"weight_decay": 5.0, "epochs": 50}),
    ],
)
def test_another_fault_keeps_its_name_beside_natural_tails(cause: str, values: dict[str, Any]) -> None:
    random = np.random.default_rng(5)
    X = random.normal(size=(500, 3))
    X[:, 2] = np.exp(1.5 * X[:, 2])
    y = random.random(500) < expit(2.5 * X[:, 0])
    assert "outliers" not in causes(examine(made(X, y), **values))


def test_a_row_keeps_its_number_where_the_doctor_looks_at_some_rows() -> None:
    dataset = spoilt(1e7, 60)
    odd = dataset.take(np.arange(1, dataset.n, 2))
    found = examine(odd)
    evidence = found.findings[0].evidence
    assert dataset.X[int(evidence["row"]) - 1, 0] == evidence["value"]


@pytest.mark.parametrize("scaling", ["standard", "none"])
def test_a_cell_that_training_cannot_even_hold_is_named_before_the_run(scaling: str) -> None:
    found = examine(spoilt(1e300, 1), scaling=scaling)
    assert causes(found)[0] == "outliers"
    assert found.findings[0].fix == {"clip": 0.01}
    assert "cannot go through" in found.findings[0].sentence


def test_the_fix_holds_when_it_is_applied() -> None:
    dataset = spoilt(1e7, 3)
    found = examine(dataset)
    again = examine(dataset, **named(found))
    assert again.status is Health.HEALTHY
    assert found.after is not None
    assert again.before.test_loss == pytest.approx(found.after.test_loss, rel=1e-3)


@pytest.mark.parametrize("share", [0.05, 0.25])
def test_a_code_may_stand_in_more_than_a_quarter_of_a_column(share: float) -> None:
    X, y = drawn()
    X[np.random.default_rng(7).random(len(X)) < share, 0] = -999.0
    assert named(examine(made(X, y)))["missing_codes"] == (-999.0,)
