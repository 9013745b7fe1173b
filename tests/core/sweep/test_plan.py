"""What a sweep goes through, from what people write and from the form's own steps."""

from __future__ import annotations

import numpy as np
import pytest

from lrtui.core.config import Config, changed, fields_that, knobs
from lrtui.core.errors import ConfigError
from lrtui.core.sweep.plan import (
    GRID_STEPS,
    Axis,
    SweepPlan,
    around,
    default_rates,
    idle_along,
    parse_values,
    plan_around,
)
from lrtui.datasets.source import Source

UNSWEPT = fields_that(lambda knob: bool(knob.sweep.refused))


def test_a_range_of_learning_rates_goes_by_equal_factors() -> None:
    found = parse_values("lr", "1e-5:10:64")
    assert len(found) == 64
    np.testing.assert_allclose(found, np.geomspace(1e-5, 10, 64), rtol=1e-5)
    assert (found[0], found[-1]) == (1e-5, 10.0)


def test_a_range_of_other_fields_goes_by_equal_steps() -> None:
    assert parse_values("threshold", "0:1:5") == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert parse_values("epochs", "1:100:3") == (1, 10, 100)
    assert parse_values("seed", "0:3:4") == (0, 1, 2, 3)


def test_lists_keep_their_order_and_lose_what_is_twice() -> None:
    assert parse_values("scaling", "standard, none,standard") == ("standard", "none")
    assert parse_values("shuffle", "yes,no") == (True, False)
    assert parse_values("lr", "0.5") == (0.5,)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lr", "1:2"),
        ("lr", "1:2:x"),
        ("lr", "0:1:5"),
        ("lr", "1:2:1"),
        ("lr", "1:1e9:5"),
        ("lr", "1:2:99999"),
        ("lr", "a,b"),
        ("scaling", "none:standard:3"),
        ("scaling", "none,nonsense"),
        ("init_bias", "log-odds:1:3"),
        ("threshold", "base-rate:1:3"),
        ("threshold", "0:2:3"),
        ("missing", "error:drop:2"),
    ],
)
def test_what_is_no_list_or_range_is_refused_with_a_way_out(name: str, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_values(name, text)
    assert caught.value.what
    assert caught.value.fix


@pytest.mark.parametrize("name", sorted(knobs().keys() - set(UNSWEPT)))
def test_every_field_can_be_swept_around_its_value(name: str) -> None:
    config = changed(Config(), optimizer="momentum", init="normal")  # beside which every field counts
    axis = around(config, name)
    assert getattr(config, name) in axis.values
    assert len(axis.values) == len(set(axis.values)) >= 2
    if axis.numeric:
        assert list(axis.values) == sorted(axis.values)
    plan = SweepPlan(Source("moons"), config, (axis,))
    plan.check()
    assert len(plan.configs()) == len(axis.values)


def test_a_list_of_thresholds_may_hold_the_base_rate() -> None:
    assert parse_values("threshold", "0.1,base-rate,0.5") == (0.1, "base-rate", 0.5)
    plan = SweepPlan(Source("moons"), Config(), (Axis("threshold", (0.1, "base-rate")),))
    assert [config.threshold for config in plan.configs()] == [0.1, "base-rate"]
    assert SweepPlan.from_dict(plan.to_dict()) == plan


def test_around_the_base_rate_lie_numbers_and_the_word_stands_last() -> None:
    values = around(changed(Config(), threshold="base-rate"), "threshold").values
    assert values == (*around(Config(), "threshold").values, "base-rate")


def test_where_cells_are_missing_a_sweep_compares_only_what_trains() -> None:
    assert around(changed(Config(), missing="error"), "missing").values == (
        "indicator",
        "median",
        "drop",
        "error",
    )
    for way in ("indicator", "median", "drop"):
        assert around(changed(Config(), missing=way), "missing").values == ("indicator", "median", "drop")


def test_around_a_learning_rate_lie_four_decades_to_either_side() -> None:
    values = around(changed(Config(), lr=0.3), "lr").values
    assert 0.3 in values
    assert values[0] < 1e-4
    assert values[-1] > 1e3


def test_a_sweep_reaches_well_past_what_theory_says_however_far_away_that_is() -> None:
    near = around(changed(Config(), lr=0.3), "lr")
    low = around(changed(Config(), lr=0.3), "lr", reach=2e-7).values
    assert low[0] <= 2e-8
    assert low[-1] == near.values[-1]
    high = around(changed(Config(), lr=1e-6), "lr", reach=5.0).values
    assert high[-1] >= 50
    assert around(Config(), "lr", reach=1e9).values[-1] == 1e6  # the field's own limit


def test_from_zero_a_sweep_goes_by_decades_to_where_it_matters() -> None:
    axis = around(Config(), "weight_decay")
    assert axis.values[:2] == (0.0, 1e-6)
    assert axis.values[-1] == 100
    assert axis.numeric
    assert not axis.scaled  # 0 has no place on a logarithmic scale
    assert around(changed(Config(), weight_decay=0.1), "weight_decay").scaled


def test_a_grid_goes_less_far() -> None:
    down, across = (around(Config(), name, GRID_STEPS) for name in ("scaling", "lr"))
    assert down == around(Config(), "scaling")
    assert across.values[0] == 0.0005
    assert across.values[-1] == 5


@pytest.mark.parametrize("name", UNSWEPT)
def test_what_changes_no_result_is_not_swept(name: str) -> None:
    with pytest.raises(ConfigError, match="nothing to sweep"):
        around(Config(), name)
    with pytest.raises(ConfigError, match="nothing to sweep"):
        SweepPlan(Source("moons"), Config(), (Axis(name, (True, False)),)).check()


def test_rates_to_look_through_lie_on_both_sides_of_the_limit() -> None:
    values = default_rates(2.0)
    assert len(values) == 25
    assert values[0] < 0.002 < 20 < values[-1]
    assert default_rates(None)


def test_a_plan_of_two_axes_is_a_grid_and_survives_the_store() -> None:
    axes = (Axis("lr", (0.1, 1.0)), Axis("scaling", ("none", "standard", "robust")))
    plan = SweepPlan(Source("moons"), changed(Config(), epochs=7), axes)
    assert [c.scaling for c in plan.configs()] == ["none", "standard", "robust"] * 2
    assert {c.epochs for c in plan.configs()} == {7}
    assert SweepPlan.from_dict(plan.to_dict()) == plan


def test_sweeps_that_cannot_be_drawn_are_refused() -> None:
    lr = Axis("lr", default_rates(1.0))
    with pytest.raises(ConfigError, match="one or two"):
        SweepPlan(Source("moons"), Config(), (lr, lr, lr)).check()
    many = Axis("seed", tuple(range(100)))
    with pytest.raises(ConfigError, match="points"):
        SweepPlan(Source("moons"), Config(), (lr, many)).check()


@pytest.mark.parametrize("name", ["lr", "momentum", "batch_size", "shuffle"])
def test_what_does_nothing_is_not_swept_but_beside_a_field_that_gives_it_something_to_do(name: str) -> None:
    newton = changed(Config(), optimizer="newton")
    alone = plan_around(Source("moons"), newton, name)
    with pytest.raises(
        ConfigError, match="does nothing with optimizer newton, so there is nothing to sweep"
    ):
        alone.check()
    assert idle_along(name, newton, "seed")
    plan_around(Source("moons"), newton, "optimizer", name).check()
    assert not idle_along(name, newton, "optimizer")
