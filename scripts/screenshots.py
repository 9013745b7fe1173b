"""Makes the pictures of the docs: ``python -m scripts.screenshots``. Real runs, so they cannot go stale."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from lrtui.core.doctor import doctor
from lrtui.core.store.scripts import Asked
from lrtui.tui.demo.app import DemoDashboard
from lrtui.tui.demo.guide import Guide, place_of
from lrtui.tui.script_keys import watch
from tests.datasets.inspection.tables import passengers
from tests.tui.bench import Bench, dashboard
from tests.tui.inspection_bench import looked_at

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
SMALL = (80, 24)
SCRIPT = """\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X = torch.randn(600, 8)
y = (X @ torch.randn(8) > 0).float()
loader = DataLoader(TensorDataset(X, y), batch_size=30, shuffle=True)
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1), nn.Sigmoid())
loss_fn = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(60):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch}: loss {loss.item():.4f}")
labels = (model(X).squeeze(1) > 0.5).float()
print("accuracy", (labels == y).float().mean().item())
"""
LOGARITHMIC = ("L", "l", "H")  # to the loss, its scale, and back to the form


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


async def doctor_picture(
    name: str, dataset: str, size: tuple[int, int], *keys: str, **options: Any
) -> None:
    """What the doctor says of a run, after some keys; f among them trains what it heals."""
    os.environ["LRTUI_HOME"] = tempfile.mkdtemp(prefix="lrtui-pictures-")
    async with dashboard(dataset, size, doctor=doctor, **options) as bench:
        await train(bench)
        await bench.examine()
        await bench.press(*keys)
        if "f" in keys:
            await bench.train_to_the_end()
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


async def inspect_picture(name: str, size: tuple[int, int], *keys: str) -> None:
    """A passenger list before anything is trained."""
    home = tempfile.mkdtemp(prefix="lrtui-pictures-")
    os.environ["LRTUI_HOME"] = home
    path = Path(home) / "titanic.csv"
    passengers(891).write_csv(path)
    async with dashboard(str(path), size) as bench:
        await looked_at(bench)
        await bench.press(*keys)
        save(bench, name)


async def script_pictures(name: str, size: tuple[int, int]) -> None:
    """A script that is watched, with the doctor's verdict, its patch, and what comes of it."""
    home = tempfile.mkdtemp(prefix="lrtui-pictures-")
    os.environ |= {"LRTUI_HOME": home, "OMP_NUM_THREADS": "1"}
    (Path(home) / "train.py").write_text(SCRIPT)
    async with dashboard("moons", size) as bench:
        watch(bench.app.session, Asked(("train.py",), sys.executable, home))
        for part, keys in {"": (), "-patch": ("f",), "-healed": ("enter",)}.items():
            await bench.press(*keys)
            if part != "-patch":
                bench.turn_until(lambda: any(map(bench.engine.scripts.holds, bench.app.session.met)))
                bench.turn_until(lambda: not any(map(bench.engine.scripts.holds, bench.app.session.met)))
            await bench.press()
            save(bench, f"{name}{part}")


async def runs_pictures(size: tuple[int, int]) -> None:
    """A few runs in the table of all, and side by side."""
    os.environ["LRTUI_HOME"] = tempfile.mkdtemp(prefix="lrtui-pictures-")
    async with dashboard("breast-cancer", size, epochs=60, lr=0.01) as bench:
        for keys in ((), ("right",), ("right",)):
            await bench.press(*keys, "space")
            await bench.train_to_the_end()
        bench.store.execute("UPDATE runs SET started = 1796000000 + 90 * id, seconds = 0")
        await bench.press("ctrl+r", "e", *"baseline", "enter", *["space"] * 3)
        save(bench, "all-runs")
        await bench.press("c")
        save(bench, "compare")


async def inside_picture(name: str, dataset: str, view: str, **options: Any) -> None:
    """A view of a run that has ended, filling the screen."""
    os.environ["LRTUI_HOME"] = tempfile.mkdtemp(prefix="lrtui-pictures-")
    async with dashboard(dataset, (100, 30), **options) as bench:
        await train(bench)
        await bench.press("I", "z")
        inside = bench.app.context.inside

        def shown() -> bool:
            bench.app.look(force=True)
            return inside.seen is not None and not inside.waits

        bench.turn_until(shown)
        while inside.seen is not None and inside.seen.view != view:
            await bench.press("v")
            bench.turn_until(shown)
        await bench.train()
        save(bench, name)


async def inside_pictures() -> None:
    """The pictures of docs/inside.md."""
    best: dict[str, Any] = {"optimizer": "newton", "epochs": 20}
    await inside_picture("inside-coefficients", "diabetes-median", "coefficients", **best)
    await inside_picture("inside-roc", "diabetes-median", "roc", threshold=0.3, **best)
    await inside_picture("inside-boundary", "circles", "boundary", features="poly2", epochs=50)
    await inside_picture("inside-rows", "breast-cancer", "rows", epochs=50)


async def causes() -> None:
    """The pictures of docs/causes.md: what the commonest faults look like."""
    raw: dict[str, Any] = {"scaling": "none", "lr": 0.01}
    await doctor_picture("letter", "breast-cancer", (100, 30), "d", **raw)
    await doctor_picture("cause-unscaled", "breast-cancer", SMALL, *LOGARITHMIC, **raw)
    far: dict[str, Any] = {"scaling": "none", "epochs": 50}
    await doctor_picture("cause-uncentred", "uncentred:n=200", SMALL, *LOGARITHMIC, **far)
    await doctor_picture("cause-lr-too-high", "moons:n=200", SMALL, lr=1000.0)
    await doctor_picture("cause-lr-too-low", "two-gaussians:n=300", SMALL, lr=1e-5)
    await doctor_picture("cause-saturated", "two-gaussians:n=300", SMALL, loss="bce", init_bias=20.0)
    await doctor_picture("cause-imbalance", "imbalanced:n=1000", SMALL)
    await doctor_picture("cause-non-linear", "circles:n=200", SMALL)
    await doctor_picture("cause-too-little-data", "diabetes-median", SMALL, test_size=0.95)


async def demo() -> None:
    """A page of the demo, and what a talk shows of it."""
    for name, big in (("demo", False), ("demo-big", True)):
        make = partial(DemoDashboard, guide=Guide(place_of("unscaled"), big=big))
        await doctor_picture(name, "wine-1", SMALL, "f", make=make)


async def main() -> None:
    """Every picture that the docs show."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    await picture("dashboard-160x50", "breast-cancer", (160, 50), lr=0.2, epochs=100, change_at=30)
    await picture("dashboard-80x24", "moons", (80, 24), lr=0.2, epochs=60, change_at=20)
    await picture("chooser", "wine-1", (100, 30), "o")
    await inspect_picture("inspect", (100, 30), *["down"] * 4)
    await picture("one-label", "example-scaling", SMALL, *LOGARITHMIC, scaling="none", lr=0.01)
    sick = {"scaling": "none", "lr": 0.01}
    await doctor_picture("doctor", "breast-cancer", (160, 50), **sick)
    await doctor_picture("healed", "breast-cancer", (100, 30), "f", **sick)
    await sweep_picture("sweep", "breast-cancer", (100, 30), batch_size=0, lr=0.05)
    await sweep_picture("sweep-table", "breast-cancer", (100, 34), "a", *["down"] * 4, "enter")
    await script_pictures("script", (100, 30))
    await runs_pictures((100, 34))
    await inside_pictures()
    await picture("ascii", "breast-cancer", (80, 24), ascii_only=True)
    await causes()
    await demo()


if __name__ == "__main__":
    asyncio.run(main())
