"""``Source``: a parsed file with what patches ask of it: lines, parents, and what names are bound to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from lrtui.core.watch.patches.syntax import dotted

Scope = cst.Module | cst.FunctionDef | cst.Lambda | cst.ClassDef
SCOPES = (cst.Module, cst.FunctionDef, cst.Lambda, cst.ClassDef)
BLOCKS = (cst.Module, cst.IndentedBlock, cst.SimpleStatementSuite)


@dataclass(frozen=True)
class Binding:
    """A name that something is bound to.

    Attributes:
        node: the statement or parameter that does it.
        kind: ``assign``, ``for``, ``param``, ``def`` or ``import``.
        value: what is bound, or what it is taken out of.
        index: where in ``value`` it stands, where several names are bound at once.
    """

    node: cst.CSTNode
    kind: str
    value: cst.CSTNode | None = None
    index: int | None = None


class Source:
    """One file.

    Attributes:
        path: as in the places of findings.
        tree: its syntax tree.
        nodes: all of its nodes, in the order of the file.
        parents: the node around each.
        scopes: what is bound in each function, class and the file itself, by dotted names; attributes of
            ``self`` belong to the class.
        imports: names that are imported, as the dotted names that they stand for.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        self.tree = wrapper.module
        self._positions = wrapper.resolve(PositionProvider)
        self.nodes: list[cst.CSTNode] = []
        self.parents: dict[cst.CSTNode, cst.CSTNode] = {}
        self.imports: dict[str, str] = {}
        self.scopes: dict[cst.CSTNode, dict[str, list[Binding]]] = defaultdict(lambda: defaultdict(list))
        self._index(self.tree)
        for node in self.nodes:
            self._bind(node)

    def _index(self, node: cst.CSTNode) -> None:
        self.nodes.append(node)
        for child in node.children:
            self.parents[child] = node
            self._index(child)

    # where a node stands

    def position(self, node: cst.CSTNode) -> CodeRange:
        """Its first and its last line and column."""
        return self._positions[node]

    def before(self, one: cst.CSTNode, other: cst.CSTNode) -> bool:
        """Whether one ends before the other begins."""
        first, second = self.position(one).end, self.position(other).start
        return (first.line, first.column) <= (second.line, second.column)

    def around(self, node: cst.CSTNode) -> list[cst.CSTNode]:
        """The nodes around one, the nearest first."""
        found = []
        while (parent := self.parents.get(node)) is not None:
            found.append(parent)
            node = parent
        return found

    def statement(self, node: cst.CSTNode) -> cst.CSTNode:
        """The statement that a node belongs to: a line, or what begins a block."""
        for one in (node, *self.around(node)):
            if isinstance(one, cst.SimpleStatementLine | cst.BaseCompoundStatement):
                return one
            if isinstance(self.parents.get(one), cst.SimpleStatementSuite):
                return one
        return self.tree

    def block(self, node: cst.CSTNode) -> cst.CSTNode:
        """The block that a node's statement stands in."""
        return next(
            (one for one in self.around(self.statement(node)) if isinstance(one, BLOCKS)), self.tree
        )

    def scope(self, node: cst.CSTNode) -> cst.CSTNode:
        """The function, or the file, that a node stands in; of a class's own lines the class."""
        return next((one for one in self.around(node) if isinstance(one, SCOPES)), self.tree)

    def owner(self, node: cst.CSTNode) -> cst.ClassDef | None:
        """The class whose method a node stands in."""
        return next((one for one in self.around(node) if isinstance(one, cst.ClassDef)), None)

    def at(self, line: int) -> cst.CSTNode | None:
        """The innermost statement that holds a line; None where no statement does."""
        best = None
        for node in self.nodes:
            if not isinstance(node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
                continue
            place = self.position(node)
            if place.start.line <= line <= place.end.line:
                best = node
        return best

    # names

    def _bind(self, node: cst.CSTNode) -> None:
        if isinstance(node, cst.Assign):
            for target in node.targets:
                self._target(node, "assign", target.target, node.value)
        elif isinstance(node, cst.AnnAssign | cst.NamedExpr):
            self._target(node, "assign", node.target, node.value)
        elif isinstance(node, cst.For | cst.CompFor):
            self._target(node, "for", node.target, node.iter)
        elif isinstance(node, cst.WithItem) and node.asname is not None:
            self._target(node, "assign", node.asname.name, node.item)
        elif isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._add(node, node.name.value, Binding(node, "def", node))
        elif isinstance(node, cst.Param):
            self._add(node, node.name.value, Binding(node, "param", node.default))
        elif isinstance(node, cst.Import | cst.ImportFrom):
            self._imported(node)

    def _target(
        self,
        node: cst.CSTNode,
        kind: str,
        target: cst.CSTNode,
        value: cst.CSTNode | None,
        index: int | None = None,
    ) -> None:
        if isinstance(target, cst.Tuple | cst.List):
            for place, element in enumerate(target.elements):
                inner = value
                alone: int | None = place
                if (
                    kind == "assign"
                    and isinstance(value, cst.Tuple | cst.List)
                    and place < len(value.elements)
                ):
                    inner, alone = value.elements[place].value, None
                self._target(node, kind, element.value, inner, alone)
        elif (name := dotted(target)) is not None:
            self._add(node, name, Binding(node, kind, value, index))

    def _add(self, node: cst.CSTNode, name: str, binding: Binding) -> None:
        scope = self.scope(node)
        owner = self.owner(node)
        if name.startswith("self.") and owner is not None:
            scope = owner
        self.scopes[scope][name].append(binding)

    def _imported(self, node: cst.Import | cst.ImportFrom) -> None:
        names = node.names
        if isinstance(names, cst.ImportStar):
            return
        base = dotted(node.module) if isinstance(node, cst.ImportFrom) and node.module else None
        for alias in names:
            name = dotted(alias.name) or ""
            known = alias.evaluated_alias or (name if base else name.split(".")[0])
            stands = alias.evaluated_alias or base
            self.imports[known] = (f"{base}.{name}" if base else name) if stands else known
            self._add(node, known, Binding(node, "import"))

    def qualified(self, node: cst.CSTNode) -> str:
        """The dotted name of what is called, by the imports: ``torch.nn.Linear``; "" of others."""
        name = dotted(node)
        if name is None:
            return ""
        first, _, rest = name.partition(".")
        root = self.imports.get(first, first)
        return f"{root}.{rest}" if rest else root

    def spelled(self, name: str) -> str | None:
        """How this file writes a dotted name (``torch.nn.ReLU``) by its imports; None where it cannot."""
        best = None
        for known, stands in self.imports.items():
            if name == stands or name.startswith(f"{stands}."):
                written = known + name[len(stands) :]
                if best is None or len(written) < len(best):
                    best = written
        return best

    def bindings(self, name: str, node: cst.CSTNode) -> Sequence[Binding]:
        """What a name is bound to where a node stands: the last before it, else all there are."""
        owner = self.owner(node)
        if name.startswith("self.") and owner is not None:
            return self.scopes[owner].get(name, [])
        inside: cst.CSTNode = node
        for scope in [*(one for one in self.around(node) if isinstance(one, SCOPES))]:
            found = self.scopes[scope].get(name, [])
            if isinstance(scope, cst.ClassDef) or not found:
                inside = scope
                continue
            earlier = [one for one in found if one.kind == "param" or self._bound_before(one, inside)]
            return [max(earlier, key=lambda one: self._start(one.node))] if earlier else found
        return []

    def _bound_before(self, binding: Binding, node: cst.CSTNode) -> bool:
        if binding.kind == "for":
            return binding.node in self.around(node)
        if binding.kind == "def" or isinstance(node, cst.FunctionDef | cst.Lambda):
            return True
        return self.before(binding.node, node)

    def _start(self, node: cst.CSTNode) -> tuple[int, int]:
        start = self.position(node).start
        return start.line, start.column
