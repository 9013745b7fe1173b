"""What watching costs: processor time of a step as the script takes it, alone and watched, in turn."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.report import Result, duration, pairs
from tests.benchmarks.scripts.measuring import NAME
from tests.benchmarks.scripts.watching import LIMIT, LRTUI, surroundings

ROUNDS = 5
TOLD = re.compile(r"seconds a step: ([\d.e+-]+)")
PLAIN = """import time

import torch

torch.manual_seed(0)
torch.set_num_threads(1)
X = torch.randn(455, 30)
y = (X[:, 0] + torch.randn(455) > 0).float()
w = torch.zeros(30, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.1)
criterion = torch.nn.BCEWithLogitsLoss()
started = time.process_time()
for step in range({steps}):
    optimizer.zero_grad()
    loss = criterion(X @ w + b, y)
    loss.backward()
    optimizer.step()
print("seconds a step:", (time.process_time() - started) / {steps})
"""
MODULE = (
    PLAIN.replace(
        "w = torch.zeros(30, requires_grad=True)\nb = torch.zeros(1, requires_grad=True)\n",
        "model = torch.nn.Linear(30, 1)\n",
    )
    .replace("[w, b]", "model.parameters()")
    .replace("X @ w + b", "model(X).squeeze(1)")
)
MLP = """import time

import torch
from torch import nn

torch.manual_seed(0)
torch.set_num_threads(1)
X = torch.randn(12800, 30)
y = (X[:, 0] * X[:, 1] > 0).float()
model = nn.Sequential(
    nn.Linear(30, 256), nn.ReLU(),
    nn.Linear(256, 256), nn.ReLU(),
    nn.Linear(256, 256), nn.ReLU(),
    nn.Linear(256, 1),
)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
criterion = nn.BCEWithLogitsLoss()
started = time.process_time()
for step in range({steps}):
    rows = slice(step % 100 * 128, step % 100 * 128 + 128)
    optimizer.zero_grad()
    loss = criterion(model(X[rows]).squeeze(1), y[rows])
    loss.backward()
    optimizer.step()
print("seconds a step:", (time.process_time() - started) / {steps})
"""
ROWS = (
    # what, the script, its steps, the most that the ratio may be
    ("a step of 30 features in 455 rows, parameters by hand", PLAIN, 20_000, 1.10),
    ("a step of 30 features in 455 rows, nn.Linear", MODULE, 20_000, 1.10),
    ("a step of an MLP of 3 × 256, batches of 128", MLP, 1_500, 1.03),
)


def measure(quick: bool = False) -> Iterator[Result]:
    """Medians of both, and of the ratios of neighbours."""
    with TemporaryDirectory(prefix="lrtui-costs-") as made:
        folder = Path(made) / "work"
        folder.mkdir()
        for what, text, steps, bar in ROWS:
            (folder / NAME).write_text(text.replace("{steps}", str(steps // 20 if quick else steps)))
            watched = [str(LRTUI), "watch", NAME, "--json", "--no-rerun"]
            ours, against, ratio = pairs(
                lambda: _step([*watched], folder),  # noqa: B023 - called before the next turn
                lambda: _step([sys.executable, NAME], folder),
                1 if quick else ROUNDS,
            )
            yield Result(what, duration(ours), duration(against), ratio, bar)


def _step(command: list[str], folder: Path) -> float:
    done = subprocess.run(
        command, cwd=folder, env=surroundings(folder), capture_output=True, text=True, timeout=LIMIT
    )
    found = TOLD.search(done.stderr) or TOLD.search(done.stdout)
    if found is None:
        raise RuntimeError(f"no time in the output of {command}: {done.stderr[-500:]}")
    return float(found.group(1))
