"""Every operation on tensors while a window is open, by ``TorchFunctionMode``."""

from __future__ import annotations

import sys
from typing import Any

import torch
from torch.overrides import TorchFunctionMode, _get_current_function_mode

from .places import here, own_frame, place_of
from .watcher import MOST, OFTEN, Watcher, flat

DECIDES = {
    "gt",
    "ge",
    "lt",
    "le",
    "__gt__",
    "__ge__",
    "__lt__",
    "__le__",
    "argmax",
    "round",
    "max",
    "topk",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "floor",
    "sign",
    "bool",
    "int",
    "long",
    "heaviside",
    "where",
    "sort",
}
COMPARES = {"eq", "__eq__", "ne", "__ne__", "equal"}
LEAVES = {"numpy", "__array__", "tolist", "item", "__float__", "__int__", "__bool__"}
DULL = {
    "size",
    "dim",
    "numel",
    "__len__",
    "__repr__",
    "__format__",
    "__hash__",
    "is_floating_point",
    "stride",
    "type",
    "element_size",
    "is_complex",
    "__get__",
    "__set__",
    "ndimension",
    "nelement",
    "is_contiguous",
    "storage_offset",
    "data_ptr",
    "get_device",
    "__str__",
    "__dir__",
    "is_signed",
    "untyped_storage",
    "register_hook",
    "register_post_accumulate_grad_hook",
    "has_names",
    "__contains__",
    "__iter__",
    "_is_view",
    "_set_grad_enabled",
    "_record_function_enter_new",
    "_record_function_exit._RecordFunction",
    "is_grad_enabled",
    "empty",
    "_has_compatible_shallow_copy_type",
    "is_sparse",
    "__deepcopy__",
    "backward",
    "zero_grad",
}
TOLD_GETTERS = {"data", "T", "mT", "grad", "H"}


class Tracer(TorchFunctionMode):
    """Sees the calls; does nothing where no window is open."""

    def __init__(self, watcher: Watcher) -> None:
        super().__init__()
        self.watcher = watcher

    def come(self) -> None:
        """Stand on this thread's stack of modes."""
        if not self.here:
            self.__enter__()  # type: ignore[no-untyped-call, unused-ignore]
            self.watcher.thread.on = True

    def go(self) -> None:
        """Leave it, where nothing stands above."""
        top = _get_current_function_mode()  # type: ignore[no-untyped-call, unused-ignore]
        if self.here and top is self:
            self.__exit__(None, None, None)
            self.watcher.thread.on = False

    @property
    def here(self) -> bool:
        """Whether it stands on this thread's stack."""
        return bool(getattr(self.watcher.thread, "on", False))

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Call the function, and tell of it."""
        kwargs = kwargs or {}
        watcher = self.watcher
        if watcher.busy or not watcher.open:
            return func(*args, **kwargs)
        name = name_of(func)
        if name is None:
            return func(*args, **kwargs)
        try:
            result = func(*args, **kwargs)
        except Exception as error:
            self._failed(name, args, kwargs, error)
            raise
        watcher.busy = True
        try:
            self.tell(name, func, args, kwargs, result)
        except Exception as error:  # noqa: BLE001
            watcher.channel.send("trouble", error=repr(error))
        finally:
            watcher.busy = False
        return result

    def _failed(self, name: str, args: Any, kwargs: Any, error: Exception) -> None:
        watcher = self.watcher
        watcher.busy = True
        try:
            watcher.channel.send(
                "op_failed",
                name=name,
                args=watcher.encoded(args),
                kwargs=watcher.encoded(kwargs),
                place=here(3),
                error=str(error)[:300],
                out=[],
                grad=torch.is_grad_enabled(),
                step=watcher.steps,
                within=[entry[0] for entry in getattr(watcher.thread, "stack", ())],
            )
        finally:
            watcher.busy = False

    def tell(self, name: str, func: Any, args: Any, kwargs: Any, result: Any) -> None:
        """A frame of one operation."""
        watcher = self.watcher
        if "utils/data" in sys._getframe(2).f_code.co_filename:
            return
        frame = own_frame(3)
        key = (frame and frame.f_code, frame and frame.f_lasti, name)
        watcher.window[key] = watcher.window.get(key, 0) + 1
        if watcher.window[key] > OFTEN or watcher.told > MOST:
            return
        watcher.told += 1
        given = {"args": watcher.encoded(args), "kwargs": watcher.encoded(kwargs)}
        tensors = [entry for entry in flat((args, kwargs)) if isinstance(entry, torch.Tensor)]
        outs = [entry for entry in flat((result,)) if isinstance(entry, torch.Tensor)]
        numbers = []
        for out in outs:
            inside = any(out is tensor for tensor in tensors)
            number = watcher.tensor(out, again=inside)
            numbers.append(number)
            if not inside:
                self.keep(number, name, func, args, kwargs, out, outs)
        place = place_of(frame)
        stack = getattr(watcher.thread, "stack", ())
        watcher.channel.send(
            "op",
            name=name,
            **given,
            out=numbers,
            place=place,
            grad=torch.is_grad_enabled(),
            step=watcher.steps,
            within=[entry[0] for entry in stack],
        )
        if name in COMPARES or name in DECIDES or name in LEAVES:
            self.decide(name, numbers, args, outs, place, key)

    def keep(self, number: int, name: str, func: Any, args: Any, kwargs: Any, out: Any, outs: Any) -> None:
        """How a tensor was made, so that it can be made again from the model as it is at the end."""
        kept = self.watcher.producers
        if len(kept) > 4000:
            for old in list(kept)[:1000]:
                del kept[old]
        index = next(i for i, entry in enumerate(outs) if entry is out)
        kept[number] = (name, (func, index, len(outs)), args, kwargs)

    def decide(self, name: str, numbers: Any, args: Any, outs: Any, place: Any, key: Any) -> None:
        """An operation that makes a label of an output, or compares one: kept to be made again."""
        watcher = self.watcher
        if watcher.window[key] > 8 or len(watcher.decisions) > 400:
            return
        if name in COMPARES or name in LEAVES:
            made = (name, args[:2] if name in COMPARES else args[:1], place, numbers)
        else:
            made = (name, (outs[-1] if name in ("max", "topk", "sort") else outs[0],), place, numbers)
        watcher.decisions[len(watcher.decisions) + 1] = made


def name_of(func: Any) -> Any:
    """The name of what is called; ``None`` where it tells nothing."""
    name = getattr(func, "__name__", "")
    if name == "__get__":
        name = getattr(getattr(func, "__self__", None), "__name__", "")
        return name if name in TOLD_GETTERS and name != "grad" else None
    if name == "__set__":
        name = getattr(getattr(func, "__self__", None), "__name__", "")
        return "set_" + name if name in ("data", "requires_grad") else None
    return None if name in DULL or not name else name
