"""A script that is logistic or softmax regression as a problem of lrtui's own: data and settings."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lrtui.core.watch.learned import learned
from lrtui.core.watch.linear import config_of, layer_of
from lrtui.core.watch.observation import Array, Observation
from lrtui.core.watch.rules.seen import places

MOST = 16 << 20  # bytes of a packed table
CLASSES = 50


@dataclass(frozen=True)
class Taken:
    """What is taken over.

    Attributes:
        config: the settings as lrtui has them. train, test: tables as files of NumPy (``X``, ``y``).
        places: where the script has what a setting is written at.
    """

    config: dict[str, Any]
    classes: int
    train: bytes
    test: bytes | None = None
    places: Mapping[str, list[list[Any]]] = field(default_factory=dict)


def taken(seen: Observation) -> Taken | None:
    """The problem; ``None`` where the script is no such model, or not all of its rows were seen."""
    if layer_of(seen) is None or (data := learned(seen)) is None or not data.whole:
        return None
    classes, config = np.unique(data.y), config_of(seen, data)
    whole = np.array_equal(classes, np.arange(len(classes))) and 2 <= len(classes) <= CLASSES
    if config is None or not whole:
        return None
    train = _packed(data.X, data.y)
    test = None if data.test is None else _packed(*data.test)
    if max(len(train), len(test or b"")) > MOST:
        return None
    where = {
        name: [[one.file, one.line, one.function] for one in entries]
        for name, entries in places(seen).items()
    }
    return Taken(config.model_dump(mode="json"), len(classes), train, test, where)


def _packed(X: Array, y: Array) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, X=X, y=y.astype(np.int64))
    return file.getvalue()
