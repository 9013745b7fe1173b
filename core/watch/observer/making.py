"""Where modules, optimizers and loaders are made, by thin wrappers: torch has no hooks for that."""

from __future__ import annotations

import contextlib
import functools
import weakref
from typing import Any

import torch
from torch import nn
from torch.optim import optimizer as optimizers

from .places import here, is_own, own_frame, place_of
from .watcher import MADE, Watcher


def watch_construction(watcher: Watcher) -> None:
    """Where modules, optimizers and loaders are made."""
    _after(nn.Module, "__init__", lambda module, *_, **__: _made(watcher, module))
    _after(optimizers.Optimizer, "__init__", functools.partial(_optimizer_made, watcher))


def _after(owner: Any, name: str, tell: Any) -> None:
    """Call ``tell`` after a method, which does otherwise what it did."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        with contextlib.suppress(Exception):  # the script must not notice
            tell(self, *args, **kwargs)
        return result

    setattr(owner, name, wrapper)


def _made(watcher: Watcher, module: Any) -> None:
    # The frame of the caller that is the person's, and not the constructor of this very object.
    watcher.inside.pop(id(module), None)  # of a module that is gone
    watcher.dull.discard(id(module))
    frame = own_frame(4)
    while frame is not None and frame.f_code.co_name == "__init__" and frame.f_locals.get("self") is module:
        frame = _own_above(frame)
    if frame is not None:
        MADE[module] = place_of(frame)


def _own_above(frame: Any) -> Any:
    frame = frame.f_back
    while frame is not None and not is_own(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def _optimizer_made(watcher: Watcher, optimizer: Any, *_: Any, **__: Any) -> None:
    if watcher.busy or any(entry[0]() is optimizer for entry in watcher.optimizers):
        return
    watcher.optimizers.append((weakref.ref(optimizer), here(4), [0]))
    watcher.busy = True
    try:
        watcher.channel.send(
            "optimizer",
            id=len(watcher.optimizers),
            place=here(4),
            name=type(optimizer).__name__,
            groups=groups_of(watcher, optimizer),
        )
    finally:
        watcher.busy = False


def groups_of(watcher: Watcher, optimizer: Any) -> Any:
    """What an optimizer holds, and its settings."""
    told = []
    for group in optimizer.param_groups:
        values = {
            k: v for k, v in group.items() if k != "params" and isinstance(v, (int, float, bool, str))
        }
        told.append(
            {"parameters": [watcher.parameter(entry) for entry in group["params"]], "values": values}
        )
    return told


def watch_loaders(watcher: Watcher, module: Any) -> None:
    """``DataLoader``: what it is made of, told when it is first gone through."""
    loader_class = module.DataLoader
    _after(loader_class, "__init__", lambda loader, *_, **__: made.__setitem__(loader, here(4)))
    made: Any = weakref.WeakKeyDictionary()
    told: Any = weakref.WeakSet()
    original = loader_class.__iter__

    @functools.wraps(original)
    def iterate(loader: Any) -> Any:
        if loader not in told and not watcher.busy and watcher.channel.here:
            told.add(loader)
            watcher.busy = True
            try:
                _tell_loader(watcher, loader, made.get(loader))
            except Exception as error:  # noqa: BLE001 - the script must not notice
                watcher.channel.send("trouble", error=repr(error))
            finally:
                watcher.busy = False
        return original(loader)

    loader_class.__iter__ = iterate


def _tell_loader(watcher: Watcher, loader: Any, place: Any) -> None:
    dataset = loader.dataset
    rows = None
    while hasattr(dataset, "indices") and hasattr(dataset, "dataset"):  # a Subset
        rows = list(dataset.indices) if rows is None else [list(dataset.indices)[i] for i in rows]
        dataset = dataset.dataset
    tensors = list(getattr(dataset, "tensors", ()))
    numbers = []
    for tensor in tensors[:2]:
        if isinstance(tensor, torch.Tensor):
            picked = tensor if rows is None else tensor[rows]
            watcher.capture(picked, "dataset")
            numbers.append(watcher.numbers.of(picked)[0])
    watcher.channel.send(
        "loader",
        place=place or here(4),
        batch=loader.batch_size,
        sampler=type(loader.sampler).__name__,
        tensors=numbers,
        workers=loader.num_workers,
        drop_last=loader.drop_last,
        grad=torch.is_grad_enabled(),
    )
