"""Runs whose numbers are odd (not finite, huge, none) are shown on every screen at every size.

They are what people come here to see: a model that diverged, or never learned.
"""

from __future__ import annotations

import json
from array import array
from dataclasses import replace
from itertools import cycle, product
from math import inf, isfinite, nan
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrtui.core.config import Config, changed
from lrtui.core.store import Run, SnapshotRow, Status, Store
from lrtui.core.store.messages import Start
from lrtui.core.sweep.plan import Axis
from lrtui.core.sweep.points import Point, zoned
from lrtui.core.training.measurement import Measurement
from lrtui.datasets.source import Source
from lrtui.tui.cli.group import main
from lrtui.tui.fix import Fix
from lrtui.tui.layout import PANES
from lrtui.tui.plots.curve import Curve
from lrtui.tui.plots.heat import heat_frame
from lrtui.tui.plots.loss import loss_frame
from lrtui.tui.plots.sweep import sweep_frame
from lrtui.tui.render.changes import Change
from lrtui.tui.render.numbers import clock, number, pace, share
from lrtui.tui.render.sweep import point_words
from lrtui.tui.screens.doctor import DoctorScreen
from lrtui.tui.screens.questions import FixScreen, QuitScreen
from tests.tui.bench import Bench, dashboard

SIZES = [(20, 5), (30, 70), (80, 24), (120, 40), (250, 6), (250, 70)]
TWO = Source("moons:n=60")
THREE = Source("three.csv", "kind", multiclass=True)
# What is trained, and what then stands in the store of it.
TRAINED: list[tuple[Source, dict[str, Any]]] = [
    (TWO, {"epochs": 3}),
    (TWO, {"weight_decay": 1e5, "epochs": 50}),  # diverges by nan
    (TWO, {"lr": 1e6, "weight_decay": 1e6, "stop_on_divergence": False, "epochs": 40}),
    (TWO, {"lr": 1e-6, "init_bias": 50.0, "epochs": 2}),  # one label
    (TWO, {"lr": 1e6, "epochs": 3}),  # huge weights
    (TWO, {"test_size": 0.99}),  # fails before it begins
    (THREE, {"epochs": 3}),
    (THREE, {"weight_decay": 1e5, "epochs": 50}),
    (THREE, {"lr": 1e6, "epochs": 3}),
    (THREE, {"lr": 1e-6, "epochs": 1}),
]
ODD: list[dict[str, Any]] = [
    {"train_loss": nan, "test_loss": inf},
    {"train_loss": inf, "test_loss": -inf, "gradient_norm": nan, "weight_norm": inf},
    {"train_loss": 1e300, "test_loss": -1e300, "gradient_norm": 1e-320, "weight_norm": 1.7e308},
    {"train_loss": 1e-320, "test_loss": 0.0, "test_auc": None, "test_balanced_accuracy": nan},
    {"test_accuracy": nan, "base_accuracy": nan, "majority_share": nan},
    {"test_auc": nan, "train_accuracy": inf, "test_accuracy": -inf, "base_accuracy": 1e300},
]


@pytest.fixture(autouse=True)
def three_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [f"{i % 3 + i % 5 / 9},{i % 7},{'abc'[i % 3]}" for i in range(60)]
    Path("three.csv").write_text("\n".join(["x,y,kind", *rows]))


def train(bench: Bench, source: Source, config: dict[str, Any]) -> Run:
    owner = bench.app.session.engine.token
    run_id = bench.store.runs.create(source, changed(Config(), **config), origin="test", owner=owner)
    bench.store.commands.send(owner, Start(run_id))
    bench.engine.turn()
    while (run := bench.store.runs.get(run_id)).status.live:
        bench.engine.turn()
    return run


def with_numbers(store: Store, like: Run, numbers: dict[str, Any]) -> None:
    """A run such as another, but of these numbers: measured, in its snapshot, its losses and weights."""
    newest = store.history.newest_snapshot(like.id)
    assert newest is not None
    measured = replace(Measurement.from_json(newest.measurement), **numbers).to_json()
    loss = numbers.get("train_loss", 0.5)
    run_id = store.runs.create(like.source, like.config, origin="test", owner=None)
    weights = array("f", [nan, inf, -inf, 3e38, 1e-45][: len(newest.weights)])
    weights.extend([nan] * (len(newest.weights) - len(weights)))
    store.losses.append(run_id, 1, array("f", [0.7, max(min(loss, 3e38), -3e38), nan]))
    store.history.add_snapshots(run_id, [SnapshotRow(0, newest.measurement, newest.weights, 0.0)])
    store.history.add_snapshots(run_id, [SnapshotRow(2, measured, weights, nan)])
    store.runs.update(
        run_id, status=Status.FINISHED, epoch=3, seconds=1e-9, problem=like.problem, measured=measured,
        diverged_at=None if isfinite(loss) else 2, started=1.0, ended=2.0,
    )  # fmt: skip


