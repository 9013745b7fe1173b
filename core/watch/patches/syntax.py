"""Small questions about nodes of a syntax tree, and expressions made from others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

import libcst as cst
from libcst.helpers import parse_template_expression

Node = TypeVar("Node", bound=cst.CSTNode)
ATOMS = (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.BaseNumber, cst.List, cst.Dict, cst.ListComp)
ROOMY = (cst.Arg, cst.Assign, cst.AnnAssign, cst.AugAssign, cst.Return, cst.Index, cst.Element, cst.Expr)


def dotted(node: cst.CSTNode) -> str | None:
    """``a.b.c`` of names and attributes alone, else None."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr.value}" if base else None
    return None


def within(node: cst.CSTNode, kind: type[Node]) -> Iterator[Node]:
    """Nodes of a kind in a tree, those before others first."""
    if isinstance(node, kind):
        yield node
    for child in node.children:
        yield from within(child, kind)


def is_number(node: cst.CSTNode | None) -> bool:
    """Whether it is a number as it is written, also with a sign."""
    return number(node) is not None


def number(node: cst.CSTNode | None) -> float | None:
    """The value of a number as it is written, also with a sign."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        inner = number(node.expression)
        return None if inner is None else -inner
    if isinstance(node, cst.Integer | cst.Float):
        return float(node.evaluated_value)
    return None


def argument(call: cst.Call, place: int | None, *names: str) -> cst.Arg | None:
    """The argument of a call by one of its names, or by its place among those without one."""
    for given in call.args:
        if given.keyword is not None and given.keyword.value in names:
            return given
    plain = [given for given in call.args if given.keyword is None]
    if place is not None and place < len(plain) and not any(given.star for given in plain[: place + 1]):
        return plain[place]
    return None


def is_atom(node: cst.CSTNode) -> bool:
    """Whether an attribute or an operator may stand beside it without parentheses."""
    return isinstance(node, ATOMS) or bool(getattr(node, "lpar", ()))


def closed(node: cst.BaseExpression) -> cst.BaseExpression:
    """The same, in parentheses where it needs them."""
    if is_atom(node):
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def made(template: str, **parts: cst.BaseExpression) -> cst.BaseExpression:
    """An expression from a template, ``{x}.squeeze(1)``, and others that stand in it."""
    return parse_template_expression(template, **parts)  # type: ignore[arg-type]


def fitting(node: cst.BaseExpression, parent: cst.CSTNode | None) -> cst.BaseExpression:
    """An expression where another stood, in parentheses where the place needs them."""
    return node if isinstance(parent, ROOMY) else closed(node)


def with_argument(call: cst.Call, name: str, value: cst.BaseExpression) -> cst.Call:
    """A call with a named argument set, or put behind the others."""
    for given in call.args:
        if given.keyword is not None and given.keyword.value == name:
            return call.with_deep_changes(given, value=value)
    new = cst.Arg(
        value=value,
        keyword=cst.Name(name),
        equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
    )
    if not call.args:
        return call.with_changes(args=[new])
    last = call.args[-1]
    before = call.args[-2].comma if len(call.args) > 1 else None
    between = before if isinstance(before, cst.Comma) else comma()
    return call.with_changes(
        args=[*call.args[:-1], last.with_changes(comma=between), new.with_changes(comma=last.comma)]
    )


def comma() -> cst.Comma:
    """A comma and a blank."""
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


Item = TypeVar("Item", cst.Arg, cst.Element)
Sign = cst.Comma | cst.MaybeSentinel


def without(items: list[Item], gone: set[int]) -> list[Item]:
    """Arguments or elements but for some, by their places; the new last closes the row as the old."""
    kept = [item for place, item in enumerate(items) if place not in gone]
    if kept and len(items) - 1 in gone:
        kept[-1] = kept[-1].with_changes(comma=_closing(kept[-1].comma, items[-1].comma))
    return kept


def with_more(items: list[Item], put: Mapping[int, str]) -> list[Item]:
    """Arguments or elements with others behind some, by their places."""
    between = _plain(
        next((item.comma for item in items[:-1] if isinstance(item.comma, cst.Comma)), comma())
    )
    found: list[Item] = []
    for place, item in enumerate(items):
        if place not in put:
            found.append(item)
            continue
        last = place == len(items) - 1
        found.append(item.with_changes(comma=_plain(between, item.comma) if last else item.comma))
        new = item.with_changes(value=cst.parse_expression(put[place]), comma=between)
        found.append(new.with_changes(comma=_plain(item.comma)) if last else new)
    return found


def _plain(sign: Sign, like: Sign = cst.MaybeSentinel.DEFAULT) -> Sign:
    """A comma without a comment, or with that of another."""
    comment = None
    if isinstance(like, cst.Comma) and isinstance(like.whitespace_after, cst.ParenthesizedWhitespace):
        comment = like.whitespace_after.first_line
    if isinstance(sign, cst.Comma) and isinstance(sign.whitespace_after, cst.ParenthesizedWhitespace):
        first = comment or cst.TrailingWhitespace(newline=sign.whitespace_after.first_line.newline)
        return sign.with_changes(whitespace_after=sign.whitespace_after.with_changes(first_line=first))
    return sign


def _closing(own: Sign, last: Sign) -> Sign:
    """The comma of what was last, with the comment of one's own."""
    if not (isinstance(own, cst.Comma) and isinstance(last, cst.Comma)):
        return last
    mine, end = own.whitespace_after, last.whitespace_after
    if isinstance(mine, cst.ParenthesizedWhitespace) and isinstance(end, cst.ParenthesizedWhitespace):
        return last.with_changes(whitespace_after=end.with_changes(first_line=mine.first_line))
    return last
