"""An ONNX model as it is put together, node by node.

(https://onnx.ai/onnx/repo-docs/IR.html)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lrtui.core.export.protobuf import data, single, singles, whole, wholes

IR, OPSET, ML_OPSET = 8, 17, 2
ML = "ai.onnx.ml"
FLOAT, INT64, STRING, BOOL, DOUBLE = 1, 7, 8, 9, 11
TYPES = {np.dtype(np.float64): DOUBLE, np.dtype(np.int64): INT64}
ROWS = "rows"  # what the first dimension is called
Attribute = int | float | str | Sequence[str] | Sequence[int] | Sequence[float]


class Graph:
    """A graph; ``add`` returns the name of what a node makes."""

    def __init__(self, name: str, own: str) -> None:
        """``own`` is what no input begins with: names of what nodes make do."""
        self._name, self._own = name, own
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._inputs: list[bytes] = []
        self._outputs: list[bytes] = []
        self._count = 0

    def input(self, name: str, kind: int) -> str:
        """A column that goes in, (rows, 1)."""
        self._inputs.append(_value(name, kind, 1))
        return name

    def output(self, name: str, kind: int, columns: int | None) -> None:
        """What comes out, (rows, columns) or (rows,)."""
        self._outputs.append(_value(name, kind, columns))

    def add(
        self, operator: str, *inputs: str, name: str = "", domain: str = "", **attributes: Attribute
    ) -> str:
        """A node, and how what it makes is called where that matters."""
        made = name or self._fresh()
        node = b"".join(data(1, one) for one in inputs) + data(2, made) + data(4, operator)
        node += b"".join(data(5, _attribute(key, value)) for key, value in sorted(attributes.items()))
        self._nodes.append(node + (data(7, domain) if domain else b""))
        return made

    def constant(self, values: Any) -> str:
        """A table of numbers, or a list of texts."""
        name = self._fresh()
        if isinstance(values, list) and isinstance(values[0], str):
            texts = b"".join(data(6, text) for text in values)
            self._constants.append(whole(1, len(values)) + whole(2, STRING) + texts + data(8, name))
            return name
        table = np.asarray(values)
        shape = b"".join(whole(1, size) for size in table.shape)
        raw = table.astype(table.dtype.newbyteorder("<")).tobytes()
        self._constants.append(shape + whole(2, TYPES[table.dtype]) + data(8, name) + data(9, raw))
        return name

    def model(self, about: str) -> bytes:
        """The whole as the content of a file."""
        graph = b"".join(data(1, node) for node in self._nodes) + data(2, self._name)
        graph += b"".join(data(5, constant) for constant in self._constants)
        graph += b"".join(data(11, one) for one in self._inputs)
        graph += b"".join(data(12, one) for one in self._outputs)
        opsets = data(8, data(1, "") + whole(2, OPSET)) + data(8, data(1, ML) + whole(2, ML_OPSET))
        return whole(1, IR) + data(2, "lrtui") + data(6, about) + data(7, graph) + opsets

    def _fresh(self) -> str:
        self._count += 1
        return f"{self._own}{self._count}"


def _value(name: str, kind: int, columns: int | None) -> bytes:
    dimensions = data(1, data(2, ROWS)) + (b"" if columns is None else data(1, whole(1, columns)))
    return data(1, name) + data(2, data(1, whole(1, kind) + data(2, dimensions)))


def _attribute(name: str, value: Attribute) -> bytes:
    """One setting of a node, with the number of its kind."""
    if isinstance(value, bool | int):
        return data(1, name) + whole(3, int(value)) + whole(20, 2)
    if isinstance(value, float):
        return data(1, name) + single(2, value) + whole(20, 1)
    if isinstance(value, str):
        return data(1, name) + data(4, value) + whole(20, 3)
    if isinstance(value[0], str):
        return data(1, name) + b"".join(data(9, str(text)) for text in value) + whole(20, 8)
    if isinstance(value[0], float):
        return data(1, name) + singles(7, [float(one) for one in value]) + whole(20, 6)
    return data(1, name) + wholes(8, [int(one) for one in value]) + whole(20, 7)
