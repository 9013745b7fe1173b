"""The doctor's fix on one key: what it changes, what stays in sight, and that it can be taken back."""

from __future__ import annotations

from dataclasses import replace

from lrtui.core.store import Status
from lrtui.datasets.source import Source
from lrtui.tui.screens.questions import FixScreen
from tests.core.letters import UNSCALED, Says, letter, two_changes
from tests.tui.bench import dashboard, looked_at

LONG = 10_000_000
SICK = {"scaling": "none", "lr": 0.01}
ARROW = "→"


async def test_f_applies_the_fix_starts_the_run_and_keeps_the_sick_one_in_sight() -> None:
    async with dashboard("example-scaling", doctor=Says(letter()), **SICK) as bench:
        await bench.press("f")
        assert bench.banner == "There is no run to fix. Space starts one."
        await looked_at(bench)
        assert "before" not in bench.screen
        await bench.press("f")
        await bench.train_to_the_end()
        assert (bench.app.session.config.scaling, bench.app.session.config.lr) == ("standard", 0.01)
        assert [run.config.scaling for run in bench.store.runs.recent()] == ["standard", "none"]
        assert bench.banner == f"Fixed: scaling none {ARROW} standard. u takes it back."
        assert "test •  before ⠂" in bench.screen
        assert "before: every row predicted 1" in bench.screen or "before" in bench.screen
        assert "after" in bench.screen
        assert "log" in str(bench.app.body.loss.border_title)
        bench.app.show_run(1)  # the sick run itself has no other beside it
        await bench.train()
        assert "before ⠂" not in bench.screen
        bench.app.show_run(2)
        await bench.train()
        assert "before ⠂" in bench.screen
        await bench.press("H", "space")  # the next start ends it, for good
        await bench.train_to_the_end()
        assert "before" not in bench.screen
        bench.app.show_run(2)
        await bench.train()
        assert "before" not in bench.screen


async def test_the_fix_is_undone_with_u_and_the_sick_run_leaves_with_another_dataset() -> None:
    async with dashboard("example-scaling", doctor=Says(letter()), **SICK) as bench:
        await looked_at(bench)
        await bench.press("f")
        await bench.train_to_the_end()
        await bench.press("u")
        assert bench.app.session.config.scaling == "none"
        assert "*scaling" in bench.screen
        assert "before ⠂" in bench.screen
        await bench.press("D", "right", "H", "space")
        await bench.train_to_the_end()
        assert "before" not in bench.screen


async def test_a_fix_with_several_changes_shows_them_first() -> None:
    async with dashboard("example-scaling", doctor=Says(two_changes()), **SICK) as bench:
        await looked_at(bench)
        await bench.press("f")
        assert isinstance(bench.app.screen, FixScreen)
        assert f"learning rate  0.01 {ARROW} 0.05" in bench.screen
        assert f"none {ARROW} standard" in bench.screen
        await bench.press("escape")
        assert bench.app.session.config.lr == 0.01
        assert len(bench.store.runs.recent()) == 1
        await bench.press("f", "enter")
        await bench.train_to_the_end()
        assert (bench.app.session.config.lr, bench.app.session.config.scaling) == (0.05, "standard")
        assert len(bench.store.runs.recent()) == 2
        await bench.press("u")
        assert (bench.app.session.config.lr, bench.app.session.config.scaling) == (0.01, "none")


async def test_a_fix_is_of_the_run_that_was_looked_at_and_shows_what_it_takes_back() -> None:
    async with dashboard("example-scaling", doctor=Says(letter()), **SICK) as bench:
        await looked_at(bench)
        await bench.press("right")
        assert bench.app.session.config.lr == 0.02
        await bench.press("f")
        assert isinstance(bench.app.screen, FixScreen)
        assert f"0.02 {ARROW} 0.01" in bench.screen
        await bench.press("enter")
        assert bench.store.runs.recent(1)[0].config.lr == 0.01
        await bench.press("u")
        assert bench.app.session.config.lr == 0.02


async def test_a_fix_of_the_target_changes_what_counts_as_1() -> None:
    found = letter(fix={"positive": "2"}, findings=(replace(UNSCALED, fix={"positive": "2"}),))
    async with dashboard("example-scaling", doctor=Says(found), **SICK) as bench:
        await looked_at(bench)
        await bench.press("f")
        assert bench.app.session.source == Source("example-scaling", None, "2")
        assert bench.store.runs.recent(1)[0].source.positive == "2"
        assert "positive class the rarer → 2" in bench.banner
        await bench.press("u")
        assert bench.app.session.source == Source("example-scaling")


async def test_f_on_a_paused_run_starts_a_run_of_its_own_and_stops_that_one() -> None:
    async with dashboard("example-scaling", epochs=LONG, doctor=Says(letter()), **SICK) as bench:
        await bench.press("s")
        await bench.train()
        await bench.examine()
        await bench.press("f")
        await bench.train(3)
        healed, sick = bench.store.runs.recent()
        assert (healed.config.scaling, sick.config.scaling) == ("standard", "none")
        assert (healed.status, sick.status) == (Status.RUNNING, Status.STOPPED)
        assert "before ⠂" in bench.screen
