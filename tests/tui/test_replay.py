"""A stored run as it went: at each epoch what was seen then, and at its end the run as it is."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.errors import StoreError
from lrtui.core.store import Failure, Status, Store
from lrtui.core.store.messages import Step
from lrtui.datasets.source import Source
from lrtui.tui import replay as replaying
from lrtui.tui.replay import FASTEST, SLOWEST, Replay, speed_of
from lrtui.tui.run_poller import RunPoller
from tests.cli.commands import refused
from tests.cli.conftest import lrtui as lrtui
from tests.core.letters import Says, two_changes
from tests.tui.bench import Bench, dashboard
from tests.tui.test_script import ended

CHANGES = {20: 0.5, 40: 0.02}  # the learning rate, from an epoch on


class Clock:
    """Time as a test has it pass."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(replaying, "clock", found)
    return found


async def changed_run(bench: Bench) -> None:
    """A run of 60 epochs whose learning rate a person changed twice; it took two seconds."""
    await bench.press("s")
    await bench.train()
    for epoch, rate in CHANGES.items():
        bench.app.session.tell_engine(Step(1, epoch - bench.store.runs.get(1).epoch))
        await bench.train()
        bench.app.session.change(changed(bench.app.session.config, lr=rate))
        await bench.train()
    await bench.press("space")
    await bench.train_to_the_end()
    bench.store.runs.update(1, seconds=2.0)


def stored(store: Store) -> list[tuple[object, ...]]:
    """All that the store keeps of runs."""
    tables = ("runs", "losses", "snapshots", "changes", "checkpoints", "diagnoses")
    return [tuple(row) for name in tables for row in store.rows(f"SELECT * FROM {name}")]


async def after(bench: Bench, clock: Clock, seconds: float) -> None:
    clock.now += seconds
    bench.app.look()
    await bench.pilot.pause()


async def test_a_run_unrolls_as_it_went_and_ends_as_it_is(clock: Clock) -> None:
    async with dashboard("moons", size=(120, 40), epochs=60, lr=0.1, doctor=Says(two_changes())) as bench:
        await changed_run(bench)
        await bench.examine()
        store, poller = bench.store, bench.app.poller
        losses = [value for chunk in store.losses.read(1) for value in chunk.values]
        snapshots = {row.epoch: row.measurement for row in store.history.snapshots(1)}
        kept = stored(store)
        bench.app.action_begin_replay()
        await bench.press()
        assert "›› replay 0.2× 0 %" in bench.status  # two seconds in ten
        assert "Run 1 as it went" in bench.banner
        assert "the end of the replay" in bench.screen or not bench.app.body.shows("doctor")
        for seconds, epoch, rate in ((1, 6, 0.1), (2.5, 21, 0.5), (3.25, 40, 0.02), (2.5, 55, 0.02)):
            await after(bench, clock, seconds + 1e-6)
            view = poller.view
            assert view.run is not None
            assert (view.epoch, view.curve.last_epoch, view.run.epoch) == (epoch,) * 3
            assert view.curve.extremes() == (min(losses[:epoch]), max(losses[:epoch]))
            newest = max(one for one in snapshots if one <= epoch)
            assert view.measurement is not None
            assert view.measurement.test_loss == snapshots[newest]["test_loss"]
            assert view.test[-1][0] == newest
            assert bench.app.session.config.lr == view.run.config.lr == rate
            assert [change.epoch for change in view.changes] == [at for at in CHANGES if at <= epoch]
            assert f"epoch {epoch}/60" in bench.screen
            assert f"replay 0.2× {epoch / 60:.0%}".replace("%", " %") in bench.status
            assert view.diagnosed is None
        assert "lr 0.1→0.5" in bench.screen
        await after(bench, clock, 10)
        assert "✓ finished" in bench.status
        assert poller.verdicts == {1: Health.SICK}
        alone = RunPoller(store)
        alone.show(1)
        assert poller.view.run == alone.view.run
        assert poller.view.curve.highest == alone.view.curve.highest
        assert poller.view.diagnosed is not None
        assert stored(store) == kept


async def test_the_keys_hold_it_and_move_it_and_start_nothing(clock: Clock) -> None:
    async with dashboard("moons", size=(120, 40), epochs=100, lr=0.1) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        bench.store.runs.update(1, seconds=5.0)
        bench.app.action_begin_replay()
        await bench.press()
        assert "␣ hold" in bench.screen
        assert "←→ walk" in bench.screen
        view = bench.app.poller
        await after(bench, clock, 3.0001)
        await bench.press("space")
        await after(bench, clock, 60)
        assert "‖ replay 0.5× 30 %" in bench.status
        assert "␣ go on" in bench.screen
        await bench.press("s")
        assert view.view.epoch == 31
        await bench.press("right", "right")
        assert view.view.epoch == 41
        await bench.press("left")
        assert (view.view.epoch, view.view.curve.last_epoch) == (36, 36)
        before = bench.app.session.config
        for key in ("w", "f", "d", "u", "t", "plus"):
            await bench.press(key)
            assert bench.banner == "Run 1 is replayed: at its end, to which x goes, ask again.", key
            assert len(bench.app.screen_stack) == 1
        assert bench.app.session.config == before
        await bench.press("r")
        assert "›› replay 0.5× 0 %" in bench.status
        await bench.press("left")
        assert view.view.epoch == 0
        await bench.press("x")
        assert "✓ finished" in bench.status
        losses = [value for chunk in bench.store.losses.read(1) for value in chunk.values]
        assert [*view.view.curve.highest] == losses
        await bench.press("space")  # who was about to hold it
        assert bench.banner == "The replay is over, and run 1 is shown as it is. Space again: start."
        assert len(bench.store.runs.recent()) == 1
        await bench.press("space")
        assert len(bench.store.runs.recent()) == 2
        assert "starting" in bench.status


