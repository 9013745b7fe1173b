"""More than two classes between trainer, store, sweep and doctor: everything survives, to the last bit."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from lrtui.core.config import Config, changed
from lrtui.core.doctor.doctor import diagnose
from lrtui.core.engine.diagnosis_request import case_of, stored_case
from lrtui.core.engine.run_session import RunSession
from lrtui.core.results import result
from lrtui.core.store import ProblemFacts, Status, Store
from lrtui.core.store.messages import ChangeConfig
from lrtui.core.sweep.plan import Axis, SweepPlan
from lrtui.core.sweep.points import Point, Zone, zoned
from lrtui.core.sweep.runner import SweepRunner
from lrtui.core.training.measurement import Measurement
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from tests.core.training.problems import blobs

DATA = blobs(n=160, k=4)


def opened(store: Store, **values: object) -> RunSession:
    """A session of a fresh run on four classes."""
    config = changed(Config(), **values)
    run_id = store.runs.create(DATA.source, config, origin="test", owner="me")
    session = RunSession(store, run_id, "me", problem_of(DATA, config))
    session.open()
    return session


def to_the_end(session: RunSession) -> None:
    while session.running:
        session.slice(0.2)


def test_a_run_leaves_weights_counts_and_confusion_by_class(store: Store) -> None:
    session = opened(store, epochs=300)
    to_the_end(session)
    run = store.runs.get(session.run_id)
    facts = run.problem
    assert run.status is Status.FINISHED
    assert facts is not None
    problem = problem_of(DATA, run.config)
    assert facts.train_counts == np.bincount(problem.y_train).tolist()
    assert facts.test_counts == np.bincount(problem.y_test).tolist()
    assert facts.base_rate == pytest.approx(DATA.base_rate)
    assert facts.classes == 4
    found = result(store, run)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    theta = np.reshape(session.trainer.theta, (4, 4)).astype(np.float32)
    told = [[*found["weights"][f"c{k}"].values(), found["bias"][f"c{k}"]] for k in range(4)]
    np.testing.assert_array_equal(np.float32(told), theta)
    newest = Measurement.from_json(run.measured or {})
    assert [list(row.values()) for row in found["confusion"].values()] == [list(r) for r in newest.table]


def test_a_run_that_is_put_down_and_taken_up_ends_with_the_very_same_weights(store: Store) -> None:
    whole = opened(store, epochs=600, optimizer="adam", lr=0.01)
    to_the_end(whole)
    cut = opened(store, epochs=600, optimizer="adam", lr=0.01)
    cut.slice(0.005)
    assert cut.trainer.epoch < 600
    cut.put_down()
    assert store.runs.claim(cut.run_id, "next")
    again = RunSession(store, cut.run_id, "next", problem_of(DATA, cut.config))
    again.open()
    to_the_end(again)
    assert again.trainer.theta == whole.trainer.theta
    assert store.runs.get(cut.run_id).measured == store.runs.get(whole.run_id).measured


def test_the_doctor_is_told_the_same_of_a_held_run_and_a_stored_one(store: Store) -> None:
    session = opened(store, epochs=40, lr=1e-6, shuffle=False)
    to_the_end(session)
    held, kept = case_of(store, session), stored_case(store, session.run_id)
    assert held.outcome is not None
    assert kept.outcome is not None
    np.testing.assert_array_equal(held.outcome.theta, kept.outcome.theta)
    found = diagnose(DATA, held.config, outcome=held.outcome)
    assert found.cause == "lr-too-low"
    store.diagnoses.note(session.run_id, held.epoch, found)
    again = store.diagnoses.get(session.run_id)
    assert again is not None
    assert again.letter == found


def test_the_learning_rate_changes_in_a_run_that_goes_on(store: Store) -> None:
    session = opened(store, epochs=100_000)
    session.slice(0.01)
    session.obey(ChangeConfig(session.run_id, {"lr": 0.5, "epochs": 1}))
    assert session.trainer.config.lr == 0.5
    assert not session.running


def test_facts_of_an_earlier_version_are_read() -> None:
    old = {
        "train_rows": 8, "test_rows": 2, "train_positive": 3, "test_positive": 1,
        "features": 1, "class_names": ["0", "1"], "device": "cpu", "threads": 1,
    }  # fmt: skip
    facts = ProblemFacts.from_dict(old)
    assert facts.train_counts is None
    assert (facts.base_rate, facts.train_base_rate, facts.classes) == (0.4, 0.375, 2)


@pytest.mark.parametrize(
    "axes",
    [
        (Axis("lr", (0.01, 0.1, 1.0)), Axis("scaling", ("none", "standard"))),
        (Axis("optimizer", ("sgd", "adam", "lbfgs")), Axis("class_weight", ("balanced",))),
        (Axis("batch_size", (0, 8, 1000)), Axis("seed", (0, 1))),
    ],
)
def test_every_point_of_a_sweep_is_what_a_run_of_its_own_gives(axes: tuple[Axis, ...]) -> None:
    plan = SweepPlan(DATA.source, changed(Config(), epochs=3), axes)
    runner = SweepRunner(DATA, plan, dtype=torch.float64)
    runner.run()
    for config, point in zip(plan.configs(), runner.points, strict=True):
        alone = Trainer(problem_of(DATA, config, single=False), config, dtype=torch.float64)
        alone.advance()
        oracle = alone.measure()
        assert point.measured is not None
        assert point.measured.train_loss == pytest.approx(oracle.train_loss, rel=1e-9)
        assert point.measured.confusion == oracle.confusion
    again = [Point.from_dict(json.loads(json.dumps(p.to_dict(), allow_nan=False))) for p in runner.points]
    assert again == runner.points


def test_zones_along_a_learning_rate_and_points_with_one_label() -> None:
    axis = Axis("lr", (1e-7, 1e-6, 1e-2, 1e-1, 1.0, 1e5))
    config = changed(Config(), epochs=300, init="zeros", init_bias="log-odds", batch_size=0)
    runner = SweepRunner(DATA, SweepPlan(DATA.source, config, (axis,)))
    runner.run()
    points = zoned(runner.points, (axis,))
    zones = [point.zone for point in points]
    assert (zones[0], zones[-1]) == (Zone.SLOWER, Zone.UNSTABLE)
    assert Zone.GOOD in zones
    assert points[0].one_label
    assert not next(point for point in points if point.zone is Zone.GOOD).one_label
