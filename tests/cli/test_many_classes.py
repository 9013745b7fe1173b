"""``--multiclass`` on the command line: train, show, sweep and diagnose a target of three values."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from tests.cli.commands import Lrtui, refused

NAMES = ["setosa", "versicolor", "virginica"]


@pytest.fixture
def iris(tmp_path: Path) -> str:
    data = load_iris()
    path = tmp_path / "iris.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["a", "b", "c", "d", "kind"])
        for x, y in zip(data.data, data.target, strict=True):
            table.writerow([*x, NAMES[y]])
    return str(path)


def trained(lrtui: Lrtui, *arguments: str) -> dict[str, object]:
    code, out, _ = lrtui("train", *arguments, "--json", "--quiet")
    assert code == 0
    found: dict[str, object] = json.loads(out)
    return found


def test_weights_by_class_are_those_of_the_model_that_was_trained(lrtui: Lrtui, iris: str) -> None:
    found = trained(
        lrtui, iris, "--target", "kind", "--multiclass", "--epochs", "4000", "--lr", "0.5",
        "--batch-size", "0", "--weight-decay", "0.01",
    )  # fmt: skip
    assert found["class_names"] == NAMES
    data = load_iris()
    X, X_test, y, y_test = train_test_split(
        data.data, data.target, test_size=0.2, random_state=42, stratify=data.target
    )
    scaler = StandardScaler().fit(X)
    weights = np.array([[found["weights"][k][x] for x in "abcd"] for k in NAMES])  # type: ignore[index]
    bias = np.array([found["bias"][k] for k in NAMES])  # type: ignore[index]
    said = (scaler.transform(X_test) @ weights.T + bias).argmax(1)
    table = [[found["confusion"][k][other] for other in NAMES] for k in NAMES]  # type: ignore[index]
    assert table == confusion_matrix(y_test, said).tolist()
    oracle = LogisticRegression(C=1 / (0.01 * len(y)), fit_intercept=False, tol=1e-9, max_iter=10_000)
    oracle.fit(np.c_[scaler.transform(X), np.ones(len(y))], y)
    np.testing.assert_allclose(np.c_[weights, bias], oracle.coef_, atol=0.01)


def test_of_two_classes_the_object_is_as_it_was(lrtui: Lrtui) -> None:
    found = trained(lrtui, "moons", "--epochs", "2")
    assert isinstance(found["bias"], float)
    assert "confusion" not in found
    assert all(isinstance(weight, float) for weight in found["weights"].values())  # type: ignore[attr-defined]


def test_train_and_show_name_the_classes(lrtui: Lrtui, iris: str) -> None:
    code, out, _ = lrtui("train", iris, "--target", "kind", "--multiclass", "--epochs", "50")
    assert code == 0
    assert "ROC AUC" in out
    assert "mean of each class against the rest" in out
    assert "of the test rows are predicted" in out
    assert "recall             setosa 1.000, versicolor" in out
    code, out, _ = lrtui("show", "last")
    assert code == 0
    (head,) = [line for line in out.split("\n") if line.split() == NAMES and line.startswith(" " * 40)]
    assert [line.split()[0] for line in out.split("\n")[out.split("\n").index(head) + 1 :][:5]][
        -1
    ] == "bias"
    assert "test rows by class, and across by prediction" in out
    assert "threshold          0.5 (does nothing with 3 classes)" in out


def test_the_loss_through_a_sigmoid_is_refused_with_a_sentence(lrtui: Lrtui, iris: str) -> None:
    result = lrtui("train", iris, "--target", "kind", "--multiclass", "--loss", "bce", "--quiet")
    assert "The loss bce is for two classes, and this target has 3." in refused(result)


def test_a_sweep_goes_over_all_classes(lrtui: Lrtui, iris: str) -> None:
    code, out, _ = lrtui(
        "sweep", iris, "--target", "kind", "--multiclass", "--lr", "1e-6:1:4", "--epochs", "60", "--json"
    )
    assert code == 0
    found = json.loads(out)
    assert [point["done"] for point in found["points"]] == [True] * 4
    zones = [point["zone"] for point in found["points"]]
    assert zones[0] == "slower"
    assert zones[-1] == "good"
    assert found["suggested_lr"] == 0.01  # the largest of these that is safe
    assert found["learning_rate"]["stable_below"] > 0.01


def test_diagnose_says_what_is_wrong_and_proves_it(lrtui: Lrtui, iris: str) -> None:
    wrong = (iris, "--target", "kind", "--multiclass", "--scaling", "none", "--lr", "1e-6")
    code, out, _ = lrtui("diagnose", *wrong, "--json", "--quiet")
    assert code == 1
    found = json.loads(out)
    assert (found["status"], found["cause"]) == ("sick", "lr-too-low")
    assert found["findings"][0]["proved"]
    assert found["after"]["test_balanced_accuracy"] > 0.9
    code, out, _ = lrtui("diagnose", "--run", "1")
    assert code == 1
    assert "Learning rate too low" in out
    assert "Shares of the test rows by class, before" in out
    assert "There are more than two classes." in out
    fix = str(found["fix"]["lr"])
    code, out, _ = lrtui("diagnose", *wrong[:-1], fix, "--quiet")
    assert code == 0
    assert "Healthy" in out


def test_a_balanced_class_weight_and_suggested_values_work_for_all_classes(lrtui: Lrtui, iris: str) -> None:
    found = trained(
        lrtui, iris, "--target", "kind", "--multiclass", "--class-weight", "balanced",
        "--lr", "suggested", "--weight-decay", "suggested", "--epochs", "30",
    )  # fmt: skip
    assert found["test_balanced_accuracy"] > 0.8  # type: ignore[operator]


def test_row_weights_from_a_column_reach_the_loss(lrtui: Lrtui, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    X, y = random.normal(size=(200, 2)), random.integers(0, 3, 200)
    weight = np.where(y == 2, 50.0, 1.0)
    path = tmp_path / "weighed.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["a", "b", "w", "kind"])
        table.writerows([*x, w, f"k{k}"] for x, w, k in zip(X, weight, y, strict=True))
    asked = (str(path), "--target", "kind", "--multiclass", "--epochs", "100")
    plain, weighed = trained(lrtui, *asked, "--drop-columns", "w"), trained(lrtui, *asked, "--weights", "w")
    assert set(weighed["weights"]["k0"]) == {"a", "b"}  # type: ignore[index]
    assert weighed["bias"]["k2"] - weighed["bias"]["k0"] > plain["bias"]["k2"] - plain["bias"]["k0"] + 1  # type: ignore[index]
