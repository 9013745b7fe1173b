"""Backward passes, and blocks without gradients: what shows where a script is that has no modules."""

from __future__ import annotations

import functools
import sys
from typing import Any

import torch

from .places import here, is_own, own_frame, site
from .watcher import Watcher

NEW = 4  # entries of a block at one place that are looked at whole


def watch_passes(watcher: Watcher) -> None:
    """Thin wrappers: torch has no hooks for either."""
    torch.autograd.backward = _watched(watcher, torch.autograd.backward, "backward")
    torch.autograd.grad = _watched(watcher, torch.autograd.grad, "grad")
    sites: dict[Any, int] = {}
    for block in (torch.no_grad, torch.inference_mode):
        _watch_entry(watcher, block, sites)


def _watched(watcher: Watcher, original: Any, how: str) -> Any:
    @functools.wraps(original)
    def backward(*args: Any, **kwargs: Any) -> Any:
        # Gradients that are asked for beside an optimizer, or of which others are taken, are no step.
        if watcher.busy or (how == "grad" and (watcher.optimizers or kwargs.get("create_graph"))):
            return original(*args, **kwargs)
        losses = args[0] if args else kwargs.get("tensors", kwargs.get("outputs"))
        if watcher.open:
            _tell(watcher, losses, how)
        else:
            watcher.backwards += 1
            watcher.stepped = 0
        try:
            result = original(*args, **kwargs)
        except RuntimeError as error:
            watcher.channel.send("backward_failed", error=str(error)[:300], place=here(2))
            raise
        if not watcher.optimizers:
            watcher.after_backward()
        watcher.busy = True
        try:
            watcher.pulse.hear(losses)
        except Exception as error:  # noqa: BLE001 - the script must not notice
            watcher.channel.send("trouble", error=repr(error))
        finally:
            watcher.busy = False
        return result

    return backward


def _tell(watcher: Watcher, losses: Any, how: str) -> None:
    watcher.busy = True
    try:
        watcher.backward(losses if isinstance(losses, torch.Tensor) else next(iter(losses)), how)
    except Exception as error:  # noqa: BLE001 - the script must not notice
        watcher.channel.send("trouble", error=repr(error))
    finally:
        watcher.busy = False


def _watch_entry(watcher: Watcher, block: Any, sites: dict[Any, int]) -> None:
    """Open a window where a script without modules goes into such a block at a new place."""
    original = block.__enter__

    @functools.wraps(original)
    def enter(self: Any) -> Any:
        if watcher.asleep and not watcher.roots:
            frame: Any = sys._getframe(1)
            if not is_own(frame.f_code.co_filename):
                frame = own_frame(2)
            if frame is not None and (seen := sites.get(site(frame), 0)) < NEW:
                sites[site(frame)] = seen + 1
                watcher.opens()
        return original(self)

    block.__enter__ = enter
