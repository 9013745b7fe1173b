"""What watching costs: processor time of a step as the script takes it, alone and watched, in turn.

Of a run the median over stretches of steps counts: most hold no window, in which everything is looked at.
What the windows cost, whose number grows with the logarithm of the steps, is told beside it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.report import Result, duration
from tests.benchmarks.scripts.measuring import NAME
from tests.benchmarks.scripts.watching import LIMIT, LRTUI, surroundings

ROUNDS = 5
STRETCH = 50  # steps
TOLD = re.compile(r"seconds a step: ([\d.e+-]+), in all ([\d.e+-]+)")
HEAD = """import statistics
import time

import torch
from torch import nn

torch.manual_seed(0)
torch.set_num_threads(1)
"""
LINEAR = """
X = torch.randn(455, 30)
y = (X[:, 0] + torch.randn(455) > 0).float()
w = torch.zeros(30, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.1)
criterion = torch.nn.BCEWithLogitsLoss()
ticks = []
for step in range({steps}):
    if step % {stretch} == 0:
        ticks.append(time.process_time())
    optimizer.zero_grad()
    loss = criterion(X @ w + b, y)
    loss.backward()
    optimizer.step()
"""
MODULE = (
    LINEAR.replace(
        "w = torch.zeros(30, requires_grad=True)\nb = torch.zeros(1, requires_grad=True)\n",
        "model = torch.nn.Linear(30, 1)\n",
    )
    .replace("[w, b]", "model.parameters()")
    .replace("X @ w + b", "model(X).squeeze(1)")
)
MLP = """
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
ticks = []
for step in range({steps}):
    if step % {stretch} == 0:
        ticks.append(time.process_time())
    rows = slice(step % 100 * 128, step % 100 * 128 + 128)
    optimizer.zero_grad()
    loss = criterion(model(X[rows]).squeeze(1), y[rows])
    loss.backward()
    optimizer.step()
"""
TAIL = """ticks.append(time.process_time())
each = statistics.median(after - before for before, after in zip(ticks, ticks[1:])) / {stretch}
print("seconds a step: %s, in all %s" % (each, ticks[-1] - ticks[0]))
"""
ROWS = (
    # what, its part of the script, its steps, the most that the ratio may be
    ("a step of 30 features in 455 rows, parameters by hand", LINEAR, 3_000, 1.10),
    ("a step of 30 features in 455 rows, nn.Linear", MODULE, 3_000, 1.10),
    ("a step of an MLP of 3 × 256, batches of 128", MLP, 500, 1.03),
)


def measure(quick: bool = False) -> Iterator[Result]:
    """Medians of both, and of the ratios of neighbours; one script has every part, for starts are slow."""
    counts = [steps // 10 if quick else steps for _, _, steps, _ in ROWS]
    parts = [
        (part + TAIL).format(steps=count, stretch=STRETCH // 5 if quick else STRETCH)
        for (_, part, _, _), count in zip(ROWS, counts, strict=True)
    ]
    watched: list[list[tuple[float, float]]] = []
    alone: list[list[tuple[float, float]]] = []
    with TemporaryDirectory(prefix="lrtui-costs-") as made:
        folder = Path(made) / "work"
        folder.mkdir()
        (folder / NAME).write_text(HEAD + "".join(parts))
        for _ in range(1 if quick else ROUNDS):  # in turn, so that a drifting machine drifts for both
            watched.append(_steps([str(LRTUI), "watch", NAME, "--json", "--no-rerun"], folder))
            alone.append(_steps([sys.executable, NAME], folder))
    for place, ((what, _, _, bar), count) in enumerate(zip(ROWS, counts, strict=True)):
        ours, against = ([each[place] for each in rounds] for rounds in (watched, alone))
        windows = median(whole - count * each for each, whole in ours)
        ratio = median(one[0] / other[0] for one, other in zip(ours, against, strict=True))
        yield Result(
            f"{what}; windows in all {duration(max(windows, 0.0))}",
            duration(median(each for each, _ in ours)),
            duration(median(each for each, _ in against)),
            ratio,
            bar,
        )


def _steps(command: list[str], folder: Path) -> list[tuple[float, float]]:
    """For each part the seconds of a step between windows, and of all steps together."""
    done = subprocess.run(
        command, cwd=folder, env=surroundings(folder), capture_output=True, text=True, timeout=LIMIT
    )
    found = TOLD.findall(done.stderr) or TOLD.findall(done.stdout)
    if len(found) != len(ROWS):
        raise RuntimeError(f"no time in the output of {command}: {done.stderr[-500:]}")
    return [(float(each), float(whole)) for each, whole in found]
