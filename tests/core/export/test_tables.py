"""What polars, TensorBoard, a spreadsheet's formulas, HTML and XML parsers read of a run."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from markdown_it import MarkdownIt
from numpy.testing import assert_allclose
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

from lrtui.core.errors import LrtuiError
from lrtui.core.export.exporting import export
from lrtui.core.export.writers.spreadsheet import column_letter
from lrtui.core.reproduce import command_line
from lrtui.core.store import Store
from lrtui.core.training.problem import problem_of
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from tests.core.export.cases import Case, case_of
from tests.core.export.tables import every_kind, trained, written


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    made = case_of("every kind", tmp_path_factory.mktemp("case"))
    yield made
    made.store.close()


READ = {".csv": pl.read_csv, ".parquet": pl.read_parquet}


@pytest.mark.parametrize("suffix", READ)
def test_polars_reads_the_tables(every: Case, suffix: str) -> None:
    problem = problem_of(load(every.run.source), every.run.config)
    found = READ[suffix](every.take("predictions", f"a{suffix}").path)
    test = found.filter(part="test")
    assert test["row"].to_list() == sorted((problem.test_rows + 1).tolist())
    theta = np.append(every.model.weights, every.model.bias)
    z = problem.design_test[np.argsort(problem.test_rows)] @ theta
    assert_allclose(test["probability of " + every.model.class_names[1]], 1 / (1 + np.exp(-z)), atol=1e-6)
    accuracy = (test["target"] == test["label"]).mean()
    assert every.run.measured is not None
    assert accuracy == pytest.approx(every.run.measured["test_accuracy"])

    found = READ[suffix](every.take("coefficients", f"b{suffix}").path)
    assert found["feature"].to_list() == [*problem.feature_names, "bias"]
    assert_allclose(found["weight"], theta)
    raw = found["weight_per_unit"] * found["scale"]
    assert_allclose(raw.drop_nulls(), theta[:-1])

    found = READ[suffix](every.take("curve", f"c{suffix}").path)
    losses = [loss for chunk in every.store.losses.read(every.run.id) for loss in chunk.values]
    assert found["epoch"].to_list() == list(range(1, 21))
    assert found["train_loss"].to_list() == pytest.approx(losses)

    found = READ[suffix](every.take("snapshots", f"d{suffix}").path)
    kept = every.store.history.snapshots(every.run.id)
    assert found["epoch"].to_list() == [one.epoch for one in kept]
    assert found["test_loss"].to_list() == pytest.approx([one.measurement["test_loss"] for one in kept])
    assert_allclose(found[-1, "weight of age"], theta[0])


def test_tensorboard_reads_the_events(every: Case) -> None:
    path = every.take("tensorboard", "run.tfevents.lrtui").path
    found: dict[str, dict[int, float]] = {}
    for event in EventFileLoader(str(path)).Load():
        for value in event.summary.value:
            number = value.tensor.float_val[0] if value.tensor.float_val else value.simple_value
            found.setdefault(value.tag, {})[event.step] = number
    losses = [loss for chunk in every.store.losses.read(every.run.id) for loss in chunk.values]
    assert list(found["loss/train"].values()) == pytest.approx(losses)
    last = every.store.history.snapshots(every.run.id)[-1]
    assert found["accuracy/test"][last.epoch] == pytest.approx(last.measurement["test_accuracy"])


@pytest.mark.filterwarnings("ignore")  # of the package that evaluates formulas
def test_a_spreadsheet_comes_to_the_same_probabilities(every: Case) -> None:
    from formulas import Parser  # evaluates formulas as Excel does

    text = every.take("spreadsheet").path.read_text()
    placed = dict(re.findall(r"^([A-Z]+)2  .*\n\n(=.*)$", text, re.MULTILINE))
    assert len(placed) == 2
    compiled = {place: Parser().ast(formula)[1].compile() for place, formula in placed.items()}
    columns = [every.raw[cell.name] for cell in every.recipe.cells]
    for row in (0, 3, 4, 5, 7, 8, 9, 10):
        cells: dict[str, Any] = {f"{column_letter(n)}2": values[row] for n, values in enumerate(columns)}
        cells = {place: "" if value is None else value for place, value in cells.items()}
        for place, function in compiled.items():
            given = [np.array([[cells[name.replace("$", "")]]], object) for name in function.inputs]
            cells[f"{place}2"] = float(np.ravel(function(*given))[0])
        assert cells[f"{list(placed)[-1]}2"] == pytest.approx(every.expected[row, 1], abs=1e-9)


class Page(HTMLParser):
    """The tags and the words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_page_has_the_plots_the_numbers_and_the_line_that_trains_it_again(every: Case) -> None:
    page = Page(every.take("html").path.read_text())
    assert page.tags.count("svg") == 3
    assert not {"script", "iframe", "img", "link", "object"} & set(page.tags)
    assert command_line(every.run) in page.words
    assert every.run.measured is not None
    assert f"{every.run.measured['test_auc']:.4g}" in page.words
    text = every.take("markdown").path.read_text()
    page = Page(MarkdownIt("gfm-like").render(text))
    assert page.tags.count("pre") == 4
    assert command_line(every.run) in page.words
    pairs = zip(every.model.weights[0], every.store.features.get(every.run.id), strict=True)
    weight, name = max(pairs, key=lambda pair: abs(pair[0]))
    assert f"{name:<30} {weight:>11.4g} {('#' if weight > 0 else '-') * 24}" in page.words
    drawn = every.take("svg").path.read_text()
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
    curve = re.findall(r'<polyline points="([^"]*)"', drawn)
    assert len(curve) == 2
    assert len(curve[0].split()) == 20


