"""Settings: learning rate, epochs, weight decay, batch size, and batches that are not shuffled.

Reads the places ``optimizer``, ``step`` (updates by hand), ``backward``, ``decay``, ``loader`` and
``forward``, and the facts ``lr``, ``epochs``, ``weight_decay`` and ``batch_size``: the new values. A value
is changed where its number is written: in the call, at a constant, a default of a parameter or of argparse,
an entry of a dict, a field of a class.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lrtui.core.watch.patches.flow import last_name
from lrtui.core.watch.patches.names import callers, literal, values
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import argument, dotted, number, with_argument, within


def text(value: float, *, whole: bool = False) -> str:
    """A number as people write it; one that counts something without a point."""
    written = f"{value:.4g}" if not whole else str(round(value))
    return written if whole or any(sign in written for sign in ".e") else f"{written}.0"


def learning_rate(script: Script) -> bool:
    """The optimizer's, or the factor of an update by hand."""
    value = script.figure("lr")
    if value is None:
        return False
    call = _optimizer(script)
    if call is not None:
        return _set(script, call, "lr", 1, value)
    found = False
    for line in script.statements("step"):
        found = _factor(script, line, value) or found
    return found


def _optimizer(script: Script) -> cst.Call | None:
    for line in script.statements("optimizer"):
        for call in script.own(line, cst.Call):
            if last_name(call)[:1].isupper():
                return call
    return None


def _set(
    script: Script, call: cst.Call, name: str, place: int | None, value: float, *, whole: bool = False
) -> bool:
    """Set an argument: at the number that it comes from, else in the call."""
    figure = text(value, whole=whole)
    given = argument(call, place, name)
    if given is not None:
        written = literal(script, given.value)
        script.replace(written if written is not None else given.value, figure)
        return True
    if any(one.star for one in call.args):
        return _starred(script, call, name, figure)
    script.edits.change(call, lambda now: _with(now, name, figure))
    return True


def _with(now: cst.CSTNode, name: str, value: str) -> cst.Call:
    assert isinstance(now, cst.Call)
    return with_argument(now, name, cst.parse_expression(value))


def _starred(script: Script, call: cst.Call, name: str, value: str) -> bool:
    """An option in ``**options``."""
    for given in call.args:
        for options in values(script, given.value) if given.star == "**" else ():
            for element in options.elements if isinstance(options, cst.Dict) else ():
                key = element.key if isinstance(element, cst.DictElement) else None
                if isinstance(key, cst.SimpleString) and key.evaluated_value == name:
                    written = literal(script, element.value)
                    script.replace(written if written is not None else element.value, value)
                    return True
    return False


def _factor(script: Script, line: cst.CSTNode, value: float) -> bool:
    """The factor of a gradient: ``w -= lr * w.grad``, ``w.add_(w.grad, alpha=-lr)``."""
    for one in script.own(line, cst.BinaryOperation):
        for factor, other in ((one.left, one.right), (one.right, one.left)):
            if isinstance(one.operator, cst.Multiply) and "grad" in script.code(other):
                return _put(script, factor, value)
    for call in script.own(line, cst.Call):
        given = argument(call, None, "alpha", "value")
        if given is not None and "grad" in script.code(call):
            return _put(script, given.value, value)
    return False


def _put(script: Script, node: cst.BaseExpression, value: float) -> bool:
    if isinstance(node, cst.UnaryOperation):
        return _put(script, node.expression, value)
    written = literal(script, node)
    if written is not None:
        script.replace(written, text(value))
    return written is not None


def epochs(script: Script) -> bool:
    """The range, or the limit of the loop, that is outermost around the backward pass."""
    value = script.figure("epochs")
    for line in script.statements("backward") if value is not None else ():
        for loop in reversed(list(_loops(script, line, depth=3))):
            limit = _limit(script, loop)
            if limit is not None and value is not None:
                script.replace(limit, text(value, whole=True))
                return True
    return False


def _loops(script: Script, node: cst.CSTNode, depth: int) -> Iterator[cst.For | cst.While]:
    """Loops around a node, the nearest first, and then those around the calls of its function."""
    source = script.of(node)
    for one in source.around(node):
        if isinstance(one, cst.For | cst.While):
            yield one
        elif isinstance(one, cst.FunctionDef):
            for call in callers(script, one) if depth > 0 else ():
                yield from _loops(script, call, depth - 1)
            return


def _limit(script: Script, loop: cst.For | cst.While) -> cst.BaseExpression | None:
    """The number of times that a loop goes round, as it is written."""
    if isinstance(loop, cst.While):
        test = loop.test
        return literal(script, test.comparisons[0].comparator) if isinstance(test, cst.Comparison) else None
    for call in within(loop.iter, cst.Call):
        plain = [given.value for given in call.args if given.keyword is None]
        if last_name(call) in ("range", "trange") and 0 < len(plain) < 3:
            last = plain[-1]
            if isinstance(last, cst.BinaryOperation) and number(last.right) == 1:
                last = last.left
            return literal(script, last)
    return None


