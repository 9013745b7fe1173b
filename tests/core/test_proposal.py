"""What is proposed for a large table, from its size alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.core.config import Config, changed
from lrtui.core.config.proposal import (
    FIELDS,
    Size,
    fitted,
    is_plain,
    leaves_open,
    plain,
    proposal,
    proposal_text,
)
from lrtui.datasets.columns import Column, encoded_columns, expanded_columns

SIZES = st.builds(
    Size,
    rows=st.integers(1, 10**9),
    train_rows=st.integers(1, 10**9),
    columns=st.integers(1, 20_000),
    classes=st.integers(2, 100),
)


def size(rows: int, columns: int, classes: int = 2) -> Size:
    return Size(rows, round(rows * 0.8), columns, classes)


@given(SIZES)
def test_up_to_20_000_rows_nothing_is_proposed_and_beyond_something_always_is(size: Size) -> None:
    assert bool(proposal(size)) is (size.rows > 20_000)


@given(SIZES)
def test_a_proposal_is_a_config_that_differs_in_nothing_but_how_it_trains(size: Size) -> None:
    config = fitted(Config(), size)
    assert plain(config) == Config()
    assert is_plain(config) is not bool(proposal(size))


@pytest.mark.parametrize(
    ("rows", "columns", "classes", "optimizer"),
    [
        (20_000, 1_000, 2, "sgd"),
        (20_001, 1, 2, "newton"),
        (240_000, 28, 2, "newton"),
        (11_000_000, 28, 2, "newton"),
        (1_000_000, 100, 2, "lbfgs"),
        (240_000, 28, 5, "lbfgs"),
        (30_000, 1_000, 2, "lbfgs"),
        (240_000, 1_000, 2, "lbfgs"),
        (30_000, 1_000, 5, "lbfgs"),
    ],
)
def test_the_optimizer_follows_from_rows_columns_and_classes(
    rows: int, columns: int, classes: int, optimizer: str
) -> None:
    assert fitted(Config(), size(rows, columns, classes)).optimizer == optimizer


def test_columns_of_any_scale_are_left_to_newton_and_too_many_of_them_to_the_person() -> None:
    for scaling in ("none", "center", "robust"):
        config = changed(Config(), scaling=scaling)
        assert fitted(config, size(240_000, 28, 5)).optimizer == "newton"
        assert fitted(config, size(240_000, 1_000)) == config


def test_lbfgs_goes_whole_steps_over_all_rows() -> None:
    config = fitted(Config(), size(240_000, 1_000))
    assert (config.optimizer, config.lr, config.batch_size) == ("lbfgs", 1.0, 0)


@pytest.mark.parametrize(
    "own", [{"lr": 0.1}, {"epochs": 7}, {"batch_size": 64}, {"optimizer": "adam"}, {"momentum": 0.5}]
)
def test_who_has_set_any_of_how_it_trains_gets_nothing_else(own: dict[str, object]) -> None:
    config = changed(Config(), **own)
    assert fitted(config, size(240_000, 28)) == config
    assert not leaves_open(own)


def test_other_settings_stay_as_they_are() -> None:
    config = changed(Config(), scaling="minmax", weight_decay=0.01, seed=7)
    found = fitted(config, size(240_000, 28))
    assert (found.scaling, found.weight_decay, found.seed) == ("minmax", 0.01, 7)
    assert found.optimizer == "newton"
    assert leaves_open({"scaling", "weight_decay", "seed"})


def test_what_is_proposed_is_told_by_field() -> None:
    assert proposal_text(Config()) == ""
    assert proposal_text(changed(Config(), optimizer="newton", epochs=20)) == "optimizer newton, epochs 20"


def test_the_fields_are_those_of_the_config() -> None:
    assert set(FIELDS) <= Config.model_fields.keys()


def test_the_size_of_what_a_config_makes_of_a_table() -> None:
    config = changed(Config(), test_size=0.25, features="poly2")
    assert Size.of(config, 100_000, 10, 3) == Size(100_000, 75_000, 65, 3)
    assert Size.of(changed(Config(), features="rbf"), 10, 3, 2).columns == 100


@pytest.mark.parametrize(("name", "columns"), [("poly2", 4), ("poly3", 3), ("poly3", 6)])
def test_products_are_counted_as_scikit_learn_makes_them(name: str, columns: int) -> None:
    from sklearn.preprocessing import PolynomialFeatures

    made = PolynomialFeatures(int(name[-1]), include_bias=False).fit_transform(np.zeros((1, columns)))
    assert expanded_columns(name, columns) == made.shape[1]


def test_a_category_counts_by_its_levels_and_one_of_very_many_by_what_it_is_hashed_into() -> None:
    few, many = (tuple(map(str, range(count))) for count in (3, 101))
    columns = [Column("a", "number"), Column("b", "category", few), Column("c", "category", many)]
    assert encoded_columns(columns) == 1 + 3 + 32