def fill(bench: Bench) -> list[Run]:
    """A store of everything that is odd; the newest run first."""
    trained = [train(bench, source, config) for source, config in TRAINED]
    assert [run.diverged_at is not None for run in trained[:3]] == [False, True, True]
    assert trained[5].status is Status.FAILED
    for like in (trained[0], trained[6]):
        for numbers in ODD:
            with_numbers(bench.store, like, numbers)
    for status in (Status.QUEUED, Status.PAUSED, Status.STOPPED, Status.INTERRUPTED):
        empty = bench.store.runs.create(TWO, Config(), origin="test", owner=None)
        bench.store.runs.update(empty, status=status)
    return bench.store.runs.recent()


async def test_every_odd_run_is_shown_on_every_screen_and_in_the_letter_and_told_by_the_command_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with dashboard(TWO.name, (200, 29), epochs=2) as bench:
        runs = fill(bench)
        await shown_at_every_size(bench, runs)
        await bench.pilot.resize_terminal(60, 16)
        await shown_in_the_letter(bench, runs)
    told_by_the_command_line(capsys, runs)


async def shown_at_every_size(bench: Bench, runs: list[Run]) -> None:
    app = bench.app
    for turn, (width, height) in enumerate(SIZES):
        await bench.pilot.resize_terminal(width, height)
        # At every size a fifth of the runs, another fifth at the next, and one pane after another.
        for place, run in list(enumerate(runs))[turn % 5 :: 5]:
            app.show_run(run.id)
            app.body.loss.log_scale = (turn + place) % 2 == 1
            app.body.focus_pane(PANES[(turn + place) % len(PANES)])
            app.show_all()
            assert len(bench.screen.split("\n")) == height


async def shown_in_the_letter(bench: Bench, runs: list[Run]) -> None:
    for run in runs:
        bench.app.show_run(run.id)
        bench.app.push_screen(sheet := DoctorScreen(bench.app.context))
        await bench.pilot.pause()
        assert f"run {run.id}" in bench.screen
        await sheet.dismiss()


def told_by_the_command_line(capsys: pytest.CaptureFixture[str], runs: list[Run]) -> None:
    assert command(capsys, "runs").count("\n") == len(runs) + 1
    listed = json.loads(command(capsys, "runs", "--json"))
    assert [row["run_id"] for row in listed] == [run.id for run in runs]
    for run, row in zip(runs, listed, strict=True):
        assert f"run {run.id}" in command(capsys, "show", str(run.id))
        found = json.loads(command(capsys, "show", str(run.id), "--json"))
        assert row["train_loss"] == found["train_loss"]
        # As it is in the store, or nothing where that is no number at all.
        measured = run.measured or {}
        for name in ("train_loss", "test_loss", "test_accuracy", "test_auc", "majority_share"):
            value = measured.get(name)
            assert found[name] == (value if value is not None and isfinite(value) else None)


SHEETS = ("help", "chooser", "table", "sweep", "letter", "fix", "quit", "palette")
SHEETS_OF_A_DATASET = [name for name in SHEETS if name != "table"]


async def open_sheet(bench: Bench, name: str, run: Run) -> None:
    app = bench.app
    app.show_run(run.id)
    if name == "fix":
        two = (Change("learning rate", "1e+300", "nan"), Change("scaling", "none", "standard"))
        app.push_screen(FixScreen(app.context, Fix(run.id, run.source, run.config, two)))
    elif name == "quit":
        app.push_screen(QuitScreen(app.context, [run]))
    elif name == "letter":
        app.push_screen(DoctorScreen(app.context))
    else:
        keys = {"help": "question_mark", "chooser": "o", "table": "i", "sweep": "w", "palette": "ctrl+p"}
        await bench.press("H", keys[name])
    if name == "sweep":
        await bench.sweep()


