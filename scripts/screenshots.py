"""Makes the pictures of the docs: ``python -m scripts.screenshots``. Real runs, so they cannot go stale."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from tests.tui.desk import Bench, dashboard

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"


def save(bench: Bench, name: str) -> None:
    """The screen as SVG, without what changes from one making to the next."""
    svg = bench.app.export_screenshot(title="lrtui")
    number = re.search(r"terminal-(\d+)", svg)
    if number:
        svg = svg.replace(f"terminal-{number.group(1)}", "terminal-0")
    (FOLDER / f"{name}.svg").write_text(svg)


async def train(bench: Bench, *, change_at: int | None = None) -> None:
    """A whole run, with the learning rate stepped down on the way if asked."""
    if change_at is not None:
        for _ in range(change_at):
            await bench.press("s")
            await bench.train()
        await bench.press("left")
    await bench.press("space")
    await bench.train_to_the_end()


async def picture(name: str, dataset: str, size: tuple[int, int], *keys: str, **options: Any) -> None:
    """One screen after a run and some keys."""
    os.environ["LRTUI_HOME"] = tempfile.mkdtemp(prefix="lrtui-pictures-")
    change_at = options.pop("change_at", None)
    async with dashboard(dataset, size, **options) as bench:
        await train(bench, change_at=change_at)
        await bench.press(*keys)
        save(bench, name)


async def sweep_picture(name: str, dataset: str, size: tuple[int, int], *keys: str, **options: Any) -> None:
    """A sweep of the learning rate, and with keys of a second field."""
    os.environ["LRTUI_HOME"] = tempfile.mkdtemp(prefix="lrtui-pictures-")
    async with dashboard(dataset, size, **options) as bench:
        await bench.train(5)  # asks for the limit of the learning rate
        await bench.train(5)
        await bench.press("w")
        await bench.sweep()
        if keys:
            await bench.press(*keys)
            await bench.sweep()
        save(bench, name)


async def main() -> None:
    """Every picture that the docs show."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    await picture("dashboard-160x50", "breast-cancer", (160, 50), lr=0.2, epochs=100, change_at=30)
    await picture("dashboard-80x24", "moons", (80, 24), lr=0.2, epochs=60, change_at=20)
    await picture("chooser", "wine-1", (100, 30), "o")
    await picture("one-label", "example-scaling", (80, 24), "3", "l", "2", scaling="none", lr=0.01)
    await sweep_picture("sweep", "breast-cancer", (100, 30), batch_size=0, lr=0.05)
    await sweep_picture("sweep-table", "breast-cancer", (100, 34), "a", *["down"] * 4, "enter")
    await picture("ascii", "breast-cancer", (80, 24), ascii_only=True)


if __name__ == "__main__":
    asyncio.run(main())