async def test_a_run_that_diverged_says_so_when_it_does(clock: Clock) -> None:
    async with dashboard("breast-cancer", epochs=50, lr=1e6, scaling="none", loss="bce-logits") as bench:
        run_id = bench.store.runs.create(Source("moons"), Config(), origin="train", owner=None)
        bench.store.losses.append(run_id, 1, array("f", [1.0, 2.0, 3.0, float("nan")]))
        bench.store.runs.update(run_id, status=Status.FINISHED, epoch=4, diverged_at=4, seconds=1.0)
        bench.app.show_run(run_id)
        bench.app.action_begin_replay()
        await bench.press()
        await after(bench, clock, 8)
        assert "replay 0.1× 75 %" in bench.status
        assert "Diverged" not in bench.banner
        await after(bench, clock, 3)
        assert "✗ diverged" in bench.status
        assert "Diverged and stopped at epoch 4" in bench.banner
        clock.now += 5
        await bench.press("space")  # who has seen that it is over starts a run
        assert "starting" in bench.status


async def test_a_watched_script_and_a_run_that_goes_away_meanwhile(tmp_path: Path, clock: Clock) -> None:
    async with dashboard(size=(160, 50)) as bench:
        run_id = ended(bench, tmp_path)
        bench.app.show_run(run_id)
        bench.app.action_begin_replay()
        await bench.press()
        await after(bench, clock, 5)
        assert "replay 0.2× 50 %" in bench.status
        assert "step 64" in bench.screen
        assert "when it did is not kept" in bench.screen
        bench.store.execute("DELETE FROM runs WHERE id = ?", (run_id,))
        await after(bench, clock, 2)
        assert "step 89" in bench.screen  # what is in memory goes on
        await after(bench, clock, 4)
        assert f"There is no run {run_id}." in bench.banner
        assert bench.app.is_running


def test_a_very_long_run_unrolls_by_its_rows(store: Store, clock: Clock) -> None:
    run_id = store.runs.create(Source("moons"), Config(), origin="train", owner=None)
    epochs = 300_000
    store.losses.append(run_id, 1, array("f", range(epochs, 0, -1)))
    store.runs.update(run_id, status=Status.FINISHED, epoch=epochs, seconds=100.0)
    found = Replay(store, store.runs.get(run_id), 10.0)
    clock.now = 5.0
    found.look()
    assert found.epoch == 150_000
    assert 150_000 - 1024 <= found.curve.last_epoch <= 150_000
    assert max(found.curve.highest) == epochs
    found.walk(-1)
    assert 135_000 - 1024 <= found.curve.last_epoch <= 135_000


@pytest.mark.parametrize(
    ("text", "speed"), [("10x", 10), ("0.5", 0.5), ("×3", 3), (" 1,000 X ", 1000), ("1e2x", 100)]
)
def test_a_speed_is_read_as_people_write_it(text: str, speed: float) -> None:
    assert speed_of(text) == speed


@pytest.mark.parametrize("text", ["", "x", "fast", "0", "-1x", "nan", "inf", "1e9", "\x1b[2J", "1..2"])
def test_what_is_no_speed_is_refused(text: str) -> None:
    with pytest.raises(StoreError) as caught:
        speed_of(text)
    assert "\x1b" not in str(caught.value)
    assert f"{SLOWEST:g}x to {FASTEST:,.0f}x" in caught.value.fix


def test_what_cannot_be_replayed_is_refused_in_two_sentences(lrtui: object, store: Store) -> None:
    assert callable(lrtui)
    assert "No run is stored yet." in refused(lrtui("replay", "last"))
    empty = store.runs.create(Source("moons"), Config(), origin="train", owner=None)
    store.runs.fail(empty, Failure("Dataset", "It is gone.", "Bring it back."))
    assert "There is no run 9." in refused(lrtui("replay", "9"))
    assert "no run called 'nobody'" in refused(lrtui("replay", "nobody"))
    assert "'fast' is no speed" in refused(lrtui("replay", "1", "--speed", "fast"))
    assert "Nothing of run 1 was trained" in refused(lrtui("replay", "1"))
    store.losses.append(empty, 1, array("f", [1.0]))
    store.runs.update(empty, epoch=1, status=Status.PAUSED)
    assert "Run 1 is paused, and has not come to its end." in refused(lrtui("replay", "1"))
    store.runs.update(empty, status=Status.STOPPED)
    assert "needs a terminal" in refused(lrtui("replay", "1"))
