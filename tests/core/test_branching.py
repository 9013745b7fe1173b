"""A run that begins with the weights of another: the same bits again, and only what fits together."""

from __future__ import annotations

import shlex
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

import polars as pl
import pytest

from lrtui.core.branching import branch, nearest_snapshot
from lrtui.core.config import Config, changed
from lrtui.core.engine.run_session import RunSession
from lrtui.core.errors import EngineError, LrtuiError, UnreadableError
from lrtui.core.results import result
from lrtui.core.store import Run, Status, Store
from lrtui.core.store.messages import ChangeConfig
from lrtui.core.store.records import WATCHED
from lrtui.datasets.source import Source
from lrtui.tui.cli.group import lrtui

ASKED = changed(Config(), epochs=12, lr=0.2, optimizer="adam", seed=5, batch_size=16)
MOONS = Source("moons")


def trained(store: Store, run_id: int) -> Run:
    session = RunSession(store, run_id, "me")
    session.open()
    while session.running:
        session.slice(0.01)
    return store.runs.get(run_id)


@pytest.fixture
def parent(store: Store) -> Run:
    return trained(store, store.runs.create(MOONS, ASKED, origin="test", owner="me"))


def branched(store: Store, parent: Run, epoch: int, **values: object) -> Run:
    snapshot = nearest_snapshot(store, parent, epoch)
    config = changed(parent.config, **values)
    run_id = branch(store, parent, snapshot, parent.source, config, origin="test", owner="me")
    return trained(store, run_id)


def theta(store: Store, run: Run) -> list[float]:
    found = store.history.newest_snapshot(run.id)
    assert found is not None
    return [*found.weights, found.bias]


def called(line: str) -> None:
    """The line as a shell would run it, in this process."""
    with redirect_stdout(StringIO()):
        lrtui.main(shlex.split(line)[1:], prog_name="lrtui", standalone_mode=False)


def test_plain_gradient_descent_goes_on_from_a_branch_as_if_it_had_never_left(store: Store) -> None:
    config = changed(ASKED, optimizer="sgd", batch_size=0)  # which remembers nothing and draws nothing
    whole = trained(store, store.runs.create(MOONS, config, origin="test", owner="me"))
    part = branched(store, whole, 5, epochs=7)
    assert theta(store, part) == theta(store, whole)
    first = store.history.snapshot(part.id, 0)
    assert first is not None
    assert first.weights == nearest_snapshot(store, whole, 5).weights


def test_the_line_of_a_branch_gives_the_same_bits_whatever_becomes_of_the_other_run(
    store: Store, parent: Run
) -> None:
    run = branched(store, parent, 5, epochs=7, lr=0.01, seed=0, optimizer="sgd", batch_size=8)
    assert store.runs.claim(parent.id, "me", further=True)  # the other one goes on, and is changed
    session = RunSession(store, parent.id, "me")
    session.open()
    session.obey(ChangeConfig(parent.id, {"epochs": 20, "weight_decay": 0.5, "lr": 1.0}))
    while session.running:
        session.slice(0.01)
    told = result(store, run)
    assert told["branch"] == {"run": parent.id, "epoch": 5}
    assert "--from=1@5" in told["command"]
    called(told["command"] + " --quiet")
    again = store.runs.recent(1)[0]
    assert (again.id, again.config, again.branch) == (3, run.config, run.branch)
    assert theta(store, again) == theta(store, run)


def test_an_epoch_that_is_not_kept_is_the_nearest_and_without_one_it_is_the_one_shown(
    store: Store, parent: Run
) -> None:
    assert nearest_snapshot(store, parent, 10**15).epoch == 12
    assert nearest_snapshot(store, parent, None).epoch == 12
    store.execute("UPDATE snapshots SET weights = x'00' WHERE epoch = 12")
    assert nearest_snapshot(store, parent, 12).epoch == 11  # the last that can be read


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"features": "poly2"}, "features differs"),
        ({"test_size": 0.3, "split_seed": 1}, "test size, split seed differ"),
        ({"validation": 0.2}, "validation differs"),
    ],
)
def test_other_rows_or_columns_are_refused(
    store: Store, parent: Run, values: dict[str, object], said: str
) -> None:
    with pytest.raises(EngineError, match=said):
        branched(store, parent, 5, **values)
    snapshot = nearest_snapshot(store, parent, 5)
    with pytest.raises(EngineError, match="another dataset"):
        branch(store, parent, snapshot, Source("circles"), ASKED, origin="test", owner="me")
    assert len(store.runs.recent()) == 1


def test_a_file_that_has_changed_since_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    frame = pl.DataFrame({"a": [0.1 * i for i in range(40)], "y": [i % 2 for i in range(40)]})
    frame.write_csv(path)
    source = Source(str(path), "y", "1")
    one = trained(store, store.runs.create(source, ASKED, origin="test", owner="me"))
    frame.with_columns(b=pl.col("a") * 2).write_csv(path)
    with pytest.raises(LrtuiError, match="no longer what the weights were learned on"):
        branched(store, one, 5)
    failed = store.runs.recent(1)[0]
    assert (failed.status, failed.failure is not None) == (Status.FAILED, True)


def test_a_script_has_no_weights_to_begin_with(store: Store, parent: Run) -> None:
    for epoch in (None, 5):
        with pytest.raises(EngineError, match="no weights to begin with"):
            nearest_snapshot(store, replace(parent, origin=WATCHED), epoch)


def test_damaged_first_weights_are_refused(store: Store, parent: Run) -> None:
    snapshot = nearest_snapshot(store, parent, 5)
    run_id = branch(store, parent, snapshot, MOONS, ASKED, origin="test", owner="me")
    store.execute("UPDATE branches SET weights = x'0000'")
    with pytest.raises(UnreadableError, match="begins with are damaged"):
        trained(store, run_id)


def test_weights_that_are_no_numbers_are_refused(store: Store) -> None:
    config = changed(ASKED, lr=1e6, weight_decay=1e6, optimizer="sgd", stop_on_divergence=False)
    one = trained(store, store.runs.create(MOONS, config, origin="test", owner="me"))
    with pytest.raises(EngineError, match="not all finite"):
        branched(store, one, 12)
