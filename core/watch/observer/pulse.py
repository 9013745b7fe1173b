"""The loss of every backward pass, told a few times a second: a curve is drawn while the script runs."""

from __future__ import annotations

import functools
import time
import weakref
from array import array
from typing import Any

import torch

from .places import here
from .tensors import bytes_of

EVERY = 0.1  # seconds between two frames
MOST = 5_000  # losses in one frame
SAMPLE = 64 << 10  # bytes of what a model gives


class Pulse:
    """Told of every backward pass, inside of windows and between them; costs a microsecond or two each."""

    def __init__(self, watcher: Any) -> None:
        self.watcher = watcher
        self.losses: list[Any] = []
        self.due = 0.0
        self.backwards = 0
        self.begun = 0  # passes over the loader that was begun last
        self.epoch = 0  # and over the one that is trained on

    def hear(self, loss: Any) -> None:
        """A backward pass is over; whoever calls keeps the observer from looking at what is done here."""
        if not isinstance(loss, torch.Tensor):
            loss = next(iter(loss))
        self.backwards += 1
        self.epoch = self.begun
        if loss.numel() == 1 and len(self.losses) < MOST:
            # A number, and no tensor: that would hold the graph, and change with what is done in place. On
            # another device to read a number is to wait for all that was asked of it: there it is copied.
            self.losses.append(loss.item() if loss.is_cpu else loss.detach().clone().reshape(()))
        if time.perf_counter() >= self.due:
            self.send(here(3))

    def count_passes(self, module: Any) -> None:
        """Count how often a ``DataLoader`` is gone through."""
        passes: Any = weakref.WeakKeyDictionary()
        original = module.DataLoader.__iter__

        @functools.wraps(original)
        def iterate(loader: Any) -> Any:
            self.begun = passes[loader] = passes.get(loader, 0) + 1
            return original(loader)

        module.DataLoader.__iter__ = iterate

    def send(self, place: Any = None) -> None:
        """Tell what was heard since the last time: as bytes, for words cost more than the rest."""
        losses, self.losses = self.losses, []
        now = time.perf_counter()
        self.due = now + EVERY
        self.watcher.channel.send(
            "pulse",
            array("d", _read(losses)).tobytes(),
            shape=[len(losses)],
            dtype="float64",
            backwards=self.backwards,
            epoch=self.epoch,
            place=place,
            seconds=now - self.watcher.began,
        )
        self.watcher.channel.flush()

    def sample(self, number: int, output: Any) -> None:
        """What a model gives for a batch that it is trained on, where that is little."""
        found = bytes_of(output.detach(), SAMPLE)
        if found is not None:
            self.watcher.channel.send("sample", found[0], id=number, use="sample", **found[1])


def _read(losses: list[Any]) -> list[float]:
    """Numbers of what was kept: what lies on another device is read at once."""
    away = [entry.float() for entry in losses if isinstance(entry, torch.Tensor)]
    come = iter(torch.stack(away).tolist() if away else ())
    return [next(come) if isinstance(entry, torch.Tensor) else float(entry) for entry in losses]
