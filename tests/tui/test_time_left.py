"""How long a run still takes: unknown until measured, steady after, and honest where the rate changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.store import Run, Status, Store
from lrtui.datasets.source import Source
from lrtui.tui import time_left
from lrtui.tui.time_left import TimeLeft
from tests.tui.bench import dashboard


@pytest.fixture
def run(store: Store) -> Run:
    number = store.runs.create(Source("moons"), changed(Config(), epochs=1000), origin="test", owner=None)
    return replace(store.runs.get(number), status=Status.RUNNING)


def told(
    run: Run, rate: float, first: float, last: float, watch: TimeLeft, done: float = 0
) -> list[float | None]:
    """What is said at ten looks a second while a run trains at a rate."""
    looks = [first + number / 10 for number in range(round((last - first) * 10))]
    return [watch.left(replace(run, epoch=int(done + rate * (now - first))), now) for now in looks]


def test_nothing_is_said_before_two_seconds_of_epochs_and_then_it_counts_down(run: Run) -> None:
    found = told(run, 10, 0, 60, TimeLeft())
    assert not any(found[:20])
    known = [left for left in found if left is not None]
    assert len(known) > 570
    assert known == sorted(known, reverse=True)  # no jumping
    for second, left in enumerate(known[5::10], 3):
        assert left == pytest.approx(100 - second, abs=2)


def test_epochs_of_many_seconds_are_measured_from_the_first_whole_one(run: Run) -> None:
    found = told(run, 1 / 7, 0, 40, TimeLeft())
    assert not any(found[:140])  # the first that ends had begun who knows when
    assert found[150] == pytest.approx(7 * 1000 - 15, abs=8)


def test_another_rate_another_goal_a_stall_and_a_pause_are_heeded(run: Run) -> None:
    watch = TimeLeft()
    told(run, 10, 0, 10, watch)
    slow = told(run, 5, 10, 40, watch, done=100)
    assert slow[-1] == pytest.approx((1000 - 250) / 5, rel=0.16)
    more = replace(run, epoch=251, config=changed(run.config, epochs=2000))
    assert watch.left(more, 40.1) is None  # until it is measured anew
    watch = TimeLeft()
    told(run, 10, 0, 10, watch)
    halted = replace(run, epoch=99)
    assert watch.left(halted, 10.2) is not None
    assert watch.left(halted, 15.0) is None
    assert watch.left(replace(halted, status=Status.PAUSED), 15.1) is None


async def test_the_status_line_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_left, "SURE_SECONDS", 0.0)
    monkeypatch.setattr(time_left, "APART_SECONDS", 0.0)
    monkeypatch.setattr(time_left, "STALLED", 1e9)
    async with dashboard("moons", epochs=10_000_000) as bench:
        await bench.press("space")
        await bench.train()
        assert "left" not in bench.status
        for _ in range(3):
            await bench.train(3)
        assert bench.status.rstrip().endswith(" left")
        await bench.resize(40, 12)
        assert "training" in bench.status
        await bench.press("space")
        await bench.train()
        assert "left" not in bench.status
