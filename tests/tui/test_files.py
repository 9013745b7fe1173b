"""Files and stores that are not as they should be, seen in the dashboard."""

from __future__ import annotations

from pathlib import Path

from lrtui.core.config import knobs
from lrtui.core.store import Status
from tests.tui.desk import dashboard

ROWS = "x,churned\n" + "".join(f"{i},{i % 2}\n" for i in range(40))


async def test_a_file_without_a_target_says_how_to_name_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(ROWS)
    async with dashboard(str(path)) as bench:
        assert "mine.csv needs a target to train on. Press o and name its target column." in bench.banner
        await bench.press("space")
        await bench.train()
        assert bench.store.runs.recent(1) == []
        assert bench.banner.count("name its target column") == 1


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
        assert "40×1, base rate 50 %" in bench.screen
        assert "target churned; 2 cells missing" in bench.screen
        await bench.press("space")
        await bench.train()
        assert "has an empty cell in row 8" in bench.banner
        await bench.press(*["down"] * list(knobs()).index("missing"), "right", "space")
        await bench.train_to_the_end()
        assert bench.store.runs.recent(1)[0].status is Status.FINISHED
