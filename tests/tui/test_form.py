"""The form, by keyboard: what a person presses, and what they then see."""

from __future__ import annotations

import json
import re

from lrtui.core.config import Config, knobs
from lrtui.core.store import Status
from lrtui.core.store.messages import ChangeConfig
from tests.tui.bench import dashboard

LONG = 10_000_000


async def test_arrows_choose_and_step_and_u_takes_changes_back() -> None:
    async with dashboard() as bench:
        await bench.press("u")
        assert bench.banner == "There is nothing to undo."
        await bench.press("right")
        assert bench.app.session.config.lr == 0.1
        assert "‹ 0.1 ›" in bench.screen
        await bench.press("left", "left")
        assert bench.app.session.config.lr == 0.02
        await bench.press("u")
        assert bench.app.session.config.lr == 0.05
        await bench.press("u")
        assert bench.app.session.config.lr == 0.1
        await bench.press("j", "right")
        assert bench.app.session.config.epochs == 500
        await bench.press("k", "left")
        assert bench.app.session.config.lr == 0.05


async def test_a_digit_a_minus_or_a_point_begins_a_value_and_l_is_the_scale_in_every_pane() -> None:
    async with dashboard() as bench:
        await bench.press(*"0.3", "enter")
        assert bench.app.session.config.lr == 0.3
        await bench.press(*".25", "enter", "down", *"77", "enter")
        assert (bench.app.session.config.lr, bench.app.session.config.epochs) == (0.25, 77)
        await bench.press(*"-1", "enter")
        assert "Give a whole number" in bench.screen
        await bench.press("escape", "up")
        for pane in "DHLPMROS":
            await bench.press(pane, "l")
            assert bench.app.body.loss.log_scale
            await bench.press("l", *("5" if pane != "H" else ""))  # elsewhere a digit does nothing
            assert not bench.app.body.loss.log_scale
            assert bench.app.body.focused_pane == bench.app.focused.id
        assert (bench.app.session.config.lr, bench.app.session.source.name) == (0.25, "moons")


async def test_a_value_is_typed_exactly_and_a_bad_one_says_why_and_changes_nothing() -> None:
    async with dashboard() as bench:
        await bench.press("enter", *"fast", "enter")
        assert bench.app.session.config == Config()
        assert "Give a number from 0 to" in bench.screen
        await bench.press("escape")
        assert "Give a number" not in bench.screen
        await bench.press("right")
        assert bench.app.session.config.lr == 0.1
        await bench.press("enter", *"0.037")
        assert "learning rate 0.037" in bench.screen  # the name of a field stands beside what is typed
        assert "⏎ take it" in bench.screen
        await bench.press("enter")
        assert bench.app.session.config.lr == 0.037
        assert "‹ 0.037 ›" in bench.screen
        await bench.press("end", "enter", *"maybe", "enter")
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
        bench.store.commands.take(str(run.owner))  # the engine took it, and died: it never arrived
        bench.store.runs.update(run.id, status=Status.INTERRUPTED, owner=None)
        bench.app.look(force=True)
        assert bench.app.session.config.lr == 0.7


async def test_a_threshold_moved_after_the_end_waits_for_the_next_start() -> None:
    async with dashboard("breast-cancer", epochs=20) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        before = bench.screen.split("\n")
        await bench.press(*["down"] * list(knobs()).index("threshold"), "right", "right")
        assert "*threshold" in bench.screen
        line = next(number for number, text in enumerate(before) if "┊" in text)
        assert bench.screen.split("\n")[line][28:] == before[line][28:]  # beside the form


async def test_a_live_field_changes_the_run_from_its_next_epoch_and_others_wait_for_the_start() -> None:
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
        await bench.press("left", "right", "right")  # quick ones all arrive
        await bench.train(2)
        assert bench.store.runs.recent(1)[0].config.lr == 0.05
        await bench.press("down", "down", "down", "right")
        await bench.train()
        assert "from the next start" in bench.screen
        assert "*optimizer" in bench.screen
        assert bench.store.runs.recent(1)[0].config.optimizer == "sgd"


