"""The inspection of a table: what a person presses, and what they then see."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from lrtui.core.store import Status
from lrtui.datasets.source import Source
from tests.datasets.inspection.tables import passengers
from tests.tui.bench import dashboard
from tests.tui.inspection_bench import looked_at, passenger_file, sheet


async def test_a_table_without_a_target_is_looked_at_first_and_enter_and_space_train_it(
    tmp_path: Path,
) -> None:
    path = passenger_file(tmp_path)
    async with dashboard(str(path)) as bench:
        assert "reading 'titanic.csv', " in bench.screen
        assert "kB…" in bench.screen
        await looked_at(bench)
        assert "target Survived   positive ‹ 1 ›" in bench.screen
        assert re.search(r"▸ Survived +flag +target", bench.screen)
        assert "200×8" in bench.screen
        # The facts of the column under the cursor stand beside the list.
        await bench.press("down", "down", "down")
        assert "category, 2 distinct" in bench.screen
        assert "becomes one-hot, 2 columns" in bench.screen
        assert re.search(r"male +█+ +\d+ +\d+ %", bench.screen)
        assert "share of 1" in bench.screen
        await bench.press("j")
        assert "number, " in bench.screen
        assert re.search(r"\d+ missing \(\d+ %\)", bench.screen)
        assert re.search(r"0: \d+ rows", bench.screen)
        assert re.search(r"[▁▂▃▄▅▆▇█]{5}", bench.screen)
        row = next(i for i, text in enumerate(bench.screen.split("\n")) if "Embarked" in text)
        await bench.pilot.click(offset=(6, row))
        await bench.pilot.pause()
        assert "category, 3 distinct" in bench.screen
        await bench.press("enter", "space")
        assert bench.app.session.source == Source(str(path), "Survived")
        await bench.train_to_the_end()
        assert bench.store.runs.recent(1)[0].status is Status.FINISHED


async def test_t_makes_a_column_the_target_and_the_bars_tell_its_classes(tmp_path: Path) -> None:
    path = passenger_file(tmp_path)
    async with dashboard(str(path)) as bench:
        await looked_at(bench)
        await bench.press("end", "t")
        assert "target Embarked   classes ‹ all 3, softmax ›" in bench.screen
        await looked_at(bench)
        await bench.press("up")
        for port in "CQS":
            assert re.search(rf"{port}: \d+ rows", bench.screen)
        await bench.press("right")
        assert re.search(r"positive ‹ S ›  \d+ of 200 rows, \d+ % against the rest", bench.screen)
        await bench.press("p", "left", "left", "left")
        assert "positive ‹ Q ›" in bench.screen
        await bench.press("enter")
        assert bench.app.session.source == Source(str(path), "Embarked", positive="Q")


async def test_all_classes_go_on_the_desk_as_softmax_or_one_against_the_rest(tmp_path: Path) -> None:
    path = passenger_file(tmp_path)
    async with dashboard(str(path)) as bench:
        await looked_at(bench)
        await bench.press("end", "t", "enter")
        assert bench.app.session.source == Source(str(path), "Embarked", multiclass=True)
        bench.app.take_source(Source(str(path), "Embarked", positive="Q"))
        await bench.press("i")
        await looked_at(bench)
        assert "positive ‹ Q ›" in bench.screen  # as it was given


async def test_what_cannot_be_a_target_or_be_left_out_is_refused_in_words(tmp_path: Path) -> None:
    async with dashboard(str(passenger_file(tmp_path))) as bench:
        await looked_at(bench)
        await bench.press("space")
        assert "'Survived' is the target." in bench.screen
        await bench.press("home", "space")
        assert re.search(r"PassengerId +id-like +number", bench.screen)  # taken back
        await bench.press("space")
        assert re.search(r"PassengerId +id-like +left out", bench.screen)
        await bench.press("t")
        assert "'PassengerId' is like an id, which has no classes." in bench.screen
        await bench.press("end", "up", "t")
        assert "too many for classes" in bench.screen
        assert "target Survived" in bench.screen
        await bench.press("up")
        assert "too many for classes" not in bench.screen


async def test_space_leaves_a_column_out_and_u_on_the_dashboard_takes_it_back(tmp_path: Path) -> None:
    path = passenger_file(tmp_path)
    async with dashboard(str(path), (110, 30)) as bench:
        await looked_at(bench)
        await bench.press("end", "space", "up", "space", "space")
        assert "left out by you" in bench.screen
        await bench.press("end", "y")
        assert bench.app.clipboard == "Embarked"
        assert "Copied the column 'Embarked'." in bench.screen
        await bench.press("enter")
        assert bench.app.session.config.drop_columns == ("Embarked",)
        await bench.press("u")
        assert bench.app.session.config.drop_columns == ()
        await bench.press("i")
        await looked_at(bench)
        assert "left out by you" not in bench.screen
        await bench.press("escape")
        # With columns named on the command line the others stand as left out.
        bench.app.take_source(Source(str(path), "Survived", columns=("Age", "Fare")))
        await bench.press("i")
        await looked_at(bench)
        assert len(re.findall("left out by you", bench.screen)) == 3  # Pclass, Sex, Embarked
        await bench.press("end", "space", "enter")
        assert bench.app.session.source.columns == ("Age", "Fare", "Embarked")
        assert bench.app.session.config.drop_columns == ()


async def test_columns_get_roles_and_lose_them(tmp_path: Path) -> None:
    path = tmp_path / "roles.csv"
    frame = passengers(120).with_columns(
        pl.date_range(pl.date(2020, 1, 1), pl.date(2020, 12, 31), eager=True).head(120).alias("day")
    )
    frame.write_csv(path)
    async with dashboard(str(path)) as bench:
        await looked_at(bench)
        await bench.press("end", "c", "up", "w")
        assert "holds no numbers" in bench.screen
        await bench.press("up", "w")
        assert re.search(r"time day   weights Fare|weights Fare   time day", bench.screen)
        await bench.press("up", "w")
        assert "missing, so it cannot weigh the rows" in bench.screen
        await bench.press("b")
        assert "divided by time already" in bench.screen
        await bench.press("enter")
        source = bench.app.session.source
        assert (source.weights, source.time, source.group) == ("Fare", "day", None)
        await bench.press("i")
        await looked_at(bench)
        assert "weights Fare" in bench.screen
        await bench.press("end", "c", "up", "b", "enter")
        source = bench.app.session.source
        assert (source.weights, source.time, source.group) == ("Fare", None, "Embarked")


async def test_escape_leaves_all_as_it_was(tmp_path: Path) -> None:
    path = passenger_file(tmp_path)
    async with dashboard(str(path), target="Sex") as bench:
        await bench.press("i")
        await looked_at(bench)
        assert "target Sex" in bench.screen
        await bench.press("end", "space", "home", "down", "t", "escape")
        assert len(bench.app.screen_stack) == 1
        assert bench.app.session.source == Source(str(path), "Sex")
        assert bench.app.session.config.drop_columns == ()


async def test_a_run_stays_in_sight_and_columns_left_out_where_nothing_was_changed(tmp_path: Path) -> None:
    async with dashboard(str(passenger_file(tmp_path)), target="Survived", epochs=3) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press("i")
        await looked_at(bench)
        await bench.press("down", "enter")
        assert bench.app.session.run is not None
        await bench.press("i")
        await looked_at(bench)
        await bench.press("end", "space", "enter")
        assert bench.app.session.run is None
        assert bench.app.session.config.drop_columns == ("Embarked",)
        bench.app.take_source(Source("moons"))
        assert bench.app.session.config.drop_columns == ()  # forgotten with their table
        await bench.press("space")
        await bench.train_to_the_end()
        assert bench.store.runs.recent(1)[0].status is Status.FINISHED


async def test_what_cannot_be_read_is_said_in_place_and_the_dashboard_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(b"a,b\n1,2\n\x00\x00")
    async with dashboard(str(path)) as bench:
        await looked_at(bench)
        assert "broken.csv" in bench.screen
        assert "NUL" in bench.screen
        assert "Esc goes back." in bench.screen
        assert "use it" not in bench.screen
        await bench.press("t", "enter", "space", "escape")
        assert len(bench.app.screen_stack) == 1
        await bench.press("o", *"moons", "enter", "space")
        await bench.train_to_the_end()
        assert bench.store.runs.recent(1)[0].source.name == "moons"


async def test_a_table_is_looked_at_while_a_run_goes_on(tmp_path: Path) -> None:
    path = passenger_file(tmp_path)
    async with dashboard("moons", epochs=10_000_000) as bench:
        await bench.press("space")
        await bench.train(2)
        before = bench.store.runs.recent(1)[0].epoch
        await bench.press("o", *str(path), "enter")
        await looked_at(bench)
        assert "target Survived" in bench.screen
        await bench.press("enter")
        await bench.train()
        assert bench.app.session.source.label == "titanic.csv"
        assert bench.store.runs.recent(1)[0].epoch > before
        assert "goes on" in bench.banner


async def test_a_dataset_of_the_catalogue_has_nothing_to_choose() -> None:
    async with dashboard("moons") as bench:
        await bench.press("i")
        assert len(bench.app.screen_stack) == 1
        assert "moons has its own target" in bench.banner


async def test_tab_shows_all_warnings(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    frame = passengers(100).with_columns(
        pl.lit("x").alias("one"), pl.col("Fare").alias("price"), pl.col("Survived").alias("alive") * 3 + 1
    )
    frame.write_csv(path)
    async with dashboard(str(path)) as bench:
        await looked_at(bench)
        assert re.search(r"⚠ .*'alive' says the same as the target|warnings: Tab shows them", bench.screen)
        assert "Tab shows them" in bench.screen
        await bench.press("tab")
        for words in (
            "'alive' says the same",
            "'price' holds the same",
            "'one' says nothing",
            "'PassengerId'",
        ):
            assert words in re.sub(r"\s*│\n│[^│\n]*│\s*", " ", bench.screen) or words in bench.screen
        await bench.press("tab")
        assert "Warnings" not in bench.screen


@pytest.mark.parametrize(
    ("ascii_only", "sizes"),
    [(False, [(80, 24), (160, 50), (120, 40), (60, 18), (40, 12)]), (True, [(160, 50), (40, 12)])],
)
async def test_every_size_shows_the_choice_and_its_keys(
    tmp_path: Path, ascii_only: bool, sizes: list[tuple[int, int]]
) -> None:
    async with dashboard(str(passenger_file(tmp_path)), sizes[0], ascii_only=ascii_only) as bench:
        await looked_at(bench)
        for size in sizes:
            await bench.resize(*size)
            assert "target Survived" in bench.screen
            assert "Survived  " in bench.screen
            assert "use it" in bench.screen
            assert all(len(line) <= size[0] for line in bench.screen.split("\n"))
            assert bench.screen.isascii() or not ascii_only
            narrow = size[0] < 64  # Tab goes from the list to the facts, the warnings, and back
            await bench.press("tab")
            assert ("flag, 2 distinct" if narrow else "names the rows") in bench.screen
            await bench.press(*["tab"] * (2 if narrow else 1))


async def test_a_long_list_scrolls_with_the_cursor(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    pl.DataFrame({**{f"c{i}": range(30) for i in range(60)}, "y": [0, 1] * 15}).write_csv(path)
    async with dashboard(str(path)) as bench:
        await looked_at(bench)
        assert re.search(r"▸ y +flag", bench.screen)
        await bench.press("home")
        assert re.search(r"c0 +number", bench.screen)
        assert not re.search(r"▸ y +flag", bench.screen)
        await bench.press("pagedown", "pagedown")
        assert re.search(r"c20 +number", bench.screen)
        await bench.resize(80, 16)
        assert re.search(r"c20 +number", bench.screen)


async def test_names_from_a_file_are_shown_harmless(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    rows = "".join(f"{i},{'a' if i % 3 else '[b]'},{i % 2}\n" for i in range(40))
    path.write_text("[red]\x1b[31mx,価格,y\n" + rows)
    async with dashboard(str(path)) as bench:
        await looked_at(bench)
        assert "[red]\\x1b[31m" in bench.screen
        assert "\x1b" not in bench.screen
        await bench.press("up")
        assert "[b]" in bench.screen


async def test_a_fresh_engine_in_place_of_a_dead_one_is_asked_again(tmp_path: Path) -> None:
    async with dashboard(str(passenger_file(tmp_path))) as bench:
        screen = sheet(bench)
        sent = "SELECT count(*) AS many FROM commands WHERE kind = 'inspect'"
        row = bench.store.row(sent)
        assert row is not None
        assert row["many"] == 1
        screen.question.engine = "dead"
        screen.look()
        row = bench.store.row(sent)
        assert row is not None
        assert row["many"] == 2


async def test_m_counts_the_far_number_of_a_column_as_missing_and_takes_it_back(tmp_path: Path) -> None:
    path = tmp_path / "air.csv"
    cells = [-200.0 if i % 9 == 0 else (i * 7) % 41 / 10 for i in range(180)]
    pl.DataFrame({"co": cells, "t": [i / 7 for i in range(180)], "y": ["no", "yes"] * 90}).write_csv(path)
    async with dashboard(str(path)) as bench:
        await looked_at(bench)
        assert "'co' holds -200 in 20 rows" in bench.screen
        await bench.press("home", "m")
        assert "-200 counts as missing" in bench.screen
        await bench.press("m")
        assert "m says so" in bench.screen
        await bench.press("m", "enter")
        assert bench.app.session.config.missing_codes == (-200,)
        await bench.press("i")
        await looked_at(bench)
        await bench.press("home", "m", "enter")
        assert bench.app.session.config.missing_codes == ()
