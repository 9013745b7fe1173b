"""What a tensor went through: from the loss or a comparison back to layers, activations and data.

Functions, ``nn.Sequential`` and classes of one's own are walked alike. ``Step`` is one thing that was done
on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from lrtui.core.watch.patches.names import bindings, passed, returned, values
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import argument, within

SQUASHING = ("sigmoid", "softmax", "log_softmax", "logsigmoid")
OTHERS = {"leaky_relu", "LeakyReLU", "tanh", "Tanh", "gelu", "GELU", "elu", "ELU", "silu", "SiLU"}
OTHERS |= {"softplus", "Softplus", "Hardtanh", "selu", "SELU"}
ACTIVATIONS = {
    "Sigmoid": "sigmoid",
    "sigmoid_": "sigmoid",
    "expit": "sigmoid",
    "Softmax": "softmax",
    "LogSoftmax": "log_softmax",
    "LogSigmoid": "logsigmoid",
    "relu": "relu",
    "relu_": "relu",
    "ReLU": "relu",
    **{name: name for name in SQUASHING},
    **dict.fromkeys(OTHERS, "other"),
}
SHAPES = {"squeeze", "unsqueeze", "view", "reshape", "flatten", "ravel", "view_as", "T", "item"}
SHAPES |= {"requires_grad_", "tolist"}
SHAPES |= {"float", "double", "long", "to", "cpu", "cuda", "detach", "clone", "contiguous", "numpy", "data"}
LONG = 60  # steps from the loss to the data: a script that has more is read no further
LAYERS = {"Linear", "Bilinear", "LazyLinear", "Conv1d", "Conv2d"}
PASSED = {"Dropout", "Identity", "Flatten", "BatchNorm1d", "LayerNorm", "Unflatten", "dropout"}
PRODUCTS = {"matmul", "mm", "mv", "linear", "addmm", "dot"}


@dataclass(frozen=True)
class Step:
    """One thing that was done to a tensor.

    Attributes:
        kind: ``sigmoid``, ``softmax``, ``log_softmax``, ``relu``, ``other`` (another activation),
            ``linear``, ``shape``, ``pick`` (a column), ``compare``, ``mix`` (arithmetic), ``clamp``,
            ``pass`` (dropout and the like) or ``end`` (what nobody can see through).
        node: the expression that does it, or the module's place in an ``nn.Sequential``.
        inner: what it was done to; None where the module stands in a row of others.
    """

    kind: str
    node: cst.CSTNode
    inner: cst.BaseExpression | None = None


def trace(script: Script, node: cst.CSTNode, seen: frozenset[cst.CSTNode] = frozenset()) -> Iterator[Step]:
    """The steps back from an expression, the last one first."""
    if node in seen or len(seen) > LONG:
        return
    seen |= {node}
    if isinstance(node, cst.Call):
        yield from _call(script, node, seen)
    elif isinstance(node, cst.BinaryOperation):
        yield from _operation(script, node, seen)
    elif isinstance(node, cst.Name) or _is_name(node):
        yield from _name(script, node, seen)
    else:
        yield from _expression(script, node, seen)


def _is_name(node: cst.CSTNode) -> bool:
    """Whether an attribute names something, ``self.x``, and is not the same tensor: ``x.data``."""
    return isinstance(node, cst.Attribute) and node.attr.value not in SHAPES


def _expression(script: Script, node: cst.CSTNode, seen: frozenset[cst.CSTNode]) -> Iterator[Step]:
    """What is no call, no arithmetic and no name."""
    inner: list[cst.BaseExpression] = []
    if isinstance(node, cst.Subscript | cst.Attribute):
        yield Step("pick" if isinstance(node, cst.Subscript) else "shape", node, node.value)
        inner = [node.value]
    elif isinstance(node, cst.Comparison):
        yield Step("compare", node, node.left)
        inner = [node.left, node.comparisons[0].comparator]
    elif isinstance(node, cst.UnaryOperation):
        inner = [node.expression]
    elif isinstance(node, cst.NamedExpr):
        inner = [node.value]
    elif isinstance(node, cst.IfExp):
        inner = [node.body, node.orelse]
    else:
        yield Step("end", node)
    for one in inner:
        yield from trace(script, one, seen)


def _name(script: Script, node: cst.CSTNode, seen: frozenset[cst.CSTNode]) -> Iterator[Step]:
    found = bindings(script, node)
    if not found:
        yield Step("end", node)
    for one in found:
        if one.kind == "param":
            for given in passed(script, one):
                yield from trace(script, given, seen)
        elif one.kind == "assign" and one.value is not None and one.index is None:
            yield from trace(script, one.value, seen)
        elif one.kind == "assign" and isinstance(one.value, cst.Call) and one.index is not None:
            yield from _unpacked(script, one.value, one.index, seen)
        else:
            yield Step("end", one.node)


def _unpacked(script: Script, call: cst.Call, index: int, seen: frozenset[cst.CSTNode]) -> Iterator[Step]:
    for function in values(script, call.func):
        for value in returned(script, function) if isinstance(function, cst.FunctionDef) else ():
            if isinstance(value, cst.Tuple) and index < len(value.elements):
                yield from trace(script, value.elements[index].value, seen)


def _operation(script: Script, node: cst.BinaryOperation, seen: frozenset[cst.CSTNode]) -> Iterator[Step]:
    if (inner := by_hand(node)) is not None:
        yield Step("sigmoid", node, inner)
        yield from trace(script, inner, seen)
        return
    product = next(
        (
            one
            for one in (node, node.left)
            if isinstance(one, cst.BinaryOperation) and isinstance(one.operator, cst.MatrixMultiply)
        ),
        None,
    )
    if product is not None:
        yield Step("linear" if learned(script, node) else "mix", node, product.left)
        yield from trace(script, product.left, seen)
        return
    call = node.left
    if isinstance(call, cst.Call) and script.qualified(call.func).split(".")[-1] in PRODUCTS:
        yield from trace(script, call, seen)
        return
    yield Step("mix", node)
    yield from trace(script, node.left, seen)
    yield from trace(script, node.right, seen)


def learned(script: Script, product: cst.CSTNode) -> bool:
    """Whether a product by hand is one with parameters, and not how the data were made."""
    made_by_hand = script.statements("parameter")
    for name in within(product, cst.Name):
        for value in values(script, name):
            code = script.code(value)
            if "requires_grad" in code or "Parameter" in code:
                return True
            if script.of(value).statement(value) in made_by_hand:
                return True
    return any(script.turned_on(name.value) for name in within(product, cst.Name))


def by_hand(node: cst.CSTNode) -> cst.BaseExpression | None:
    """z of a sigmoid that is written out, ``1 / (1 + torch.exp(-z))``."""
    if not (isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide)):
        return None
    below = node.right
    if not (isinstance(below, cst.BinaryOperation) and isinstance(below.operator, cst.Add)):
        return None
    for side in (below.left, below.right):
        if isinstance(side, cst.Call) and last_name(side) == "exp":
            inner = side.args[0].value if side.args else getattr(side.func, "value", None)
            if isinstance(inner, cst.UnaryOperation) and isinstance(inner.operator, cst.Minus):
                return inner.expression
    return None


def _call(script: Script, call: cst.Call, seen: frozenset[cst.CSTNode]) -> Iterator[Step]:
    made = values(script, call.func)
    functions = [one for one in made if isinstance(one, cst.FunctionDef | cst.Lambda)]
    modules = [one for one in made if isinstance(one, cst.Call)]
    if functions:
        for function in functions:
            for value in (
                [function.body] if isinstance(function, cst.Lambda) else returned(script, function)
            ):
                yield from trace(script, value, seen)
    elif modules:
        first = call.args[0].value if call.args else None
        for module in modules:
            yield from _module(script, module, call, first, seen)
        if first is not None:
            yield from trace(script, first, seen)
    else:
        yield from _function(script, call, seen)


def _function(script: Script, call: cst.Call, seen: frozenset[cst.CSTNode]) -> Iterator[Step]:
    """A call of torch: a function of a tensor, or a method of one."""
    name = last_name(call)
    inner = _subject(script, call)
    kind = "end"
    if name in ACTIVATIONS:
        kind = ACTIVATIONS[name]
    elif name in PRODUCTS:
        kind = "linear" if learned(script, call) else "mix"
    elif name in SHAPES:
        kind = "shape"
    elif name in ("clamp", "clip", "clamp_"):
        kind = "clamp"
    elif name in PASSED:
        kind = "pass"
    yield Step(kind, call, inner)
    if inner is not None and kind != "end":
        yield from trace(script, inner, seen)


def last_name(call: cst.Call) -> str:
    """The last word of what is called."""
    if isinstance(call.func, cst.Attribute):
        return call.func.attr.value
    return call.func.value if isinstance(call.func, cst.Name) else ""


def _subject(script: Script, call: cst.Call) -> cst.BaseExpression | None:
    """The tensor that a call is about: the object of a method, or the first argument of a function."""
    root = script.qualified(call.func).split(".")[0]
    if isinstance(call.func, cst.Attribute) and root not in ("torch", "np", "numpy", "scipy"):
        return call.func.value
    first = argument(call, 0, "input", "x")
    return first.value if first is not None else None


def _module(
    script: Script,
    module: cst.Call,
    node: cst.CSTNode,
    inner: cst.BaseExpression | None,
    seen: frozenset[cst.CSTNode],
) -> Iterator[Step]:
    """A module that is applied: ``node`` is where, a call or the module's place in a row."""
    name = last_name(module)
    if name == "Sequential":
        for part in reversed(row(script, module)):
            for one in values(script, part):
                if isinstance(one, cst.Call) and one not in seen:
                    yield from _module(script, one, part, None, seen | {one})
        return
    kind = ACTIVATIONS.get(name) or ("linear" if name in LAYERS else "pass" if name in PASSED else None)
    if kind is not None:
        yield Step(kind, node, inner)
        return
    for owner in values(script, module.func):
        if isinstance(owner, cst.ClassDef):
            for method in forward_of(owner):
                for value in returned(script, method):
                    yield from trace(script, value, seen)


