"""Files and stores that are not as they should be, seen in the dashboard."""

from __future__ import annotations

from pathlib import Path

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
