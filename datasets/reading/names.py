"""The names of columns: from the first rows; made up where there are none, told apart where alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from lrtui.datasets.reading.described import on_described
from lrtui.datasets.reading.header import joined
from lrtui.datasets.reading.orange import Roles
from lrtui.datasets.text import listed, quote


def named(
    above: pl.DataFrame, body: pl.DataFrame, where: str, *, roles: Roles | None = None
) -> tuple[pl.DataFrame, tuple[str, ...], list[int]]:
    """A table with its names, remarks, and the numbers of the columns that it has of those it had.

    Without rows of names ``above`` columns are ``column_1`` and on. Those rows may say ``roles``, too.
    """
    if not above.height:
        names, remarks = numbered(body.width, where)
        return _renamed(body, names), remarks, list(range(body.width))
    given, remarks = names_of([[cell or "" for cell in row] for row in above.rows()], where, roles)
    empty = body.select(pl.all().is_null().all()).row(0) if body.height else (False,) * body.width
    # A column without a name in which nothing stands comes of separators at the ends of lines.
    out = set(roles.left_out) if roles else set()
    kept = [i for i, name in enumerate(given) if (name or not empty[i]) and i not in out]
    names, more = complete(given, where, kept)
    return _renamed(body.select(pl.nth(kept)), [names[i] for i in kept]), remarks + more, kept


def names_of(
    rows: Sequence[Sequence[str]], where: str, roles: Roles | None = None
) -> tuple[list[str], tuple[str, ...]]:
    """The names that stand in rows of names, one for each column, and remarks."""
    if roles is not None:
        first = [name.strip() for name in rows[0]]
        out = [first[i] for i in roles.left_out]
        said = f"The rows below the names of {where} say what its columns are, as Orange writes them"
        return first, (f"{said}: {listed(out)} left out." if out else f"{said}.",)
    if said := on_described(rows, where):
        return joined(rows[:1]), (said,)
    names = joined(rows)
    if len(rows) == 1:
        return names, ()
    longest = max(names, key=lambda name: name.count(" "))
    return names, (
        f"The first {len(rows)} rows of {where} name its columns, and are joined: {quote(longest)}.",
    )


def numbered(width: int, where: str) -> tuple[list[str], tuple[str, ...]]:
    """The names of columns of a file without a header, and a remark."""
    names = [f"column_{number}" for number in range(1, width + 1)]
    return names, (f"{where} has no header: its columns are called column_1 to column_{width}.",)


def complete(
    given: Sequence[str], where: str, kept: Iterable[int] | None = None
) -> tuple[list[str], tuple[str, ...]]:
    """The names, each of them once, with one made up for each column that has none; and remarks.

    A column without a name is ``unnamed_`` and its number; the second ``score`` is ``score_2``; ``^a$``,
    which polars would take for a pattern of names, is ``^a$_``. Single quotes that stand around all names
    go. Only the columns that are ``kept`` need names.
    """
    names, wanted = _bare(given), list(range(len(given)) if kept is None else kept)
    taken = {names[i] for i in wanted}
    seen: set[str] = set()
    made, again, odd = [], [], []
    for i in wanted:
        name = names[i]
        if not name:
            names[i] = _free(f"unnamed_{i + 1}", taken)
            made.append(names[i])
        elif _is_pattern(name):
            names[i] = _free(f"{name}_", taken)
            odd.append((name, names[i]))
        elif name in seen:
            names[i] = _numbered(name, taken)
            again.append((name, names[i]))
        taken.add(names[i])
        seen.add(names[i])
    return names, (*_on_repeated(again, where), *_on_unnamed(made, where), *_on_patterns(odd, where))


def _bare(given: Sequence[str]) -> list[str]:
    told = [name for name in given if name]
    if told and all(len(name) > 2 and name[0] == name[-1] == "'" for name in told):
        return [name[1:-1].strip() for name in given]
    return list(given)


def _is_pattern(name: str) -> bool:
    return name == "*" or (name.startswith("^") and name.endswith("$"))


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _numbered(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def _on_repeated(again: Sequence[tuple[str, str]], where: str) -> tuple[str, ...]:
    if not again:
        return ()
    if len(again) == 1:
        (name, new), = again  # fmt: skip
        return (f"{where} has two columns called {quote(name)}: the second is called {quote(new)}.",)
    names = [new for _, new in again]
    return (f"{len(again):,} columns of {where} have names of others and are called {listed(names)}.",)


def _on_unnamed(made: Sequence[str], where: str) -> tuple[str, ...]:
    if not made:
        return ()
    if len(made) == 1:
        return (f"A column of {where} has no name and is called {quote(made[0])}.",)
    return (f"{len(made):,} columns of {where} have no names and are called {listed(made)}.",)


def _on_patterns(odd: Sequence[tuple[str, str]], where: str) -> tuple[str, ...]:
    if not odd:
        return ()
    if len(odd) == 1:
        (name, new), = odd  # fmt: skip
        return (f"The name {quote(name)} of {where} reads like a pattern, and becomes {quote(new)}.",)
    names = [new for _, new in odd]
    return (f"{len(odd):,} names of {where} read like patterns, and become {listed(names)}.",)


def _renamed(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    frame.columns = list(names)
    return frame
