"""The form, by keyboard: what a person presses, and what they then see."""

from __future__ import annotations

import re

from lrtui.core.config import Config, knobs
from lrtui.core.store import Status
from lrtui.core.store.messages import ChangeConfig
from tests.tui.bench import dashboard

LONG = 10_000_000


async def test_arrows_and_hjkl_choose_and_step() -> None:
    async with dashboard() as bench:
        await bench.press("right")
        assert bench.app.session.config.lr == 0.1
        assert "‹ 0.1 ›" in bench.screen
        await bench.press("h", "h")
        assert bench.app.session.config.lr == 0.02
        await bench.press("j", "l")
        assert bench.app.session.config.epochs == 500
        await bench.press("k", "left")
        assert bench.app.session.config.lr == 0.01


async def test_a_value_is_typed_exactly() -> None:
    async with dashboard() as bench:
        await bench.press("enter", *"0.037", "enter")
        assert bench.app.session.config.lr == 0.037
        assert "‹ 0.037 ›" in bench.screen


async def test_a_bad_value_says_why_and_changes_nothing() -> None:
    async with dashboard() as bench:
        await bench.press("enter", *"fast", "enter")
        assert bench.app.session.config == Config()
        assert "Give a number from 0 to" in bench.screen
        await bench.press("escape")
        assert "Give a number" not in bench.screen
        await bench.press("right")
        assert bench.app.session.config.lr == 0.1


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
        bench.store.commands.send(str(run.owner), ChangeConfig(run.id, {"lr": 0.7}))
        await bench.train(2)
        assert "‹ 0.7 ›" in bench.screen
        await bench.press("right")
        assert bench.app.session.config.lr == 1.0


async def test_a_change_that_never_arrived_is_taken_out_of_the_form() -> None:
    async with dashboard(epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        await bench.press("right")
        run = bench.store.runs.recent(1)[0]
        bench.store.commands.take(str(run.owner))  # the engine took it, and died
        bench.store.runs.update(run.id, status=Status.INTERRUPTED, owner=None)
        bench.app.look(force=True)
        assert bench.app.session.config.lr == 0.05


async def test_a_threshold_moved_after_the_end_waits_for_the_next_start() -> None:
    async with dashboard("breast-cancer", epochs=20) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        before = bench.screen.split("\n")
        await bench.press(*["down"] * list(knobs()).index("threshold"), "right", "right")
        assert "*threshold" in bench.screen
        line = next(number for number, text in enumerate(before) if "┊" in text)
        assert bench.screen.split("\n")[line][28:] == before[line][28:]  # beside the form


async def test_u_takes_changes_back() -> None:
    async with dashboard() as bench:
        await bench.press("right", "right", "u")
        assert bench.app.session.config.lr == 0.1
        await bench.press("u")
        assert bench.app.session.config.lr == 0.05
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
        assert run.config.lr == 0.02
        (change,) = bench.store.history.changes(run.id)
        assert (change.field, change.old, change.new) == ("lr", 0.05, 0.02)
        assert "lr 0.05→0.02" in bench.screen


async def test_two_quick_changes_both_arrive() -> None:
    async with dashboard(epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        await bench.press("left", "right", "right")
        await bench.train(2)
        assert bench.store.runs.recent(1)[0].config.lr == 0.1


async def test_other_fields_say_that_they_wait_for_the_next_start() -> None:
    async with dashboard(epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        await bench.press("down", "down", "down", "right")
        await bench.train()
        assert "from the next start" in bench.screen
        assert "*optimizer" in bench.screen
        assert bench.store.runs.recent(1)[0].config.optimizer == "sgd"


async def test_columns_to_drop_are_typed_shown_in_brief_and_emptied() -> None:
    async with dashboard("iris-versicolor") as bench:
        await bench.press(*["down"] * list(knobs()).index("drop_columns"))
        assert "dropped columns  ‹ none ›" in bench.screen
        await bench.press("enter", *"petal width", "enter")
        assert bench.app.session.config.drop_columns == ("petal width",)
        assert "‹ 1 column ›" in bench.screen
        await bench.press("enter", "end", *", sepal width", "enter")
        assert bench.app.session.config.drop_columns == ("petal width", "sepal width")
        assert re.search("dropped +‹ 2 columns ›", bench.screen)
        await bench.press("space")
        await bench.train_to_the_end()
        run = bench.store.runs.recent(1)[0]
        assert run.problem is not None
        assert bench.store.features.get(run.id) == ["sepal length", "petal length"]
        await bench.press("left")
        assert bench.app.session.config.drop_columns == ()
        assert "*dropped columns" in bench.screen
        await bench.press("right", "u")
        assert len(bench.app.session.config.drop_columns) == 2


async def test_codes_and_clipping_are_typed_and_stepped_and_a_run_has_them() -> None:
    async with dashboard("iris-versicolor") as bench:
        await bench.press(*["down"] * list(knobs()).index("missing_codes"))
        await bench.press("enter", *"-999, 9999", "enter")
        assert bench.app.session.config.missing_codes == (-999.0, 9999.0)
        await bench.press(*["down"] * (list(knobs()).index("clip") - list(knobs()).index("missing_codes")))
        await bench.press("right", "right")
        assert bench.app.session.config.clip == 0.002
        await bench.press("enter", *"0.3", "enter")
        assert bench.app.session.config.clip == 0.002
        await bench.press("escape", "space")
        await bench.train_to_the_end()
        config = bench.store.runs.recent(1)[0].config
        assert (config.missing_codes, config.clip) == ((-999.0, 9999.0), 0.002)


async def test_short_names_of_columns_stand_in_the_form_and_none_can_be_typed() -> None:
    async with dashboard("moons", drop_columns=("x1",)) as bench:
        await bench.press(*["down"] * list(knobs()).index("drop_columns"))
        assert "‹ x1 ›" in bench.screen
        await bench.press("enter", *'"x1', "enter")
        assert "Give empty, or names of" in bench.screen
        await bench.press("escape", "enter", "backspace", "enter")
        assert bench.app.session.config == Config()


async def test_a_column_that_is_not_there_is_told_where_the_person_looks() -> None:
    async with dashboard("moons", drop_columns=("x3",)) as bench:
        await bench.press("space")
        await bench.train()
        assert "✗ failed" in bench.status
        assert "has no column called 'x3'" in bench.banner


async def test_the_base_rate_is_typed_and_draws_its_line_while_a_run_goes_on() -> None:
    async with dashboard("breast-cancer", epochs=LONG, batch_size=0) as bench:
        await bench.press("space")
        await bench.train(3)
        assert "┊" in bench.screen
        column = next(line for line in bench.screen.split("\n") if "┊" in line).index("┊")
        await bench.press(*["down"] * list(knobs()).index("threshold"))
        await bench.press("enter", *"base-rate", "enter")
        assert "‹ base-rate ›" in bench.screen
        await bench.train(2)
        run = bench.store.runs.recent(1)[0]
        assert run.config.threshold == "base-rate"
        (change,) = bench.store.history.changes(run.id)
        assert (change.field, change.old, change.new) == ("threshold", 0.5, "base-rate")
        lines = [line for line in bench.screen.split("\n")[12:] if "┊" in line]
        assert lines
        assert all(line.rindex("┊") > column + 3 for line in lines)  # 63 % of the rows are 1
        await bench.press("right")
        await bench.train(2)
        assert bench.store.runs.recent(1)[0].config.threshold == 0.5
