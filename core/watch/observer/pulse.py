"""The loss of every backward pass, told a few times a second: a curve is drawn while the script runs."""

from __future__ import annotations

import functools
import time
import weakref
from typing import Any

import torch

from .places import here
from .tensors import bytes_of

EVERY = 0.1  # seconds between two frames
MOST = 5_000  # losses in one frame
SAMPLE = 64 << 10  # bytes of what a model gives


class Pulse:
    """Hears every backward pass, inside of windows and between them; costs about a microsecond each."""

    def __init__(self, watcher: Any) -> None:
        self.watcher = watcher
        self.losses: list[Any] = []
        self.due = 0.0
        self.backwards = 0
        self.begun = 0  # passes over the loader that was begun last
        self.epoch = 0  # and over the one that is trained on
        original = torch.autograd.backward

        @functools.wraps(original)
        def backward(tensors: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(tensors, *args, **kwargs)
            if not watcher.busy and watcher.channel.here:
                self.hear(tensors)
            return result

        torch.autograd.backward = backward

    def hear(self, tensors: Any) -> None:
        """A backward pass is over."""
        busy, self.watcher.busy = self.watcher.busy, True
        try:
            loss = tensors if isinstance(tensors, torch.Tensor) else next(iter(tensors))
            self.backwards += 1
            self.epoch = self.begun
            if loss.numel() == 1 and len(self.losses) < MOST:
                # On another device to read a number is to wait for all that was asked of it.
                self.losses.append(loss.item() if loss.device.type == "cpu" else loss.detach().reshape(()))
            if time.perf_counter() >= self.due:
                self.send(here(3))
        except Exception as error:  # noqa: BLE001 - the script must not notice
            self.watcher.channel.send("trouble", error=repr(error))
        finally:
            self.watcher.busy = busy

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
        """Tell what was heard since the last time."""
        losses, self.losses = self.losses, []
        now = time.perf_counter()
        self.due = now + EVERY
        self.watcher.channel.send(
            "pulse",
            losses=[float(entry) for entry in losses],
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
