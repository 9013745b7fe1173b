"""Tensors by number: the same for as long as a tensor lives; and what is told of each."""

from __future__ import annotations

import ctypes
import weakref
from typing import Any

import torch

LARGE = 200_000  # numbers, beyond which only the first of them are looked at
FEW = 12  # distinct values that are told


class Numbers:
    """A number for each tensor object."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, int]] = {}
        self._next = 0

    def of(self, tensor: torch.Tensor) -> tuple[int, bool]:
        """Its number, and whether it is new."""
        found = self._known.get(id(tensor))
        if found is not None and found[0]() is tensor:
            return found[1], False
        self._next += 1
        self._known[id(tensor)] = (weakref.ref(tensor), self._next)
        return self._next, True


def described(tensor: torch.Tensor) -> dict[str, Any]:
    """Shape, type, and what can be said of its values in a few microseconds."""
    told: dict[str, Any] = {
        "shape": list(tensor.shape),
        "dtype": str(tensor.dtype)[6:],
        "grad": tensor.requires_grad,
        "leaf": tensor.is_leaf,
    }
    if tensor.grad_fn is not None:
        told["made"] = type(tensor.grad_fn).__name__
    if tensor.layout != torch.strided or tensor.is_quantized or tensor.device.type == "meta":
        return told
    with torch._C.DisableTorchFunction():  # or a window would look at each of these operations
        told.update(_numbers(tensor.detach().reshape(-1)[:LARGE]))
    return told


def _numbers(values: torch.Tensor) -> dict[str, Any]:
    if not values.numel() or values.is_complex():
        return {}
    values = values.double() if values.device.type != "mps" else values.float()
    finite = torch.isfinite(values)
    told: dict[str, Any] = {"finite": bool(finite.all())}
    held = values if told["finite"] else values[finite]
    if held.numel():
        least, most = torch.aminmax(held)
        told["min"], told["max"], told["mean"] = float(least), float(most), float(held.mean())
        if torch.unique(held[:100]).numel() <= FEW:  # of most tensors that is enough to know
            distinct = torch.unique(held[:10_000])
            if distinct.numel() <= FEW:
                told["values"] = [float(value) for value in distinct]
    return told


def bytes_of(tensor: torch.Tensor, most: int) -> tuple[bytes, dict[str, Any]] | None:
    """A tensor's numbers as bytes, without NumPy; the first rows where they are too many."""
    if tensor.is_complex() or tensor.layout != torch.strided or tensor.is_quantized:
        return None
    held = tensor.detach()
    if held.dim() and held.numel():
        row = max(held.numel() // held.shape[0], 1) * 8
        rows = most // row
        if rows < 1:
            return None
        held = held[:rows]
    kind = "float32" if held.is_floating_point() else "int64"
    held = held.to("cpu", getattr(torch, kind)).contiguous()
    data = ctypes.string_at(held.data_ptr(), held.numel() * held.element_size()) if held.numel() else b""
    return data, {"shape": list(held.shape), "dtype": kind, "rows": tensor.shape[0] if tensor.dim() else 0}
