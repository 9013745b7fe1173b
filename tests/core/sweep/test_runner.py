"""Sweeps: every point is what a run of its own would give, and zones say what came of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import torch

from lrtui.core.config import Config, changed
from lrtui.core.sweep.plan import Axis, SweepPlan, around, parse_values
from lrtui.core.sweep.points import Point, Zone, best, largest_good, suggested_rate, zoned
from lrtui.core.sweep.runner import SweepRunner
from lrtui.core.training.problem import problem_of
from lrtui.core.training.smoothness import smoothness
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source


def swept(name: str, *axes: Axis, **config: Any) -> tuple[SweepPlan, list[Point]]:
    """A sweep that has been run, with zones."""
    plan = SweepPlan(Source(name), changed(Config(), **config), axes)
    runner = SweepRunner(load(plan.source), plan, dtype=torch.float64)
    runner.run()
    assert runner.progress == 1
    return plan, zoned(runner.points, axes)


@pytest.mark.parametrize(
    "axes",
    [
        (Axis("lr", (0.01, 0.1, 1.0)), Axis("scaling", ("none", "standard"))),
        (Axis("optimizer", ("sgd", "adam", "lbfgs")), Axis("weight_decay", (0.1,))),
        (Axis("seed", (0, 1, 2)),),
        (Axis("batch_size", (0, 8, 1000)), Axis("test_size", (0.2, 0.5))),
        (Axis("init", ("zeros", "torch", "normal", "xavier")), Axis("loss", ("bce", "bce-logits"))),
        (Axis("threshold", (0.1, 0.5, 0.9)),),
    ],
)
def test_every_point_is_what_a_run_of_its_own_gives(axes: tuple[Axis, ...]) -> None:
    plan, points = swept("moons:n=80", *axes, epochs=3)
    dataset = load(plan.source)
    for config, point in zip(plan.configs(), points, strict=True):
        alone = Trainer(problem_of(dataset, config, single=False), config, dtype=torch.float64)
        alone.advance()
        oracle = alone.measure()
        assert point.done
        assert point.epoch == 3
        assert point.measured is not None
        assert point.measured.train_loss == pytest.approx(oracle.train_loss, rel=1e-9)
        assert point.measured.confusion == oracle.confusion


def test_a_point_that_diverges_tells_at_what_epoch_like_a_run() -> None:
    plan, points = swept("moons", Axis("weight_decay", (0.0, 30.0)), lr=1.0, epochs=500, batch_size=0)
    alone = Trainer(
        problem_of(load(plan.source), plan.configs()[1], single=False),
        plan.configs()[1],
        dtype=torch.float64,
    )
    alone.advance()
    assert points[0].diverged_at is None
    assert points[1].diverged_at == alone.diverged_at is not None
    assert points[1].epoch == alone.epoch
    assert points[1].loss is None
    assert points[1].zone is Zone.UNSTABLE


def test_zones_along_a_learning_rate_are_slower_then_good_then_unstable() -> None:
    axis = Axis("lr", parse_values("lr", "1e-5:1000:33"))
    plan, points = swept("example-learning-rate", axis, batch_size=0, epochs=1000)
    zones = [point.zone for point in points]
    assert zones == sorted(zones, key=[Zone.SLOWER, Zone.GOOD, Zone.UNSTABLE].index)
    assert set(zones) == {Zone.SLOWER, Zone.GOOD, Zone.UNSTABLE}
    suggested = largest_good(points)
    constants = smoothness(problem_of(load(plan.source), plan.config), plan.config)
    stable = constants.stable_below()
    assert suggested is not None
    # Steps of the sweep are a factor of 1.78 apart.
    assert stable / 1.8 < suggested < stable * 1.8
    assert stable / 2 / 1.8 < (suggested_rate(points, constants, plan.config) or 0.0) <= stable / 2
    found = best(points)
    assert found is not None
    assert found.zone is Zone.GOOD


@pytest.mark.parametrize("batch_size", [0, 32])
@pytest.mark.parametrize("name", CATALOGUE)
def test_a_sweep_chooses_the_learning_rate_that_the_form_suggests(name: str, batch_size: int) -> None:
    config = changed(Config(), batch_size=batch_size, epochs=30)
    found = smoothness(problem_of(load(Source(name)), config), config)
    _, points = swept(
        name, around(config, "lr", reach=found.limit(config)), batch_size=batch_size, epochs=30
    )
    assert suggested_rate(points, found, config) == found.suggested(config)
    assert suggested_rate(points, None, config) is None  # nothing is known of what is safe


def test_up_to_the_limit_nothing_is_called_unstable_for_the_noise_of_its_batches() -> None:
    axes = (Axis("lr", (0.1, 0.2, 0.4)),)
    _, points = swept("moons", *axes, epochs=1)
    for number, loss in enumerate((0.5, 0.6, 0.9)):
        measured = points[number].measured
        assert measured is not None
        points[number] = replace(points[number], measured=replace(measured, train_loss=loss))
    assert [p.zone for p in zoned(points, axes, 0.2)] == [Zone.GOOD, Zone.WORSE, Zone.UNSTABLE]
    assert [p.zone for p in zoned(points, axes)] == [Zone.GOOD, Zone.UNSTABLE, Zone.UNSTABLE]


def test_points_with_one_label_are_marked_though_the_test_part_holds_both() -> None:
    _, points = swept("breast-cancer", Axis("lr", (1e-6, 0.05)), epochs=100, init="zeros", init_bias=-1.0)
    assert [point.one_label for point in points] == [True, False]


def test_points_survive_the_store() -> None:
    _, points = swept("moons", Axis("lr", (0.1, 1.0)), epochs=3)
    again = [Point.from_dict(json.loads(json.dumps(p.to_dict(), allow_nan=False))) for p in points]
    assert zoned(again, (Axis("lr", (0.1, 1.0)),)) == points


def advanced(plan: SweepPlan) -> tuple[SweepRunner, list[float]]:
    """A sweep run in slices, and how far it said to be after each."""
    runner = SweepRunner(load(plan.source), plan)
    seen = []
    while not runner.finished:
        runner.advance(0.001)
        seen.append(runner.progress)
    return runner, seen


def test_progress_never_runs_backwards_though_points_that_diverged_begin_again() -> None:
    axis = Axis("weight_decay", (0.0, 30.0, 50.0))
    config = changed(Config(), lr=1.0, epochs=3000, batch_size=0, stop_on_divergence=False)
    plan = SweepPlan(Source("moons"), config, (axis,))
    _, seen = advanced(plan)
    assert seen == sorted(seen)
    assert seen[-1] == 1


def test_a_sweep_can_be_advanced_in_slices_and_fills_as_it_goes() -> None:
    plan = SweepPlan(Source("moons"), changed(Config(), epochs=150), (Axis("optimizer", ("sgd", "adam")),))
    runner, seen = advanced(plan)
    assert seen == sorted(seen)
    assert len(set(seen)) > 3
    assert all(point.done for point in runner.points)