async def test_a_value_stepped_there_and_back_stays_while_the_run_catches_up() -> None:
    async with dashboard(epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        for there, back in (("right", "left"), ("left", "right")):
            await bench.press(there, back)  # as the run still is: nothing has arrived
            bench.store.execute(
                "UPDATE commands SET owner = 'later' || owner WHERE id = (SELECT max(id) FROM commands)"
            )
            await bench.train()  # the first alone has arrived
            assert bench.store.runs.recent(1)[0].config.lr != 0.05
            assert "‹ 0.05 ›" in bench.screen
            bench.store.execute("UPDATE commands SET owner = substr(owner, 6) WHERE owner LIKE 'later%'")
            await bench.train()
            assert bench.store.runs.recent(1)[0].config.lr == 0.05
            assert "‹ 0.05 ›" in bench.screen


async def test_the_form_shows_what_others_did_to_the_run_also_to_a_field_that_was_just_changed() -> None:
    async with dashboard(epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        await bench.press("right")
        (run,) = bench.store.runs.recent(1)
        assert run.owner is not None
        bench.store.commands.send(run.owner, ChangeConfig(run.id, {"lr": 0.5}))
        await bench.train()
        assert "‹ 0.5 ›" in bench.screen
        await bench.press("space")  # held, so that nothing else of the run moves
        await bench.train()
        for value in (0.2, 0.1):
            bench.store.commands.send(run.owner, ChangeConfig(run.id, {"lr": value}))
            await bench.train()
            assert f"‹ {value} ›" in bench.screen


async def test_a_change_that_the_run_will_not_take_is_put_back() -> None:
    async with dashboard(epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        await bench.press("right")
        bench.store.execute("UPDATE commands SET payload = ?", (json.dumps({"values": {"lr": -1}}),))
        await bench.train()
        assert "‹ 0.05 ›" in bench.screen


async def test_columns_to_drop_are_typed_shown_in_brief_and_emptied() -> None:
    async with dashboard("iris-versicolor", epochs=5) as bench:
        await bench.press(*["down"] * list(knobs()).index("drop_columns"))
        assert "dropped columns  ‹ none ›" in bench.screen
        await bench.train()  # and the engine tells the names of the columns
        await bench.press("enter", *"petal widht", "enter")
        said = " ".join(" ".join(line[1:27] for line in bench.screen.split("\n")).split())
        assert "no column called 'petal widht'" in said
        assert "Did you mean 'petal width'?" in said
        assert bench.app.session.config.drop_columns == ()
        await bench.press("escape", "enter", *"petal width", "enter")
        assert bench.app.session.config.drop_columns == ("petal width",)
        assert re.search("dropped columns +‹ 1 ›", bench.screen)
        await bench.press("enter", "end", *", sepal width", "enter")
        assert bench.app.session.config.drop_columns == ("petal width", "sepal width")
        assert re.search("dropped columns +‹ 2 ›", bench.screen)
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
    async with dashboard("iris-versicolor", epochs=5) as bench:
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
    async with dashboard("moons", drop_columns=("x3",)) as bench:
        await bench.press("space")
        await bench.train()
        assert "✗ failed" in bench.status
        assert "has no column called 'x3'" in bench.banner
        await bench.press(*["down"] * list(knobs()).index("drop_columns"))
        assert "‹ x3 ›" in bench.screen
        await bench.press("enter", *'"x3', "enter")
        assert "Give empty, or names of" in bench.screen
        await bench.press("escape", "enter", "backspace", "enter")
        assert bench.app.session.config == Config()


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


async def test_what_does_nothing_is_dim_and_says_why_and_a_star_says_what_it_means() -> None:
    async with dashboard("moons", epochs=5) as bench:
        form = bench.app.body.form
        assert "does nothing" not in bench.screen
        await bench.press(*["down"] * list(knobs()).index("momentum"))
        assert "does nothing with " in bench.screen
        assert "optimizer sgd " in bench.screen
        lines = form.render().split("\n")  # type: ignore[union-attr]
        dim = [line.plain.split("  ")[0].strip() for line in lines if "dim" in str(line.spans[:1])]
        assert dim[:2] == ["momentum", "init std"]
        await bench.press("up", "right", "down")  # with the optimizer momentum
        assert "does nothing" not in bench.screen
        assert "* from the next start" not in bench.screen
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press("left")
        assert "* from the next start" in bench.screen
        await bench.resize(40, 12)
        await bench.press("up", "left", "down")
        assert "does nothing with optimizer sgd" in bench.screen
