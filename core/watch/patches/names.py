"""What a name stands for: followed through parameters, returns, attributes and files."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.source import Binding
from lrtui.core.watch.patches.syntax import argument, dotted, is_number, within

SAME = {"to", "train", "eval", "cuda", "cpu", "double", "float"}  # methods that give the module back
DEEP = 12  # names behind names: people's scripts need four


def bindings(script: Script, node: cst.CSTNode) -> list[Binding]:
    """What a name or an attribute is bound to; of a name from another file what that file binds."""
    name = dotted(node)
    if name is None:
        return []
    source = script.of(node)
    found = list(source.bindings(name, node))
    if found and all(one.kind == "import" for one in found):
        found = _elsewhere(script, source.imports.get(name, name))
    if not found and isinstance(node, cst.Attribute):
        found = _attribute(script, node)
    return found


def _elsewhere(script: Script, qualified: str) -> list[Binding]:
    module, _, name = qualified.rpartition(".")
    for path, source in script.sources.items():
        if path.removesuffix(".py").replace("/", ".").endswith(f".{module}") and module:
            return [one for one in source.scopes[source.tree].get(name, []) if one.kind != "import"]
    return []


def _attribute(script: Script, node: cst.Attribute) -> list[Binding]:
    """``model.fc``, where the class sets ``self.fc``; ``cfg.lr`` of a class with such a field."""
    found: list[Binding] = []
    for value in values(script, node.value):
        owner = value
        if isinstance(value, cst.Call):
            owner = next(
                (one for one in values(script, value.func) if isinstance(one, cst.ClassDef)), value
            )
        if isinstance(owner, cst.ClassDef):
            scope = script.of(owner).scopes[owner]
            found += scope.get(f"self.{node.attr.value}", []) or scope.get(node.attr.value, [])
    return found


def values(script: Script, node: cst.CSTNode, depth: int = DEEP) -> list[cst.CSTNode]:
    """Expressions, functions and classes that a node may stand for."""
    if depth <= 0:
        return []
    if isinstance(node, cst.Name | cst.Attribute):
        found = [value for one in bindings(script, node) for value in bound(script, one, depth - 1)]
        return list(dict.fromkeys(found)) or ([node] if isinstance(node, cst.Attribute) else [])
    if isinstance(node, cst.Call):
        for made in values(script, node.func, depth - 1):
            if isinstance(made, cst.FunctionDef):
                return [value for one in returned(script, made) for value in values(script, one, depth - 1)]
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in SAME:
            return values(script, node.func.value, depth - 1) or [node]
    return [node]


def bound(script: Script, one: Binding, depth: int = DEEP) -> list[cst.CSTNode]:
    """What a binding gives its name."""
    if one.kind == "def":
        return [one.node]
    if one.kind == "param":
        given = passed(script, one)
        found = [value for node in given for value in values(script, node, depth)]
        return found or (values(script, one.value, depth) if one.value is not None else [])
    if one.kind != "assign" or one.value is None:
        return []
    if one.index is None:
        return values(script, one.value, depth)
    found = []
    for value in values(script, one.value, depth):
        if isinstance(value, cst.Tuple) and one.index < len(value.elements):
            found += values(script, value.elements[one.index].value, depth)
    return found


def returned(script: Script, function: cst.FunctionDef) -> list[cst.BaseExpression]:
    """What a function returns."""
    source = script.of(function)
    return [
        one.value
        for one in within(function.body, cst.Return)
        if one.value is not None and source.scope(one) is function
    ]


def passed(script: Script, parameter: Binding) -> list[cst.BaseExpression]:
    """What is passed for a parameter, wherever its function is called."""
    source = script.of(parameter.node)
    function = source.scope(parameter.node)
    if not (isinstance(function, cst.FunctionDef) and isinstance(parameter.node, cst.Param)):
        return []
    name = parameter.node.name.value
    names = [one.name.value for one in function.params.params]
    place = names.index(name) if name in names else None
    if place is not None and names[:1] == ["self"]:
        place -= 1
    given = [argument(call, place, name) for call in callers(script, function)]
    return [one.value for one in given if one is not None]


def callers(script: Script, function: cst.FunctionDef) -> Iterator[cst.Call]:
    """Calls of a function; of ``__init__`` those of its class, of a method any of that name."""
    source = script.of(function)
    parent = source.scope(function)
    wanted = function.name.value
    method = isinstance(parent, cst.ClassDef)
    if isinstance(parent, cst.ClassDef) and wanted == "__init__":
        wanted, method = parent.name.value, False
    for call in script.every(cst.Call):
        if isinstance(call.func, cst.Attribute) and (method or isinstance(call.func.value, cst.Name)):
            if call.func.attr.value == wanted:
                yield call
        elif isinstance(call.func, cst.Name) and call.func.value == wanted and not method:
            yield call


def visible(script: Script, name: str, built: cst.CSTNode, place: cst.CSTNode) -> bool:
    """Whether a name bound by one statement means the same at another."""
    if script.of(built) is not script.of(place):
        return False
    return any(
        script.of(one.node).statement(one.node) is built for one in script.of(place).bindings(name, place)
    )


def arguments_for(script: Script, name: str, built: cst.CSTNode, place: cst.CSTNode) -> str | None:
    """The parameter by which what one statement binds reaches the function in which another stands."""
    source = script.of(place)
    function = source.scope(place)
    if not isinstance(function, cst.FunctionDef):
        return None
    for parameter, found in source.scopes[function].items():
        for one in found:
            if one.kind == "param" and any(
                dotted(given) == name and visible(script, name, built, given)
                for given in passed(script, one)
            ):
                return parameter
    return None


def literal(script: Script, node: cst.CSTNode, depth: int = DEEP) -> cst.BaseExpression | None:
    """The number, as it is written, that a node comes from: a constant, a default, an entry."""
    if depth <= 0:
        return None
    if isinstance(node, cst.BaseExpression) and is_number(node):
        return node
    if isinstance(node, cst.Subscript):
        return _entry(script, node, depth)
    for one in bindings(script, node):
        candidates: list[cst.CSTNode] = list(passed(script, one)) if one.kind == "param" else []
        if one.value is not None and one.index is None and one.kind in ("assign", "param"):
            candidates.append(one.value)
        for value in candidates:
            if (found := literal(script, value, depth - 1)) is not None:
                return found
    return _option(script, node) if isinstance(node, cst.Attribute) else None


def _entry(script: Script, node: cst.Subscript, depth: int) -> cst.BaseExpression | None:
    """``config["lr"]``."""
    key = node.slice[0].slice
    if not isinstance(key, cst.Index):
        return None
    for value in values(script, node.value):
        for element in value.elements if isinstance(value, cst.Dict) else ():
            if isinstance(element, cst.DictElement) and element.key.deep_equals(key.value):
                return literal(script, element.value, depth - 1)
    return None


def _option(script: Script, node: cst.Attribute) -> cst.BaseExpression | None:
    """``args.lr``: the default of ``--lr``."""
    for call in script.every(cst.Call):
        if not (isinstance(call.func, cst.Attribute) and call.func.attr.value == "add_argument"):
            continue
        names = [
            given.value.evaluated_value for given in call.args if isinstance(given.value, cst.SimpleString)
        ]
        if any(str(name).lstrip("-").replace("-", "_") == node.attr.value for name in names):
            default = argument(call, None, "default")
            return literal(script, default.value) if default is not None else None
    return None
