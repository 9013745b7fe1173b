"""Files and stores that are not as they should be, seen in the dashboard."""

from __future__ import annotations

import re
from pathlib import Path

from lrtui.core.config import changed
from lrtui.core.store import Status
from lrtui.core.store.messages import Start
from lrtui.datasets.source import Source
from lrtui.tui.panes.dataset import DatasetPane
from tests.tui.bench import dashboard
from tests.tui.inspection_bench import passenger_file

ROWS = "x,churned\n" + "".join(f"{i},{i % 2}\n" for i in range(40))


async def test_a_file_without_a_target_says_how_to_name_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(ROWS)
    async with dashboard(str(path)) as bench:
        await bench.press("escape")
        assert "mine.csv needs a target to train on. Press i and choose its target column." in bench.banner
        await bench.press("space")
        await bench.train()
        assert bench.store.runs.recent(1) == []
        assert bench.banner.count("choose its target column") == 1


async def test_what_is_wrong_with_a_file_is_said_before_it_is_trained_on(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(ROWS)
    async with dashboard(str(path), target="churnd") as bench:
        await bench.train(3)
        assert "churnd" in bench.banner
        assert "churned" in bench.banner


async def test_a_corrupt_store_that_was_set_aside_is_told(home: Path) -> None:
    home.mkdir(mode=0o700)
    (home / "lrtui.db").write_bytes(b"no database at all " * 300)
    async with dashboard() as bench:
        assert "was set aside" in bench.banner
        assert "corrupt" in bench.banner


async def test_missing_cells_are_counted_and_said_once_they_are_trained_on(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(ROWS.replace("\n7,", "\n,").replace("\n9,", "\ninf,"))
    async with dashboard(str(path), (160, 50), target="churned") as bench:
        await bench.train(3)
        assert "40×1, 50 % are 1" in bench.screen
        assert "target churned; 2 cells missing:" in bench.screen
        assert "median and indicator" in bench.screen
        bench.app.session.change(changed(bench.app.session.config, missing="error"))
        await bench.press("space")
        await bench.train()
        assert "has an empty cell in row 8" in bench.banner
        bench.app.session.change(changed(bench.app.session.config, missing="indicator"))
        await bench.press("space")
        await bench.train_to_the_end()
        assert bench.store.runs.recent(1)[0].status is Status.FINISHED


async def test_what_became_of_the_columns_of_a_table_is_said_with_the_dataset(tmp_path: Path) -> None:
    path = passenger_file(tmp_path)
    async with dashboard(str(path), (160, 50), target="Survived") as bench:
        await bench.train(3)
        pane = bench.app.body.panes["dataset"]
        assert isinstance(pane, DatasetPane)
        words = pane.shows_text()
        assert re.match(r"target Survived; \d+ cells missing: median and indicator; left out ", words)
        assert "'PassengerId', 'Name'" in words
        assert "median and indicator" in bench.screen
        bench.app.session.change(changed(bench.app.session.config, missing="drop"))
        assert "missing: their rows dropped" in pane.shows_text()
        bench.app.take_source(Source(str(path), "Embarked", positive="Q"))
        assert pane.shows_text() == "target Embarked = Q"


async def test_a_table_that_says_its_target_itself_can_be_trained_again(tmp_path: Path) -> None:
    async with dashboard("moons", epochs=3) as bench:
        owner = bench.app.session.engine.token
        run = bench.store.runs.create(
            Source("sklearn:breast_cancer"), bench.app.session.config, origin="command line", owner=owner
        )
        bench.store.commands.send(owner, Start(run))
        await bench.train_to_the_end()
        bench.app.show_run(run)
        await bench.press("space")
        await bench.train_to_the_end()
        assert [found.status for found in bench.store.runs.recent(2)] == [Status.FINISHED] * 2
        assert bench.store.runs.recent(1)[0].source == Source("sklearn:breast_cancer")
