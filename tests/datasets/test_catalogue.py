"""The catalogue: what it says is so, and every dataset is the same each time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.source import Source
from lrtui.datasets.source_validation import parse_source

MADE = [name for name, entry in CATALOGUE.items() if entry.group == "made"]


@pytest.mark.parametrize("name", CATALOGUE)
def test_shape_and_base_rate_are_as_the_catalogue_says(name: str) -> None:
    dataset, entry = load(Source(name)), CATALOGUE[name]
    assert (dataset.n, dataset.p) == (entry.rows, entry.columns)
    assert dataset.base_rate == pytest.approx(entry.base_rate)
    assert len(dataset.feature_names) == dataset.p
    assert dataset.X.flags.c_contiguous
    assert dataset.X.dtype == np.float64
    assert set(dataset.y.tolist()) == {0, 1}
    assert entry.shows.endswith(".")


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_dataset_is_the_same_each_time_and_both_parts_hold_both_classes(name: str) -> None:
    one, two = load(Source(name)), load(Source(name))
    assert np.array_equal(one.X, two.X)
    assert np.array_equal(one.y, two.y)
    problem = prepare(one, scaling="none", test_size=0.2, split_seed=42)
    assert set(problem.y_train.tolist()) == set(problem.y_test.tolist()) == {0, 1}
    rows = np.concatenate([problem.train_rows, problem.test_rows])
    assert sorted(rows.tolist()) == list(range(one.n))


EXAMPLES: dict[str, Callable[[], tuple[NDArray[Any], NDArray[Any]]]] = {
    # Two draws, side by side; arguments are evaluated from left to right, the labels last.
    "example-scaling": lambda: (
        np.concatenate([np.random.rand(100, 5), np.random.rand(100, 1) * 10000], axis=1),
        np.random.randint(0, 2, 100),
    ),
    "example-learning-rate": lambda: (np.random.rand(100, 5), np.random.randint(0, 2, 100)),
    "example-small-data": lambda: (np.random.rand(20, 5), np.random.randint(0, 2, 20)),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_three_examples_are_those_that_the_mission_starts_from(name: str) -> None:
    np.random.seed(42)
    X, y = EXAMPLES[name]()
    expected = train_test_split(X, y, test_size=0.2, random_state=42)
    found = prepare(load(Source(name)), scaling="none", test_size=0.2, split_seed=42)
    for part, oracle in zip(
        (found.X_train, found.X_test, found.y_train, found.y_test), expected, strict=True
    ):
        assert np.array_equal(part, oracle)


def test_the_first_example_has_the_values_that_were_written_down() -> None:
    row = load(Source("example-scaling")).X[0]
    told = [0.37454012, 0.95071431, 0.73199394, 0.59865848, 0.15601864, 6981.61714]
    assert all(abs(row - told) <= [5e-9] * 5 + [5e-6])


def test_breast_cancer_is_as_it_comes() -> None:
    table = load_breast_cancer()
    dataset = load(Source("breast-cancer"))
    assert np.array_equal(dataset.X, table.data)
    assert np.array_equal(dataset.y, table.target)


@pytest.mark.parametrize("name", MADE)
def test_made_datasets_take_size_noise_and_seed(name: str) -> None:
    dataset = load(Source(f"{name}:n=240,noise=0.25,seed=3"))
    assert dataset.n == 240
    other = load(Source(f"{name}:n=240,noise=0.25,seed=4"))
    assert not (np.array_equal(dataset.X, other.X) and np.array_equal(dataset.y, other.y))


def test_imbalanced_holds_two_percent_and_duplicates_four_distinct_rows() -> None:
    assert load(Source("imbalanced")).y.mean() == 0.02
    assert len(np.unique(load(Source("duplicates")).X, axis=0)) == 4


def test_separable_is_separable_and_uncentred_lies_far_from_zero() -> None:
    easy = load(Source("separable"))
    assert LogisticRegression(C=1e6, max_iter=10_000).fit(easy.X, easy.y).score(easy.X, easy.y) == 1
    far = load(Source("uncentred")).X
    assert (np.abs(far.mean(axis=0)) / far.std(axis=0)).min() > 3


# --- what people type ---


def test_an_unknown_dataset_names_the_nearest() -> None:
    with pytest.raises(DatasetError, match="breast-cancer"):
        parse_source("brest-cancer")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("breast_cancer", "Did you mean breast-cancer?"),
        ("Brest_Cancer", "Did you mean breast-cancer?"),
        ("wine", "Did you mean wine-1?"),
        ("spirals", "Did you mean separable or circles or no-signal?"),
    ],
)
def test_far_fetched_names_are_offered_only_where_none_is_near(name: str, hint: str) -> None:
    with pytest.raises(DatasetError) as caught:
        parse_source(name)
    assert caught.value.fix.startswith(hint)


@pytest.mark.parametrize("name", ["", "  "])
def test_no_name_at_all_is_said(name: str) -> None:
    with pytest.raises(DatasetError, match="No dataset was named"):
        parse_source(name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("moons:size=3", "parameters are n, noise, seed"),
        ("moons:n=few", "a whole number from 20 to 10,000,000"),
        ("moons:n=3", "a whole number from 20"),
        ("moons:n=50.5", "a whole number"),
        ("moons:noise=-1", "a number from 0"),
        ("moons:noise=nan", "a number from 0"),
        ("duplicates:noise=0.9", r"a number from 0 to 0\.5"),
        ("moons:n", "a whole number"),
        ("breast-cancer:n=5", "It has none"),
    ],
)
def test_a_bad_parameter_says_what_there_is(name: str, said: str) -> None:
    with pytest.raises(DatasetError, match=said):
        parse_source(name)


def test_a_target_is_for_files() -> None:
    with pytest.raises(DatasetError, match="has its own target"):
        parse_source("moons", target="y")


@given(st.text(max_size=60))
def test_no_text_makes_the_parser_stumble(text: str) -> None:
    try:
        source = parse_source(text)
    except DatasetError as error:
        said = error
    else:
        assert source.name
        return
    assert said.what
    assert said.fix
    assert str(said).isprintable()


# --- what it costs ---

HEAVY = ("numpy", "sklearn", "scipy", "polars", "torch", "pandas")


def loaded_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split()) & set(HEAVY)


def test_names_and_sources_cost_nothing_heavy() -> None:
    assert (
        loaded_after("import lrtui.datasets.source, lrtui.datasets.catalogue, lrtui.datasets.text") == set()
    )


def test_the_examples_need_neither_scikit_learn_nor_polars() -> None:
    code = (
        "from lrtui.datasets.loading import load\n"
        "from lrtui.datasets.preparing.prepare import prepare\n"
        "from lrtui.datasets.source import Source\n"
        "prepare(load(Source('example-scaling')), scaling='robust', test_size=0.2, split_seed=42)"
    )
    assert loaded_after(code) == {"numpy"}


@pytest.mark.parametrize(
    ("name", "loader", "labels"),
    [
        ("breast-cancer", load_breast_cancer, lambda y: y == 1),
        ("iris-versicolor", load_iris, lambda y: y == 1),
        ("wine-1", load_wine, lambda y: y == 1),
        ("diabetes-median", partial(load_diabetes, scaled=False), lambda y: y > np.median(y)),
    ],
)
def test_real_tables_are_those_that_scikit_learn_loads(
    name: str, loader: Callable[[], Any], labels: Callable[[Any], Any]
) -> None:
    found, table = load(parse_source(name)), loader()
    assert np.array_equal(found.X, table.data.astype(found.X.dtype))
    assert np.array_equal(found.y, labels(table.target))
    assert found.feature_names == tuple(str(name).removesuffix(" (cm)") for name in table.feature_names)


def test_the_digits_3_and_8_are_those_that_scikit_learn_loads() -> None:
    found, table = load(parse_source("digits-3-8")), load_digits()
    rows = np.isin(table.target, (3, 8))
    assert np.array_equal(found.X, table.data[rows].astype(found.X.dtype))
    assert np.array_equal(found.y, table.target[rows] == 8)
    assert found.feature_names == tuple(table.feature_names)