def test_a_page_shows_the_weights_and_predictions_by_which_the_run_is_judged(
    store: Store, tmp_path: Path
) -> None:
    source = Source(str(written(every_kind(80), tmp_path / "a.csv")), target="risk")
    run = trained(store, source, epochs=200, lr=5.0, patience=2, validation=0.3)
    assert run.shown_best is not None
    assert run.shown_best.epoch < run.epoch
    text = export(store, run, "markdown", tmp_path).path.read_text()
    best = store.history.snapshot(run.id, run.shown_best.epoch)
    assert best is not None
    assert f"{max(best.weights, key=abs):>11.4g} " in text
    first = [sum(counts[:4]) for counts in best.measurement["histogram"]]
    assert re.search(rf"0\.00 +0\.10 +{first[0]} +{first[1]}\n", text)


def test_a_run_that_diverged_has_a_page(store: Store, tmp_path: Path) -> None:
    source = Source(str(written(every_kind(80), tmp_path / "a.csv")), target="risk")
    run = trained(store, source, epochs=12, lr=1e6, weight_decay=1e3, optimizer="sgd", scaling="none")
    assert run.diverged_at is not None
    for name in ("html", "markdown", "svg"):
        text = export(store, run, name, tmp_path).path.read_text()
        assert "Largest weights" not in text


def test_of_features_made_of_several_columns_no_weight_is_per_unit(store: Store, tmp_path: Path) -> None:
    source = Source(str(written(every_kind(80), tmp_path / "a.csv")), target="risk")
    run = trained(store, source, epochs=2, features="poly2")
    done = export(store, run, "coefficients", tmp_path)
    assert pl.read_csv(done.path)["weight_per_unit"].null_count() == pl.read_csv(done.path).height
    assert "weight_per_unit" not in done.use


def test_of_data_that_has_changed_nothing_is_said(store: Store, tmp_path: Path) -> None:
    frame = every_kind(80)
    source = Source(str(written(frame, tmp_path / "a.csv")), target="risk")
    run = trained(store, source, epochs=3)
    written(frame.with_columns(pl.col("risk").reverse()), tmp_path / "a.csv")  # as many rows of each class
    for name in ("predictions", "pytorch"):
        with pytest.raises(LrtuiError, match="has changed since"):
            export(store, run, name, tmp_path)
    assert sorted(path.name for path in tmp_path.glob("run-*")) == []


def test_what_is_no_number_leaves_a_gap(every: Case) -> None:
    from lrtui.core.export.charts import line_chart

    svg = line_chart("a", "b", {"c": [(1.0, math.inf), (2.0, 1.0), (3.0, math.nan)], "d": []})
    assert "nan" not in svg
    assert "inf" not in svg
