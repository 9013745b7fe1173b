"""What only a GPU can show: ``python -m tests.gpu``, for whoever has one. No part of the suite.

The same runs on the GPU and on the CPU, weight by weight at some epochs; then how fast the GPU is.
Exits with 1 where a trajectory differs, and with 2 where there is no GPU.
"""

from __future__ import annotations

import sys
import time
from itertools import product
from typing import Any

import numpy as np
import torch

from lrtui.core.config import Config, changed
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.array_types import Floats
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source

EPOCHS, LOOKS = 30, 6
NEAR = 1e-5  # of the largest weight
WAYS: tuple[dict[str, Any], ...] = (
    {"optimizer": "newton"},
    {"optimizer": "lbfgs", "batch_size": 0, "lr": 1.0},
    *(
        {"optimizer": optimizer, "batch_size": size, "lr": 0.05}
        for optimizer, size in product(("sgd", "momentum", "adam"), (0, 1024))
    ),
)


def made(rows: int, columns: int, classes: int = 2, seed: int = 0) -> Problem:
    """Rows of noise, with labels that a linear model knows in part."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(rows, columns))
    scores = X @ random.normal(size=(columns, classes)) + 2 * random.gumbel(size=(rows, classes))
    names = tuple(f"x{number}" for number in range(columns))
    labels = tuple(map(str, range(classes)))
    return problem_of(
        Dataset(Source("made"), X, scores.argmax(1).astype(np.int8), names, labels, ""), Config()
    )


def trajectory(problem: Problem, config: Config, device: str) -> list[Floats]:
    """The weights after some epochs, in float64."""
    trainer, found = Trainer(problem, changed(config, device=device), dtype=torch.float64), []
    for _ in range(LOOKS):
        trainer.advance(epochs=EPOCHS // LOOKS)
        found.append(np.array(trainer.theta))
    if trainer.spilled:
        raise RuntimeError("the GPU ran out of memory, and the CPU went on")
    return found


def difference(problem: Problem, config: Config) -> float:
    """The largest, over all looks, as a share of the largest weight."""
    pairs = zip(trajectory(problem, config, "cuda"), trajectory(problem, config, "cpu"), strict=True)
    return max(
        float(np.abs(ours - theirs).max() / max(np.abs(theirs).max(), 1e-30)) for ours, theirs in pairs
    )


def seconds_of(config: Config, problem: Problem, device: str, epochs: int) -> float:
    """Seconds of an epoch, once the first has made room."""
    trainer = Trainer(problem, changed(config, device=device, epochs=epochs + 1))
    trainer.advance(epochs=1)
    torch.cuda.synchronize()
    begun = time.perf_counter()
    trainer.advance(epochs=epochs)
    torch.cuda.synchronize()
    return (time.perf_counter() - begun) / epochs


def reading(problem: Problem) -> float:
    """Seconds in which the GPU reads X once."""
    X = torch.from_numpy(problem.design_train).to("cuda", torch.float32)
    X.sum()
    torch.cuda.synchronize()
    begun = time.perf_counter()
    for _ in range(10):
        X.sum()
    torch.cuda.synchronize()
    return (time.perf_counter() - begun) / 10


def main() -> int:
    """Compare, then measure."""
    if not torch.cuda.is_available():
        print("torch finds no GPU here. Run this where there is one.", file=sys.stderr)
        return 2
    print(torch.cuda.get_device_name(), "torch", torch.__version__)
    wrong = 0
    for classes, way in product((2, 3), WAYS):
        found = difference(made(5_000, 20, classes), changed(Config(), epochs=EPOCHS, **way))
        wrong += not found <= NEAR
        print(
            f"{'same' if found <= NEAR else 'DIFFERS'}  {found:.1e}  {classes} classes  {way}", flush=True
        )
    problem = made(1_000_000, 100)
    read = reading(problem)
    for way, epochs in ((WAYS[2], 20), (WAYS[0], 3), (WAYS[3], 2)):
        config = changed(Config(), **way)
        gpu, cpu = (seconds_of(config, problem, device, epochs) for device in ("cuda", "cpu"))
        print(f"{gpu:.4f} s an epoch, {gpu / read:.1f} × reading X once, {gpu / cpu:.3f} of the CPU: {way}")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
