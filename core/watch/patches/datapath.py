"""Where data comes from: from a batch back through loaders, splits and slices to the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from lrtui.core.watch.patches.flow import SHAPES, last_name
from lrtui.core.watch.patches.names import DEEP, bindings, passed, returned, values
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.source import Binding
from lrtui.core.watch.patches.syntax import dotted

REMADE = {"tensor", "Tensor", "FloatTensor", "LongTensor", "as_tensor", "from_numpy", "array", "asarray"}
ALIKE = {"train_test_split", "random_split"}
HELD = {"DataLoader", "TensorDataset", "Subset", "zip", "enumerate", "tqdm", "shuffle"}


@dataclass(frozen=True)
class Table:
    """A name that holds rows.

    Attributes:
        name: as it is written.
        statement: the line that binds it.
        value: what is bound, or what it is taken out of.
        use: where it is read on the way.
    """

    name: str
    statement: cst.CSTNode
    value: cst.CSTNode | None
    use: cst.CSTNode


def tables(
    script: Script, node: cst.CSTNode, index: int | None = None, depth: int = DEEP
) -> Iterator[Table]:
    """The names that hold what a node is made of, the nearest first; ``index``: its place in a row."""
    if depth <= 0:
        return
    if isinstance(node, cst.Name | cst.Attribute) and dotted(node):
        found = bindings(script, node)
        if not found and isinstance(node, cst.Attribute):
            yield from tables(script, node.value, index, depth - 1)
        for one in found:
            yield from _of_binding(script, node, one, index, depth)
    elif isinstance(node, cst.Subscript | cst.Attribute):
        yield from tables(script, node.value, index, depth - 1)
    elif isinstance(node, cst.Call):
        yield from _of_call(script, node, index, depth)


def _of_binding(
    script: Script, node: cst.CSTNode, one: Binding, index: int | None, depth: int
) -> Iterator[Table]:
    if one.kind == "param":
        for given in passed(script, one):
            yield from tables(script, given, index, depth - 1)
    elif one.kind == "for" and one.value is not None:
        yield from tables(script, one.value, one.index, depth - 1)
    elif one.kind == "assign" and one.value is not None:
        statement = script.of(one.node).statement(one.node)
        if isinstance(statement, cst.SimpleStatementLine) and _holds_rows(script, statement, one.value):
            yield Table(dotted(node) or "", statement, one.value, node)
        inner = one.index if index is None else index
        if not (isinstance(one.value, cst.Call) and index is not None and one.index is not None):
            yield from tables(script, one.value, inner, depth - 1)
        else:  # a part of a split of what is looped over
            yield from _of_call(script, one.value, index, depth - 1)


def _holds_rows(script: Script, statement: cst.CSTNode, value: cst.CSTNode) -> bool:
    """Whether a line outside of all loops binds rows, and not a loader or a dataset of them."""
    if any(isinstance(one, cst.For | cst.While) for one in script.of(statement).around(statement)):
        return False
    if not isinstance(value, cst.Call):
        return not isinstance(value, cst.List)
    own = any(isinstance(one, cst.ClassDef) for one in values(script, value.func))
    return last_name(value) not in HELD | {"random_split"} and not own


def point(script: Script, table: Table) -> cst.CSTNode | None:
    """The statement that reads a table, in the block that binds it; None where it comes before."""
    source = script.of(table.use)
    if source is not script.of(table.statement):
        return None
    block = source.block(table.statement)
    for one in (table.use, *source.around(table.use)):
        if source.parents.get(one) is block:
            return one if source.before(table.statement, one) else None
    return None


def _of_call(script: Script, call: cst.Call, index: int | None, depth: int) -> Iterator[Table]:
    name = last_name(call)
    plain = [given.value for given in call.args if given.keyword is None and not given.star]
    if name in SHAPES | {"astype", "type", "index_select"} and isinstance(call.func, cst.Attribute):
        yield from tables(script, call.func.value, index, depth - 1)
    elif name == "train_test_split" and index is not None and index // 2 < len(plain):
        yield from tables(script, plain[index // 2], None, depth - 1)
    elif name in ("TensorDataset", "zip") and index is not None and index < len(plain):
        yield from tables(script, plain[index], None, depth - 1)
    elif name in REMADE | HELD | ALIKE and plain:
        yield from tables(script, plain[0], index, depth - 1)
    else:
        yield from _of_own(script, call, plain, index, depth)


def _of_own(
    script: Script, call: cst.Call, plain: list[cst.BaseExpression], index: int | None, depth: int
) -> Iterator[Table]:
    """A function of one's own by what it returns; a class by the arguments that it takes."""
    for made in values(script, call.func):
        if isinstance(made, cst.FunctionDef):
            for value in returned(script, made):
                if isinstance(value, cst.Tuple) and index is not None and index < len(value.elements):
                    yield from tables(script, value.elements[index].value, None, depth - 1)
                elif not isinstance(value, cst.Tuple):
                    yield from tables(script, value, index, depth - 1)
        elif isinstance(made, cst.ClassDef) and index is not None and index < len(plain):
            yield from tables(script, plain[index], None, depth - 1)


def inputs(script: Script, line: cst.CSTNode) -> cst.BaseExpression | None:
    """What the model is called with in a line: the first argument, or what stands before ``@``."""
    for call in script.own(line, cst.Call):
        name = dotted(call.func)
        if not call.args or name is None or name.split(".")[0] in script.of(line).imports:
            continue
        for made in values(script, call.func):
            module = isinstance(made, cst.Call) and last_name(made)[:1].isupper()
            if (module and not last_name(made).endswith("Loss")) or isinstance(made, cst.FunctionDef):  # type: ignore[arg-type]
                return call.args[0].value
    for product in script.own(line, cst.BinaryOperation):
        if isinstance(product.operator, cst.MatrixMultiply):
            return product.left
    return None
