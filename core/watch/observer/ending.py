"""What is told at the end: how the parameters stand, and what the model and the script now answer."""

from __future__ import annotations

import sys
import time
import warnings
from typing import Any

import torch

from . import compiler
from .making import groups_of
from .tensors import bytes_of
from .tracing import COMPARES, DECIDES, LEAVES
from .watcher import Watcher

DEEP = 200  # operations in a row that are made again
WALK = 4.0  # seconds that all of it may take
SHAPES = {"float", "double", "to", "squeeze", "view", "reshape", "flatten", "__getitem__", "detach"}


class Again:
    """Tensors made again, by the same operations, from the models as they are now."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.made: dict[int, Any] = {}
        self.depends: dict[int, bool] = {}
        self.roots: dict[int, Any] = {}

    def hangs(self, tensor: torch.Tensor, depth: int = 0) -> bool:
        """Whether a tensor hangs on parameters."""
        number = self.watcher.numbers.of(tensor)[0]
        if number in self.depends:
            return self.depends[number]
        self.depends[number] = False
        found = number in self.watcher.root_calls or number in self.watcher.parameters
        if not found and depth < DEEP:
            kept = self.watcher.producers.get(number)
            inputs = () if kept is None else _tensors(kept[2:])
            found = any(self.hangs(entry, depth + 1) for entry in inputs)
        self.depends[number] = found
        return found

    def value(self, tensor: Any, depth: int = 0) -> Any:
        """A tensor as it would be now."""
        if not isinstance(tensor, torch.Tensor):
            return tensor
        number = self.watcher.numbers.of(tensor)[0]
        if number in self.made:
            return self.made[number]
        self.made[number] = tensor
        if number in self.watcher.parameters or not self.hangs(tensor) or depth > DEEP:
            return tensor
        call = self.watcher.root_calls.get(number)
        if call is not None:
            self.made[number] = found = first_tensor(self._called(call))
            return found
        kept = self.watcher.producers.get(number)
        if kept is None:
            return tensor
        _, (func, index, many), args, kwargs = kept
        result = func(*_mapped(args, self, depth), **_mapped(kwargs, self, depth))
        self.made[number] = found = (
            result if many == 1 and isinstance(result, torch.Tensor) else result[index]
        )
        return found

    def _called(self, call: Any) -> Any:
        """A model called with the same inputs, in evaluation."""
        module, inputs, keywords, _ = call
        states = [(part, part.training) for part in module.modules()]
        try:
            for part, _ in states:
                part.training = False
            return module(*inputs, **keywords)
        finally:
            for part, training in states:
                part.training = training


def _tensors(values: Any) -> list[torch.Tensor]:
    from .watcher import flat

    return [entry for entry in flat(values) if isinstance(entry, torch.Tensor)]


def _mapped(values: Any, again: Again, depth: int) -> Any:
    if isinstance(values, dict):
        return {key: _mapped(entry, again, depth) for key, entry in values.items()}
    if isinstance(values, (list, tuple)) and not isinstance(values, torch.Size):
        mapped = [_mapped(entry, again, depth) for entry in values]
        return tuple(mapped) if isinstance(values, tuple) else mapped
    return again.value(values, depth + 1)


def first_tensor(output: Any) -> Any:
    """The first tensor in what a model gives."""
    if isinstance(output, torch.Tensor):
        return output
    found = _tensors((output,))
    return found[0] if found else None


def tell_end(watcher: Watcher) -> None:
    """All of it."""
    watcher.busy = True
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is made again was warned of when it was made
        for tell in (_last_losses, _parameters, _models, _decisions):
            try:
                tell(watcher)
            except Exception as error:  # noqa: BLE001 - the script is over, and must not notice
                watcher.channel.send("trouble", error=repr(error))


def _last_losses(watcher: Watcher) -> None:
    watcher.pulse.send()


def _parameters(watcher: Watcher) -> None:
    held = []
    for reference, _, _ in watcher.optimizers:
        optimizer = reference()
        if optimizer is not None:
            held.append(groups_of(watcher, optimizer))
    told = []
    for number, (tensor, before, version) in watcher.parameters.items():
        finite = bool(torch.isfinite(tensor).all())
        changed = not torch.equal(tensor, before) if before is not None else tensor._version != version
        if before is not None and not finite:
            changed = True
        told.append(
            {
                "id": number,
                "shape": list(tensor.shape),
                "grad": tensor.requires_grad,
                "changed": changed,
                "finite": finite,
                "norm": float(tensor.detach().double().norm()),
                "used": tensor.grad is not None,
            }
        )
        total = tensor.numel()
        if total <= 1_000_000 and len(told) < 40 and before is not None:
            for use, values in (("first", before), ("last", tensor)):
                found = bytes_of(values, 8 << 20)
                if found:
                    watcher.channel.send("values", found[0], id=number, use=use, **found[1])
    seconds = time.perf_counter() - watcher.began
    watcher.channel.send(
        "end",
        parameters=told,
        optimizers=held,
        steps=watcher.steps,
        backwards=watcher.backwards,
        seconds=seconds,
        modules=_modules(),
    )


def _modules() -> list[str]:
    """Modules of libraries that the script has imported: second runs begin with them."""
    names = [name for name, module in list(sys.modules.items()) if "." not in name or name.count(".") == 1]
    kept = []
    for name in names:
        file = getattr(sys.modules[name], "__file__", None) or ""
        if "site-packages" in file and not name.startswith(("torch", "_")):
            kept.append(name)
    if compiler.is_imported():
        kept.append(compiler.NAME)  # and that takes seconds
    return kept[-400:]


def _models(watcher: Watcher) -> None:
    """What the models give now for the inputs that were seen."""
    again = Again(watcher)
    began = time.perf_counter()
    for number, call in list(watcher.root_calls.items()):
        if time.perf_counter() - began > WALK:
            return
        found = again.value(call[3] if isinstance(call[3], torch.Tensor) else first_tensor(call[3]))
        data = bytes_of(found, 4 << 20) if found is not None else None
        if data:
            watcher.channel.send("values", data[0], id=number, use="output", **data[1])


def _decisions(watcher: Watcher) -> None:
    """What the script makes of them."""
    again = Again(watcher)
    began = time.perf_counter()
    for name, given, place, numbers in list(watcher.decisions.values()):
        if time.perf_counter() - began > WALK:
            return
        tensors = [entry for entry in given if isinstance(entry, torch.Tensor)]
        counted = name in COMPARES and len(tensors) == 1 and tensors[0].numel() > 1  # such as y == 0
        if not counted and not any(again.hangs(entry) for entry in tensors):
            continue
        ids = []
        if not watcher.roots:
            _inputs(watcher, again, tensors)
            _outputs(watcher, again, tensors)
        for entry in tensors:
            try:
                found = again.value(entry)
            except Exception:  # noqa: BLE001 - what cannot be made again is taken as it was
                found = entry
            data = bytes_of(found, 4 << 20)
            number = watcher.numbers.of(entry)[0]
            ids.append([number, again.hangs(entry)])
            if data:
                watcher.channel.send("values", data[0], id=number, use="final", **data[1])
        how = "compare" if name in COMPARES else "leave" if name in LEAVES else "decide"
        watcher.channel.send("decision", name=name, how=how, given=ids, out=numbers, place=place)


def _inputs(watcher: Watcher, again: Again, waiting: list[torch.Tensor]) -> None:
    """The tables that answers come from, of a script without modules: no call of a model shows them."""
    seen: set[int] = set()
    waiting = list(waiting)
    while waiting and len(seen) < DEEP:
        tensor = waiting.pop()
        number = watcher.numbers.of(tensor)[0]
        if number in seen or number in watcher.parameters:
            continue
        seen.add(number)
        if again.hangs(tensor):
            kept = watcher.producers.get(number)
            waiting += () if kept is None else _tensors(kept[2:])
        elif tensor.dim() == 2 and seen != {number}:
            watcher.capture(tensor, "input")


def _outputs(watcher: Watcher, again: Again, labels: list[torch.Tensor]) -> None:
    """What labels are cut from, of a script without modules: no call of a model shows it."""
    for label in labels:
        tensor, cut = label, False
        while again.hangs(tensor):
            number = watcher.numbers.of(tensor)[0]
            name, _, args, keywords = watcher.producers.get(number, ("", None, (), {}))
            if name not in SHAPES | DECIDES:
                if cut and tensor.is_floating_point() and (data := bytes_of(again.value(tensor), 4 << 20)):
                    watcher.channel.send("values", data[0], id=number, use="output", **data[1])
                break
            cut |= name in DECIDES
            tensor = _tensors((args, keywords))[0]