def weight_decay(script: Script) -> bool:
    """The optimizer's, or the factor of a penalty by hand."""
    value = script.figure("weight_decay")
    if value is None:
        return False
    for line in script.statements("decay"):
        for one in script.own(line, cst.BinaryOperation):
            if isinstance(one.operator, cst.Multiply):
                for factor in (one.left, one.right):
                    if _put(script, factor, value):
                        return True
    call = _optimizer(script)
    return call is not None and _set(script, call, "weight_decay", None, value)


def momentum(script: Script) -> bool:
    """The optimizer's, where it has one."""
    value, call = script.figure("momentum"), _optimizer(script)
    if call is None or last_name(call) not in ("SGD", "RMSprop"):
        return False
    return value is not None and _set(script, call, "momentum", None, value)


def overfitting(script: Script) -> bool:
    """Weight decay where that is what helps, else fewer epochs."""
    return weight_decay(script) or epochs(script)


def batch_size(script: Script) -> bool:
    """The loader's, or the step of the range that cuts batches by hand."""
    value = script.figure("batch_size")
    call = loader(script)
    if value is None:
        return False
    if call is not None:
        return _set(script, call, "batch_size", 1, value, whole=True)
    for loop in cutting(script):
        step = (
            next(call for call in within(loop.iter, cst.Call) if last_name(call) == "range").args[2].value
        )
        written = literal(script, step)
        if written is None:
            return False
        script.replace(written, text(value, whole=True))
        if written is step:  # the number itself: it stands in the slices too
            for one in within(loop.body, cst.BinaryOperation):
                if isinstance(one.operator, cst.Add) and one.right.deep_equals(step):
                    script.replace(one.right, text(value, whole=True))
        return True
    return False


def loader(script: Script) -> cst.Call | None:
    """Where the DataLoader is constructed."""
    for line in script.statements("loader"):
        for call in script.own(line, cst.Call):
            if last_name(call).endswith("DataLoader"):
                return call
    return None


def cutting(script: Script) -> Iterator[cst.For]:
    """Loops around the training forward that go through the rows in steps."""
    for line in script.statements("forward", "backward"):
        for one in _loops(script, line, depth=0):
            if isinstance(one, cst.For):
                ranges = [call for call in within(one.iter, cst.Call) if last_name(call) == "range"]
                yield from (one for call in ranges if len(call.args) == 3)


def shuffle(script: Script) -> bool:
    """The loader's option; rows that are cut by hand are put into another order in each epoch."""
    call = loader(script)
    if call is not None:
        if argument(call, None, "sampler", "batch_sampler") is not None:
            return False
        given = argument(call, 2, "shuffle")
        if given is not None:
            script.replace(given.value, "True")
        else:
            script.edits.change(call, lambda now: _shuffled(now))
        return True
    return any(_permuted(script, loop) for loop in cutting(script))


def _shuffled(now: cst.CSTNode) -> cst.Call:
    assert isinstance(now, cst.Call)
    return with_argument(now, "shuffle", cst.Name("True"))


def _permuted(script: Script, loop: cst.For) -> bool:
    """Put the tensors that a loop cuts into one random order before it."""
    source = script.of(loop)
    index = dotted(loop.target)
    cut = [
        name
        for one in within(loop.body, cst.Subscript)
        if isinstance(one.slice[0].slice, cst.Slice) and index in _names_in(one.slice[0].slice)
        if (name := dotted(one.value)) is not None
    ]
    names = list(dict.fromkeys(cut))
    inside = source.scope(loop)
    known = all(name in source.scopes[inside] for name in names)
    if not names or not known:
        return False
    if len(names) == 1 and _drawn(script, loop, names[0]):
        return True
    order = script.free(loop, "order")
    randperm = script.spelled(loop, "torch.randperm")
    rows = ", ".join(f"{name}[{order}]" for name in names)
    script.edits.before(loop, f"{order} = {randperm}(len({names[0]}))")
    script.edits.before(loop, f"{', '.join(names)} = {rows}")
    return True


def _drawn(script: Script, loop: cst.For, name: str) -> bool:
    """Draw an order of rows that was counted off: ``torch.arange(n)``."""
    for one in script.of(loop).bindings(name, loop):
        if isinstance(one.value, cst.Call) and isinstance(one.value.func, cst.Attribute):
            qualified = script.qualified(one.value.func)
            drawn = {"torch.arange": "randperm", "numpy.arange": "random.permutation"}.get(qualified)
            if drawn is not None and len(one.value.args) == 1:
                script.replace(one.value.func, f"{script.code(one.value.func.value)}.{drawn}")
                return True
    return False


def _names_in(node: cst.CSTNode) -> set[str]:
    return {one.value for one in within(node, cst.Name)}


PATCHES = {
    "lr-too-high": learning_rate,
    "lr-too-low": learning_rate,
    "too-few-epochs": epochs,
    "weight-decay-too-strong": weight_decay,
    "overfitting": overfitting,
    "batch-too-small": batch_size,
    "momentum": momentum,  # no cause: what a person has tuned
    "not-shuffled": shuffle,
}
