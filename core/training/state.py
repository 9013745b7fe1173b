"""The trainer's state as bytes, and back; nothing in them can run code."""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from lrtui.core.errors import EngineError


def pack_state(state: dict[str, Any]) -> bytes:
    """Tensors and plain values as bytes."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()


@contextmanager
def unpack_state(blob: bytes) -> Iterator[dict[str, Any]]:
    """What ``pack_state`` packed, for a block that takes it over.

    Raises:
        EngineError: the bytes are broken, or do not fit what takes them over.
    """
    try:
        yield torch.load(io.BytesIO(blob), map_location="cpu", weights_only=True)  # no GPU is needed
    except (RuntimeError, KeyError, ValueError, TypeError, EOFError, pickle.UnpicklingError):
        raise EngineError("The stored state of this run cannot be read.", "Start the run anew.") from None
