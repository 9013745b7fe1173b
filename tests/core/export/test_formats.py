"""Every export is read back by the tool that it is for, and says what the run says."""

from __future__ import annotations

import ast
import math
import runpy
import sqlite3
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

from lrtui.core.branching import branch, nearest_snapshot
from lrtui.core.config import Config, knobs, stepped
from lrtui.core.engine.run_session import RunSession
from lrtui.core.errors import ExportError
from lrtui.core.export.exporting import export
from lrtui.core.export.formats import FORMATS
from lrtui.core.export.trained import trained_model
from lrtui.core.store import Run, Store
from lrtui.core.store.messages import ChangeConfig
from lrtui.core.training.problem import problem_of
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from tests.core.export.cases import CASES, Case, case_of
from tests.core.export.tables import trained

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
    monkeypatch.chdir(case.folder.parent)  # the lines hold from where the export was asked for
    problem = problem_of(load(case.run.source), case.run.config)
    x = torch.from_numpy(problem.X_test.copy())
    z = problem.design_test @ np.hstack([case.model.weights, case.model.bias[:, None]]).T
    for name in ("model.pt", "model.safetensors"):
        lines = case.take("state-dict", name).use
        assert len(lines.splitlines()) <= 5
        found: dict[str, Any] = {"x": x}
        exec(lines, found)
        assert_allclose(found["p"].detach().numpy(), 1 / (1 + np.exp(-z)), atol=1e-6)
    weights = torch.load(case.folder / "model.pt", weights_only=True)
    assert weights["weight"].equal(load_file(case.folder / "model.safetensors")["weight"])
    with safe_open(case.folder / "model.safetensors", "pt") as file:
        assert "age" in file.metadata()["features"]


PLAIN = {"base64", "csv", "datetime", "math", "re", "struct", "sys", "zlib", "torch", "polars"}
WAYS: list[dict[str, Any]] = [
    {"optimizer": "newton", "epochs": 5, "weight_decay": 0.01},
    {"optimizer": "lbfgs", "epochs": 3, "lr": 1.0, "weight_decay": 0.001},
    {"optimizer": "nesterov", "batch_size": 50, "class_weight": "balanced", "init_bias": "log-odds"},
    {"optimizer": "adamw", "init": "normal", "missing": "drop", "weight_decay": 0.1},
    {"optimizer": "rmsprop", "init": "xavier", "loss": "bce", "scaling": "minmax"},
    {"optimizer": "adam", "lr": 0.3, "epochs": 60, "patience": 3, "validation": 0.2},
]


@pytest.mark.filterwarnings("ignore:Converting a tensor")  # torch's own LBFGS does so
def test_the_script_trains_to_the_same_weights(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in CASES:
        _MADE.get(name) or _MADE.setdefault(name, case_of(name, tmp_path_factory.mktemp("case")))
    runs = [(made.store, made.run) for made in _MADE.values()]
    every = _MADE["every kind"]
    weighed = Source(every.run.source.name, target="risk", weights="height")
    runs += [(every.store, trained(every.store, weighed, **values)) for values in WAYS]
    runs.append((every.store, trained(every.store, Source("moons"), drop_columns=("x1",))))
    usual = Config(optimizer="momentum", init="normal", epochs=5)
    for name in (name for name, knob in knobs().items() if not knob.prepares):  # each, a step from there
        values = stepped(usual, name, 1).model_dump(exclude_defaults=True)
        runs.append((every.store, trained(every.store, Source("moons:n=40"), **values)))
    changed_midway = changed(every)
    runs.append((every.store, changed_midway))
    outs = []
    for number, (store, run) in enumerate(runs):
        outs.append(every.folder / f"weights-{number}.pt")
        script = export(store, run, "pytorch", every.folder / f"script-{number}.py").path
        imports = [one for one in ast.walk(ast.parse(script.read_text())) if isinstance(one, ast.Import)]
        assert {one.name for found in imports for one in found.names} <= PLAIN
        monkeypatch.setattr("sys.argv", ["", str(outs[-1])])
        runpy.run_path(str(script), run_name="__main__")  # importing torch anew would take most of the time
    assert any(run.shown_best and run.shown_best.epoch < run.epoch for _, run in runs)  # and not the last
    for (store, run), out in zip(runs, outs, strict=True):
        found, model = torch.load(out, weights_only=True), trained_model(store, run)
        assert_allclose(found["weight"].numpy(), model.weights, atol=1e-5, rtol=1e-5)
        assert_allclose(found["bias"].numpy(), model.bias, atol=1e-5, rtol=1e-5)


def changed(case: Case) -> Run:
    """A run whose learning rate and batch size a person changed while it trained."""
    config = Config(epochs=12, batch_size=64, lr=0.1)
    number = case.store.runs.create(case.run.source, config, origin="test", owner="me")
    session = RunSession(case.store, number, "me")
    session.open()
    session.step(5)
    session.obey(ChangeConfig(number, {"lr": 0.5, "batch_size": 20}))
    session.resume()
    while session.running:
        session.slice(1)
    return case.store.runs.get(number)


def test_every_format_is_tested() -> None:
    text = Path(__file__).read_text() + (Path(__file__).parent / "test_tables.py").read_text()
    assert all(f'"{name}"' in text for name in FORMATS)


def test_a_branch_is_no_script_of_its_own(tmp_path: Path, store: Store) -> None:
    parent = trained(store, Source("moons"))
    snapshot = nearest_snapshot(store, parent, 5)
    run_id = branch(store, parent, snapshot, parent.source, parent.config, origin="test", owner="me")
    session = RunSession(store, run_id, "me")
    session.open()
    session.stop()
    with pytest.raises(ExportError, match="began with the weights of run 1"):
        export(store, store.runs.get(run_id), "pytorch", tmp_path / "again.py")
