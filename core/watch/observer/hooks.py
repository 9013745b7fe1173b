"""Hooks on models and optimizers: torch's public ones in a window, and between windows a thin wrapper."""

from __future__ import annotations

import functools
import sys
from typing import Any

import torch
from torch import nn
from torch.optim import optimizer as optimizers

from .places import here, is_own, own_frame, site
from .watcher import Watcher

NEW = 4  # calls of a model from one place that are looked at whole


class ModelHooks:
    """Calls of modules: every one in a window, and in between only whether a model is called anew.

    Torch's hooks on every module cost a microsecond a call, so they are there in windows alone.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.sites: dict[Any, int] = {}
        self.known: set[Any] = set()  # sites of the person's own that need no look any more
        self.handles: list[Any] = []
        self.steps: Any = None  # hooks on steps
        watcher.models = self
        self.listen()
        self._wrap_calls()

    def listen(self) -> None:
        """Hear every call of a module, its beginning and its end."""
        if not self.handles:
            self.watcher.thread.__dict__.setdefault("stack", []).clear()
            hooks = nn.modules.module
            after = hooks.register_module_forward_hook(self.after, with_kwargs=True, always_call=True)
            self.handles = [hooks.register_module_forward_pre_hook(self.before), after]
            if self.steps is not None:
                self.steps.listen()

    def rest(self) -> None:
        """Hear none."""
        for handle in self.handles:
            handle.remove()
        self.handles.clear()
        self.steps.rest()

    def _wrap_calls(self) -> None:
        watcher, dull, known, getframe = self.watcher, self.watcher.dull, self.known, sys._getframe
        original, arrives = nn.Module.__call__, self.arrives

        @functools.wraps(original)
        def call(*args: Any, **kwargs: Any) -> Any:
            if not watcher.open and id(module := args[0]) not in dull:
                frame: Any = getframe(1)
                back = frame.f_back or frame  # what ``site`` gives, without its call
                if (
                    id(frame.f_code),
                    frame.f_lasti,
                    id(back.f_code),
                    back.f_lasti,
                    module.training,
                ) not in known:
                    arrives(module, frame)
            return original(*args, **kwargs)

        nn.Module.__call__ = call  # type: ignore[method-assign]

    def arrives(self, module: Any, frame: Any) -> None:
        """A module that may be a model is called between windows: one opens where the place is new."""
        watcher, called = self.watcher, (*site(frame), module.training)
        if watcher.inside.get(id(module)) is False or not any(True for _ in module.parameters()):
            watcher.dull.add(id(module))
        elif not watcher.busy and own_frame(3) is not None:
            key = called if is_own(frame.f_code.co_filename) else (*site(own_frame(3)), module.training)
            seen = self.sites[key] = self.sites.get(key, 0) + 1
            if seen <= NEW:
                watcher.opens()
            elif key == called:
                self.known.add(key)

    def before(self, module: Any, inputs: Any) -> None:
        """A module is about to be called."""
        watcher = self.watcher
        if watcher.busy or not watcher.open:
            return
        if not watcher.mode.here:
            watcher.mode.come()
        stack = watcher.thread.__dict__.setdefault("stack", [])
        watcher.busy = True
        try:
            stack.append((self._label(module, stack), module, torch.is_grad_enabled()))
        finally:
            watcher.busy = False

    def after(self, module: Any, inputs: Any, keywords: Any, output: Any) -> None:
        """A call of a module is over."""
        watcher = self.watcher
        stack = watcher.thread.__dict__.setdefault("stack", [])
        if watcher.busy or not stack or stack[-1][1] is not module:
            return
        label, _, grad = stack.pop()
        watcher.busy = True
        try:
            first = not any(entry[0][0] == "model" for entry in stack)
            if first and any(True for _ in module.parameters()):
                watcher.root(module, inputs, keywords, output, grad)
            elif watcher.told < 20_000:
                watcher.channel.send(
                    "call",
                    label=label,
                    inputs=watcher.encoded(inputs),
                    output=watcher.encoded(output),
                    place=here(2),
                    grad=grad,
                    step=watcher.steps,
                    training=module.training,
                )
        except Exception as error:  # noqa: BLE001 - the script must not notice
            watcher.channel.send("trouble", error=repr(error))
        finally:
            watcher.busy = False

    def _label(self, module: Any, stack: Any) -> Any:
        """``("model", number, path)`` of a part of a model, else ``("function", class)``."""
        roots = [entry for entry in stack if entry[0][0] == "model"]
        if roots:
            name = next((n for n, part in roots[0][1].named_modules() if part is module), "?")
            return ("model", roots[0][0][1], name)
        if any(True for _ in module.parameters()):
            return ("model", self.watcher.root_module(module), "")
        return ("function", type(module).__name__)


class StepHooks:
    """Steps of optimizers."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        watcher.models.steps = self
        self.handle: Any = None
        self.listen()
        optimizers.register_optimizer_step_post_hook(self.after)

    def listen(self) -> None:
        """Hear of steps before they are taken, too."""
        self.handle = self.handle or optimizers.register_optimizer_step_pre_hook(self.before)

    def rest(self) -> None:
        """Hear of steps that were taken alone."""
        if self.handle is not None:
            self.handle.remove()
            self.handle = None

    def before(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        """A step is about to be taken: told while a window is open."""
        watcher = self.watcher
        if not watcher.open or watcher.busy:
            return
        watcher.busy = True
        try:
            number = self._number(optimizer)
            grads = []
            for group in optimizer.param_groups:
                for parameter in group["params"]:
                    grad = parameter.grad
                    size = None if grad is None or grad.is_sparse else float(grad.norm())
                    grads.append([watcher.parameter(parameter), size])
            watcher.channel.send(
                "step",
                optimizer=number,
                place=here(3),
                grads=grads,
                step=watcher.steps,
                lr=[float(group.get("lr", 0) or 0) for group in optimizer.param_groups],
            )
        except Exception as error:  # noqa: BLE001 - the script must not notice
            watcher.channel.send("trouble", error=repr(error))
        finally:
            closure = any(callable(entry) for entry in (*args[1:], *kwargs.values()))
            watcher.busy = not closure  # what the optimizer does by itself is not looked at

    def _number(self, optimizer: Any) -> int:
        for number, entry in enumerate(self.watcher.optimizers, 1):
            if entry[0]() is optimizer:
                return number
        return 0

    def after(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        """A step was taken."""
        watcher = self.watcher
        watcher.busy = False
        watcher.step_done()
