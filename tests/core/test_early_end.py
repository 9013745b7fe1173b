"""A run that patience ended, in the store: its best epoch is shown, and it goes on from its last state."""

from __future__ import annotations

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.engine.diagnosis_request import stored_case
from lrtui.core.engine.run_session import RunSession
from lrtui.core.results import result
from lrtui.core.store import Status, Store
from lrtui.core.store.messages import ChangeConfig, Stop
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from lrtui.tui.render.glyphs import UNICODE
from lrtui.tui.render.run_report import details, report

SOURCE = Source("breast-cancer")
ASKED = changed(Config(), optimizer="adam", lr=0.5, batch_size=0, epochs=300, patience=20)


def session_of(store: Store, run_id: int) -> RunSession:
    session = RunSession(store, run_id, "me")
    session.open()
    return session


def to_the_end(session: RunSession) -> None:
    while session.running:
        session.slice(0.01)


@pytest.fixture
def ended(store: Store) -> int:
    run_id = store.runs.create(SOURCE, ASKED, origin="test", owner="me")
    to_the_end(session_of(store, run_id))
    return run_id


def oracle(epochs: int) -> Trainer:
    found = Trainer(problem_of(load(SOURCE), ASKED), changed(ASKED, patience=0, epochs=epochs))
    found.advance()
    return found


def test_all_that_is_told_of_it_is_of_the_best_epoch(store: Store, ended: int) -> None:
    run = store.runs.get(ended)
    assert run.shown_best is not None
    epoch = run.shown_best.epoch
    assert (run.status, run.epoch) == (Status.FINISHED, epoch + 20)
    best = oracle(epoch).snapshot()
    found = result(store, run)
    assert found["measured_epoch"] == found["best"]["epoch"] == epoch
    assert found["test_loss"] == best.measurement.test_loss
    assert found["best"]["loss"] == pytest.approx(best.measurement.test_loss, rel=1e-6)
    assert list(found["weights"].values()) == [pytest.approx(w, rel=1e-6) for w in best.weights]
    assert stored_case(store, ended).outcome is not None
    assert stored_case(store, ended).outcome.theta.tolist() == [*best.weights, best.bias]  # type: ignore[union-attr]
    assert stored_case(store, ended).outcome.stopped_early  # type: ignore[union-attr]
    told = report(run, UNICODE) + details(store, run, UNICODE)
    assert f"epoch {epoch}, the best: test loss" in told
    assert "so that the test scores flatter" in told
    assert f"weights on scaled features, epoch {epoch}" in told


def test_more_epochs_go_on_from_the_last_state_and_patience_counts_anew(store: Store, ended: int) -> None:
    before = store.runs.get(ended)
    assert store.runs.claim(ended, "me", further=True)
    session = session_of(store, ended)
    session.obey(ChangeConfig(ended, {"epochs": ASKED.epochs}))
    to_the_end(session)
    after = store.runs.get(ended)
    assert (after.status, after.epoch, after.best) == (Status.FINISHED, before.epoch + 20, before.best)
    assert session.trainer.theta == oracle(after.epoch).theta
    assert f"after epoch {before.epoch}: patience 20 anew" in details(store, after, UNICODE)


def test_one_that_a_person_stops_shows_its_best_epoch_too(store: Store) -> None:
    config = changed(ASKED, patience=100_000, epochs=10_000_000)
    session = session_of(store, store.runs.create(SOURCE, config, origin="test", owner="me"))
    while (best := session.trainer.best) is None or best.epoch == session.trainer.epoch:
        session.slice(0.01)
    live = store.runs.get(session.run_id)
    assert live.shown_best is None  # as long as it trains it is shown as it is
    session.obey(Stop(session.run_id))
    run = store.runs.get(session.run_id)
    assert run.shown_best is not None
    assert run.shown_best.epoch < run.epoch
    assert not stored_case(store, run.id).outcome.stopped_early  # type: ignore[union-attr]
    kept = store.history.shown_snapshot(run)
    assert kept is not None
    assert kept.epoch == run.shown_best.epoch


def test_validation_rows_are_counted_and_told(store: Store) -> None:
    config = changed(ASKED, validation=0.2)
    session = session_of(store, store.runs.create(SOURCE, config, origin="test", owner="me"))
    to_the_end(session)
    run = store.runs.get(session.run_id)
    assert run.problem is not None
    assert (run.problem.validation_rows, run.problem.rows) == (91, 569)
    assert run.shown_best is not None
    assert run.shown_best.part == "validation"
    told = report(run, UNICODE) + details(store, run, UNICODE)
    assert "the best: validation loss" in told
    assert "flatter" not in told
    assert "364 training rows, 114 test rows, 91 validation rows" in told
