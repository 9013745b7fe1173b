"""Every export is read back by the tool that it is for, and says what the run says."""

from __future__ import annotations

import math
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import onnxruntime
import pytest
import torch
from numpy.testing import assert_allclose
from safetensors import safe_open
from safetensors.torch import load_file

from lrtui.core.errors import ExportError
from lrtui.core.export.formats import FORMATS
from lrtui.core.training.problem import problem_of
from lrtui.datasets.loading import load
from tests.core.export.cases import CASES, Case, case_of

FORMULAS = ["every kind", "products", "three classes"]
_MADE: dict[str, Case] = {}


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    name = request.param
    if name not in _MADE:
        _MADE[name] = case_of(name, tmp_path_factory.mktemp("case"))
    return _MADE[name]


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    while _MADE:
        _MADE.popitem()[1].store.close()


def labelled(case: Case, p: Any) -> list[str]:
    names = case.model.class_names
    if len(names) == 2:
        return [names[int(row[1] >= case.model.threshold)] for row in p]
    return [names[number] for number in np.argmax(p, axis=1)]


@pytest.mark.parametrize("case", CASES, indirect=True)
def test_onnxruntime_takes_raw_cells_to_labels_and_probabilities(case: Case) -> None:
    session = onnxruntime.InferenceSession(case.take("onnx").path, providers=["CPUExecutionProvider"])
    given = {}
    for cell in case.recipe.cells:
        values = case.raw[cell.name]
        column = (
            np.array([value or "" for value in values], object) if cell.text else np.array(values, float)
        )
        given[cell.name] = column[:, None]
    labels, p = session.run(["label", "probabilities"], given)
    assert_allclose(p, case.expected, atol=1e-9)
    assert labels.tolist() == labelled(case, case.expected)


@pytest.mark.parametrize("case", FORMULAS, indirect=True)
def test_sqlite_gives_the_probabilities_of_a_table(case: Case) -> None:
    query = case.take("sql").path.read_text()
    with sqlite3.connect(":memory:") as base:
        base.create_function("EXP", 1, lambda z: None if z is None else math.exp(z))
        names = ", ".join('"' + name.replace('"', '""') + '"' for name in case.raw)
        base.execute(f"CREATE TABLE your_table ({names})")
        marks = ", ".join("?" * len(case.raw))
        base.executemany(f"INSERT INTO your_table VALUES ({marks})", zip(*case.raw.values(), strict=True))
        base.row_factory = sqlite3.Row
        rows = base.execute(query).fetchall()
    base.close()
    classes = case.model.class_names if len(case.model.class_names) > 2 else case.model.class_names[1:]
    found = [[row[f"probability of {name}"] for name in classes] for row in rows]
    assert_allclose(found, case.expected[:, -len(classes) :], atol=1e-9)


@pytest.mark.parametrize("case", CASES, indirect=True)
@pytest.mark.parametrize("suffix", [".joblib", ".skops"])
def test_scikit_learn_loads_the_pipeline(case: Case, suffix: str) -> None:
    path = f"model{suffix}"
    if case.recipe.cells[0].codes:
        with pytest.raises(ExportError, match="missing codes"):
            case.take("sklearn", path)
        return
    file = case.take("sklearn", path).path
    if suffix == ".skops":
        from skops import io

        untrusted = io.get_untrusted_types(file=file)
        assert all(name.startswith(("numpy.", "sklearn.")) for name in untrusted)  # nothing of lrtui
        pipeline = io.load(file, trusted=untrusted)
    else:
        pipeline = joblib.load(file)
    table = np.array([case.raw[cell.name] for cell in case.recipe.cells], object).T
    order = [list(pipeline.classes_).index(name) for name in case.model.class_names]
    assert_allclose(pipeline.predict_proba(table)[:, order], case.expected, atol=1e-9)


@pytest.mark.parametrize("case", ["every kind"], indirect=True)
def test_torch_loads_the_weights_with_the_lines_that_are_told(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(case.folder)
    problem = problem_of(load(case.run.source), case.run.config)
    x = torch.from_numpy(problem.X_test.copy())
    z = problem.design_test @ np.hstack([case.model.weights, case.model.bias[:, None]]).T
    for name in ("model.pt", "model.safetensors"):
        lines = case.take("state-dict", name).use
        assert len(lines.splitlines()) <= 5
        found: dict[str, Any] = {"x": x}
        exec(lines, found)
        assert_allclose(found["p"].detach().numpy(), 1 / (1 + np.exp(-z)), atol=1e-6)
    weights = torch.load("model.pt", weights_only=True)
    assert weights["weight"].equal(load_file("model.safetensors")["weight"])
    with safe_open("model.safetensors", "pt") as file:
        assert "age" in file.metadata()["features"]


def test_the_script_trains_to_the_same_weights(tmp_path_factory: pytest.TempPathFactory) -> None:
    # One process for all, for most of its time is the import of torch.
    lines, cases = ["import runpy, sys"], []
    for name in CASES:
        made = _MADE.get(name) or _MADE.setdefault(name, case_of(name, tmp_path_factory.mktemp("case")))
        out = made.folder / "weights.pt"
        lines += [
            f"sys.argv = ['', {str(out)!r}]",
            f"runpy.run_path({str(made.take('pytorch').path)!r}, run_name='__main__')",
        ]
        cases.append((made, out))
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True, capture_output=True)
    for made, out in cases:
        found = torch.load(out, weights_only=True)
        assert_allclose(found["weight"].numpy(), made.model.weights, atol=1e-5, rtol=1e-5)
        assert_allclose(found["bias"].numpy(), made.model.bias, atol=1e-5, rtol=1e-5)


def test_every_format_is_tested() -> None:
    text = Path(__file__).read_text() + (Path(__file__).parent / "test_tables.py").read_text()
    assert all(f'take("{name}"' in text or f"take('{name}'" in text for name in FORMATS)
