"""The form, by keyboard: what a person presses, and what they then see."""

from __future__ import annotations

from lrtui.core.config import Config, knobs
from lrtui.core.store import Status
from tests.tui.desk import dashboard

LONG = 10_000_000


async def test_arrows_and_hjkl_choose_and_step() -> None:
    async with dashboard() as bench:
        await bench.press("right")
        assert bench.app.desk.config.lr == 0.2
        assert "‹ 0.2 ›" in bench.screen
        await bench.press("h", "h")
        assert bench.app.desk.config.lr == 0.05
        await bench.press("j", "l")
        assert bench.app.desk.config.epochs == 500
        await bench.press("k", "left")
        assert bench.app.desk.config.lr == 0.02


async def test_a_value_is_typed_exactly() -> None:
    async with dashboard() as bench:
        await bench.press("enter", *"0.037", "enter")
        assert bench.app.desk.config.lr == 0.037
        assert "‹ 0.037 ›" in bench.screen


async def test_a_bad_value_says_why_and_changes_nothing() -> None:
    async with dashboard() as bench:
        await bench.press("enter", *"fast", "enter")
        assert bench.app.desk.config == Config()
        assert "Give a number from 0 to" in bench.screen
        await bench.press("escape")
        assert "Give a number" not in bench.screen
        await bench.press("right")
        assert bench.app.desk.config.lr == 0.2


async def test_the_name_of_a_field_stands_beside_what_is_typed_and_what_is_wrong_with_it() -> None:
    async with dashboard() as bench:
        await bench.press("enter", *"0.5")
        assert "learning rate 0.5" in bench.screen
        assert "⏎ take it" in bench.screen
        await bench.press("escape", "end", "enter", *"maybe", "enter")
        lines = bench.screen.split("\n")
        typed = next(i for i, line in enumerate(lines) if "stop if diverged maybe" in line)
        assert "Give yes or no." in lines[typed + 1]
        assert "split seed" not in lines[typed]


async def test_what_somebody_else_changes_in_the_run_stands_in_the_form() -> None:
    async with dashboard(epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        run = bench.store.runs.recent(1)[0]
        bench.store.commands.send(str(run.owner), "change", run.id, lr=0.7)
        await bench.train(2)
        assert "‹ 0.7 ›" in bench.screen
        await bench.press("right")
        assert bench.app.desk.config.lr == 1.0


async def test_a_change_that_never_arrived_is_taken_out_of_the_form() -> None:
    async with dashboard(epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        await bench.press("right")
        run = bench.store.runs.recent(1)[0]
        bench.store.commands.take(str(run.owner))  # the engine took it, and died
        bench.store.runs.update(run.id, status=Status.INTERRUPTED, owner=None)
        bench.app.look(force=True)
        assert bench.app.desk.config.lr == 0.1


async def test_a_threshold_moved_after_the_end_waits_for_the_next_start() -> None:
    async with dashboard("breast-cancer", epochs=20) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        before = [line for line in bench.screen.split("\n") if "┊" in line]
        await bench.press(*["down"] * list(knobs()).index("threshold"), "right", "right")
        assert "*threshold" in bench.screen
        assert [line for line in bench.screen.split("\n") if "┊" in line][:1] == before[:1]


async def test_u_takes_changes_back() -> None:
    async with dashboard() as bench:
        await bench.press("right", "right", "u")
        assert bench.app.desk.config.lr == 0.2
        await bench.press("u")
        assert bench.app.desk.config.lr == 0.1
        await bench.press("u")
        assert bench.banner == "There is nothing to undo."


async def test_a_live_field_changes_the_run_from_its_next_epoch_and_is_kept() -> None:
    async with dashboard(epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        assert "from the next epoch" in bench.screen
        await bench.press("left")
        await bench.train(2)
        run = bench.store.runs.recent(1)[0]
        assert run.config.lr == 0.05
        (change,) = bench.store.history.changes(run.id)
        assert (change.field, change.old, change.new) == ("lr", 0.1, 0.05)
        assert "lr 0.1→0.05" in bench.screen


async def test_two_quick_changes_both_arrive() -> None:
    async with dashboard(epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        await bench.press("left", "right", "right")
        await bench.train(2)
        assert bench.store.runs.recent(1)[0].config.lr == 0.2


async def test_other_fields_say_that_they_wait_for_the_next_start() -> None:
    async with dashboard(epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        await bench.press("down", "down", "down", "right")
        await bench.train()
        assert "from the next start" in bench.screen
        assert "*optimizer" in bench.screen
        assert bench.store.runs.recent(1)[0].config.optimizer == "sgd"