def forward_of(owner: cst.ClassDef) -> list[cst.FunctionDef]:
    """The ``forward`` of a class."""
    return [
        one for one in owner.body.body if isinstance(one, cst.FunctionDef) and one.name.value == "forward"
    ]


def row(script: Script, module: cst.Call) -> list[cst.BaseExpression]:
    """The parts of an ``nn.Sequential``: arguments, a list behind a star, an ``OrderedDict``."""
    found: list[cst.BaseExpression] = []
    for given in module.args:
        for value in values(script, given.value) if given.star else [given.value]:
            if isinstance(value, cst.List | cst.Tuple):
                found += [element.value for element in value.elements]
                found += appended(script, given.value)
            elif isinstance(value, cst.Call) and last_name(value) == "OrderedDict" and value.args:
                pairs = value.args[0].value
                found += [
                    pair.value.elements[1].value
                    for pair in getattr(pairs, "elements", ())
                    if isinstance(pair.value, cst.Tuple)
                ]
            elif isinstance(value, cst.BaseExpression):
                found.append(value)
    return found


def appended(script: Script, name: cst.BaseExpression) -> list[cst.BaseExpression]:
    """What is appended to a list by its name, in the order of the lines."""
    source = script.of(name)
    return [
        call.args[0].value
        for call in within(source.scope(name), cst.Call)
        if isinstance(call.func, cst.Attribute)
        and call.func.attr.value == "append"
        and call.func.value.deep_equals(name)
        and call.args
    ]
