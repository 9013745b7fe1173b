"""``Edits``: changes of syntax trees, collected by node and made at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import libcst as cst

from lrtui.core.watch.patches.source import Source
from lrtui.core.watch.patches.syntax import with_more, without

Change = Callable[[cst.CSTNode], cst.CSTNode]


class Edits:
    """What is to change; nothing does before ``text``."""

    def __init__(self) -> None:
        self._changes: dict[cst.CSTNode, list[Change]] = defaultdict(list)
        self._before: dict[cst.CSTNode, list[cst.CSTNode | str]] = defaultdict(list)
        self._after: dict[cst.CSTNode, list[cst.CSTNode | str]] = defaultdict(list)
        self._gone: set[cst.CSTNode] = set()
        self._dropped: dict[cst.CSTNode, set[int]] = defaultdict(set)
        self._put: dict[cst.CSTNode, dict[int, str]] = defaultdict(dict)

    def __bool__(self) -> bool:
        return bool(self._changes or self._before or self._after or self._gone)

    def change(self, node: cst.CSTNode, change: Change) -> None:
        """Change a node; what is inside of it has been changed by then."""
        self._changes[node].append(change)

    def before(self, statement: cst.CSTNode, code: cst.CSTNode | str) -> None:
        """Put a statement in front of another."""
        self._before[statement].append(code)

    def after(self, statement: cst.CSTNode, code: cst.CSTNode | str) -> None:
        """Put a statement behind another."""
        self._after[statement].append(code)

    def remove(self, statement: cst.CSTNode) -> None:
        """Take a statement out."""
        self._gone.add(statement)

    def drop(self, holder: cst.Call | cst.List | cst.Tuple, place: int) -> None:
        """Take an argument or an element out, by its place."""
        places = self._dropped[holder]
        if not places:
            name = "args" if isinstance(holder, cst.Call) else "elements"
            self.change(
                holder, lambda now: now.with_changes(**{name: without(list(getattr(now, name)), places)})
            )
        places.add(place)

    def put(self, holder: cst.Call | cst.List | cst.Tuple, place: int, code: str) -> None:
        """Put an argument or an element behind another, by its place."""
        put = self._put[holder]
        if not put:
            name = "args" if isinstance(holder, cst.Call) else "elements"
            self.change(
                holder, lambda now: now.with_changes(**{name: with_more(list(getattr(now, name)), put)})
            )
        put[place] = code

    def text(self, source: Source) -> str:
        """A file with the changes made."""
        changed = source.tree.visit(_Making(self, source))
        assert isinstance(changed, cst.Module)
        return changed.code

    def made(self, original: cst.CSTNode, updated: cst.CSTNode, source: Source) -> Made:
        """What stands in a node's place."""
        for change in self._changes.get(original, ()):
            updated = change(updated)
        before, after = self._before.get(original, []), self._after.get(original, [])
        if not (before or after or original in self._gone):
            return updated
        small = isinstance(source.parents.get(original), cst.SimpleStatementSuite)
        rows = [_statement(code, source, small=small) for code in before]
        if rows and not small:
            rows[0], updated = _spaced(rows[0], updated)
        if original not in self._gone:
            rows.append(updated)
        rows += [_statement(code, source, small=small) for code in after]
        if not rows and _alone(original, source):
            rows = [_statement("pass", source, small=small)]
        return cst.FlattenSentinel(rows)


Made = cst.CSTNode | cst.FlattenSentinel[cst.CSTNode]


def _alone(statement: cst.CSTNode, source: Source) -> bool:
    block = source.parents[statement]
    return isinstance(block, cst.IndentedBlock | cst.SimpleStatementSuite) and len(block.body) == 1


def _spaced(first: cst.CSTNode, updated: cst.CSTNode) -> tuple[cst.CSTNode, cst.CSTNode]:
    """Leave blank lines above what is put in, and comments with what they stood above."""
    lines = list(getattr(updated, "leading_lines", ()))
    blank = next((place for place, line in enumerate(lines) if line.comment is not None), len(lines))
    if not lines or not hasattr(first, "leading_lines"):
        return first, updated
    return (
        first.with_changes(leading_lines=[*lines[:blank], *first.leading_lines]),
        updated.with_changes(leading_lines=lines[blank:]),
    )


def _statement(code: cst.CSTNode | str, source: Source, *, small: bool) -> cst.CSTNode:
    if not isinstance(code, str):
        return code
    line = cst.parse_statement(code, config=source.tree.config_for_parsing)
    if small and isinstance(line, cst.SimpleStatementLine):
        return line.body[0]
    return line


class _Making(cst.CSTTransformer):
    """Makes the changes on the way out of the tree."""

    def __init__(self, edits: Edits, source: Source) -> None:
        super().__init__()
        self._edits = edits
        self._source = source

    def on_leave(self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT) -> Made:  # type: ignore[override]
        return self._edits.made(original_node, updated_node, self._source)