@pytest.mark.parametrize(
    ("which", "sizes"),  # diverged, of two and of three classes
    [((1, 2), [(20, 5), (250, 70)]), ((7,), [(250, 6), (30, 70)])],
)
async def test_every_sheet_is_shown_over_a_run_that_diverged_at_every_size(
    which: tuple[int, ...], sizes: list[tuple[int, int]]
) -> None:
    async with dashboard(TWO.name, sizes[0], epochs=2) as bench:
        runs = cycle([train(bench, *TRAINED[one]) for one in which])
        bench.app.look(force=True)
        for name in SHEETS if which == (7,) else SHEETS_OF_A_DATASET:
            # Opened at one size and shown at both; the next sheet the other way round.
            await open_sheet(bench, name, next(runs))
            assert len(bench.app.screen_stack) == 2, name
            for width, height in sizes:
                await bench.pilot.resize_terminal(width, height)
                while len(bench.screen.split("\n")) != height:
                    await bench.pilot.pause()
            sizes = sizes[::-1]
            await bench.app.pop_screen()


def command(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert "NaN" not in out
    assert "Infinity" not in out
    return out


@pytest.mark.parametrize("value", [nan, inf, -inf, 1e300, -1e300, 1e-320, -1e-320, 0.0, 10**20, 9999.99996])
def test_a_number_takes_at_most_seven_columns(value: float) -> None:
    assert 1 <= len(number(value)) <= 7


@pytest.mark.parametrize("value", [nan, inf, -inf, 1e300, -1e300, 1e-320, 0.0, 10**20])
def test_shares_times_and_speeds_that_are_none_are_shown_in_short(value: float) -> None:
    assert 1 <= len(share(value)) <= 9
    assert 1 <= len(clock(value)) <= 4
    assert 1 <= len(pace(value)) <= 8


# --- plots, of whatever numbers ---

ANY = st.one_of(
    st.sampled_from([nan, inf, -inf, 0.0, 1e300, -1e300, 1.7e308, 1e-320, -1e-320, 3e38, 0.5]),
    st.floats(allow_nan=True, allow_infinity=True),
)
SIDES = st.tuples(st.integers(1, 250), st.integers(1, 70))
MEASURED = Measurement(
    0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, None, 0, 0.5, 1.0, 1.0, (1, 1, 1, 1), ((1,) * 40,) * 2
)


def points(axes: list[Axis], numbers: list[tuple[float, float, float, float]]) -> list[Point]:
    """The points of a sweep over these axes; their numbers go round."""
    found = []
    for values, (train_loss, test_loss, accuracy, majority) in zip(
        product(*(axis.values for axis in axes)), cycle(numbers), strict=False
    ):
        measured = replace(
            MEASURED,
            train_loss=train_loss,
            test_loss=test_loss,
            test_accuracy=accuracy,
            majority_share=majority,
        )
        named = dict(zip([axis.field for axis in axes], values, strict=True))
        found.append(Point(named, 3, True, None, measured))
    return zoned(found, axes)


@given(st.lists(st.tuples(ANY, ANY, ANY, ANY), min_size=1, max_size=6), SIDES, st.booleans())
@settings(max_examples=20)
def test_a_sweep_of_any_numbers_is_drawn(
    numbers: list[tuple[float, float, float, float]], size: tuple[int, int], ascii_only: bool
) -> None:
    width, height = size
    rates, decays = Axis("lr", (1e-6, 0.1, 1e6)), Axis("weight_decay", (0.0, 1e5))
    one, two = points([rates], numbers), points([decays, rates], numbers)
    frame = sweep_frame(
        one, rates, width=width, height=height, cursor=1, current=0.1, ascii_only=ascii_only
    )
    assert len(frame) == height
    heat_frame(two, [decays, rates], width=width, height=height, cursor=2, ascii_only=ascii_only)
    for point in [*one, *two]:
        assert all(point_words(point))


@given(
    st.lists(ANY, max_size=30), st.lists(st.tuples(st.integers(0, 40), ANY), max_size=9), SIDES,
    st.booleans(), st.booleans(),
)  # fmt: skip
@settings(max_examples=20)
def test_losses_of_any_numbers_are_drawn(
    losses: list[float], test: list[tuple[int, float]], size: tuple[int, int], log: bool, ascii_only: bool
) -> None:
    curve, before = Curve(), Curve()
    curve.extend(1, losses)
    before.extend(1, losses[::-1])
    width, height = size
    frame = loss_frame(
        curve, sorted(test, key=lambda p: p[0]), width=width, height=height, total_epochs=50, log=log,
        ghosts=[before], marks=[(3, "lr 0.1→0.05")], ascii_only=ascii_only,
    )  # fmt: skip
    assert len(frame) == height
