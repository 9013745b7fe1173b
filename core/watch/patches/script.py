"""``Script``: a finding with the person's files parsed, its places in them, and a patch's edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import libcst as cst

from lrtui.core.watch.finding import Finding, Json
from lrtui.core.watch.patches.edits import Edits
from lrtui.core.watch.patches.source import Source
from lrtui.core.watch.patches.syntax import Node, dotted, within


class Script:
    """What a patch works on.

    Attributes:
        finding: what is to be mended.
        sources: the person's files, parsed.
        edits: what is to change in them.
    """

    def __init__(self, finding: Finding, sources: Mapping[str, str]) -> None:
        self.finding = finding
        self.sources = {path: Source(path, text) for path, text in sources.items()}
        self.edits = Edits()
        self._of = {node: source for source in self.sources.values() for node in source.nodes}

    def of(self, node: cst.CSTNode) -> Source:
        """The file that a node stands in."""
        return self._of[node]

    def code(self, node: cst.CSTNode) -> str:
        """A node as it is written."""
        return self.of(node).tree.code_for_node(node)

    # facts and places

    def fact(self, name: str) -> Json:
        """A fact of the finding, or None."""
        return self.finding.facts.get(name)

    def figure(self, name: str) -> float | None:
        """A fact that is a number."""
        value = self.fact(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def shape(self, name: str) -> list[int] | None:
        """A fact that is a shape."""
        value = self.fact(name)
        if not isinstance(value, Sequence) or isinstance(value, str):
            return None
        return [item for item in value if isinstance(item, int)]

    def statements(self, *names: str) -> list[cst.CSTNode]:
        """The statements at the places of these names, each once."""
        found: dict[cst.CSTNode, None] = {}
        for name in names:
            for place in self.finding.places.get(name, ()):
                source = self.sources.get(place.file)
                statement = source.at(place.line) if source else None
                if statement is not None:
                    found[statement] = None
        return list(found)

    def statement(self, *names: str) -> cst.CSTNode | None:
        """The statement at the first place of the first of these names that is known."""
        return next(iter(self.statements(*names)), None)

    def own(self, statement: cst.CSTNode, kind: type[Node]) -> Iterator[Node]:
        """Nodes of a kind in a statement: of one with a block only those in its first lines."""
        if isinstance(statement, cst.BaseCompoundStatement):
            for child in statement.children:
                if not isinstance(child, cst.IndentedBlock):
                    yield from within(child, kind)
        else:
            yield from within(statement, kind)

    def lines(self, statement: cst.CSTNode, name: str) -> set[int]:
        """The lines that places of a name give within a statement."""
        source = self.of(statement)
        place = source.position(statement)
        return {
            one.line
            for one in self.finding.places.get(name, ())
            if one.file == source.path and place.start.line <= one.line <= place.end.line
        }

    def calls_of(self, name: str, method: str) -> list[cst.Call]:
        """Calls of a method in the statements at a place: ``.backward``, ``.step``."""
        return [
            call
            for statement in self.statements(name)
            for call in self.own(statement, cst.Call)
            if isinstance(call.func, cst.Attribute) and call.func.attr.value == method
        ]

    def every(self, kind: type[Node]) -> Iterator[Node]:
        """Nodes of a kind in all files."""
        for source in self.sources.values():
            yield from (node for node in source.nodes if isinstance(node, kind))

    def qualified(self, node: cst.CSTNode) -> str:
        """The dotted name of what is called: ``torch.nn.Linear``; "" where it has none."""
        return self.of(node).qualified(node)

    def turned_on(self, name: str) -> bool:
        """Whether a name's gradient is asked for on a line of its own: ``w.requires_grad_()``."""
        return any(
            one.attr.value in ("requires_grad", "requires_grad_", "grad")
            and isinstance(one.value, cst.Name)
            and one.value.value == name
            for one in self.every(cst.Attribute)
        )

    def replace(self, node: cst.CSTNode, code: str) -> None:
        """Write another expression in a node's place."""
        self.edits.change(node, lambda _: cst.parse_expression(code))

    def free(self, near: cst.CSTNode, name: str) -> str:
        """A name that nothing is bound to in a node's file."""
        source = self.of(near)
        taken = any(name in scope for scope in source.scopes.values())
        return f"_{name}" if taken else name

    def spelled(self, near: cst.CSTNode, name: str) -> str:
        """How a name of torch is written in a node's file; ``torch`` is imported where it is not."""
        source = self.of(near)
        written = source.spelled(name)
        if written is not None:
            return written
        first = next((one for one in source.tree.body if _imports(one)), None)
        if first is not None and "torch" not in source.imports:
            source.imports["torch"] = "torch"
            self.edits.before(first, "import torch")
        return name


def _imports(statement: cst.CSTNode) -> bool:
    return isinstance(statement, cst.SimpleStatementLine) and any(
        isinstance(one, cst.Import | cst.ImportFrom) and not _future(one) for one in statement.body
    )


def _future(statement: cst.CSTNode) -> bool:
    return (
        isinstance(statement, cst.ImportFrom) and dotted(statement.module or cst.Name("")) == "__future__"
    )
