"""The opponent: the training loops that people usually write in PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from lrtui.core.config import Config
from lrtui.datasets.preparing.problem import Problem
from tests.benchmarks.report import seconds

DEFAULT_THREADS = torch.get_num_threads()
OPTIMIZERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "sgd": torch.optim.SGD,
    "adam": torch.optim.Adam,
}


def tensors(problem: Problem) -> tuple[Tensor, Tensor]:
    """The training part as a loop wants it: X (n, p) and y (n, 1), both float32."""
    X = torch.tensor(problem.X_train, dtype=torch.float32)
    return X, torch.tensor(problem.y_train, dtype=torch.float32).unsqueeze(1)


def full_batch(X: Tensor, y: Tensor, config: Config) -> list[float]:
    """All rows in one update; returns the loss of every epoch."""
    torch.manual_seed(config.seed)
    model = nn.Sequential(nn.Linear(X.shape[1], 1), nn.Sigmoid())
    criterion = nn.BCELoss()
    optimizer = OPTIMIZERS[config.optimizer](model.parameters(), lr=config.lr)
    losses = []
    for _ in range(config.epochs):
        optimizer.zero_grad()
        loss = criterion(model(X), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def mini_batches(X: Tensor, y: Tensor, config: Config) -> list[float]:
    """Shuffled batches from a DataLoader; returns the mean loss of every epoch."""
    torch.manual_seed(config.seed)
    model = nn.Sequential(nn.Linear(X.shape[1], 1), nn.Sigmoid())
    criterion = nn.BCELoss()
    optimizer = OPTIMIZERS[config.optimizer](model.parameters(), lr=config.lr)
    loader = DataLoader(TensorDataset(X, y), batch_size=config.batch_size, shuffle=True)
    losses = []
    for _ in range(config.epochs):
        total = 0.0
        for X_batch, y_batch in loader:
            optimizer.zero_grad()
            loss = criterion(model(X_batch), y_batch)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(y_batch)
        losses.append(total / len(y))
    return losses


@contextmanager
def threads(count: int) -> Iterator[None]:
    """So many threads of torch for a while."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def best_threads(loop: Callable[[], object]) -> int:
    """How many threads serve a loop best, torch's default or one: the fair opponent is the faster."""
    if DEFAULT_THREADS == 1:
        return 1
    took: dict[int, list[float]] = {DEFAULT_THREADS: [], 1: []}
    for _ in range(5):
        for count, found in took.items():
            with threads(count):
                found.append(seconds(loop))
    return min(took, key=lambda count: median(took[count]))
