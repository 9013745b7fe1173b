"""From the target column to labels: two classes, one against the rest, or every value a class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lrtui.datasets.errors import DatasetError, TargetError
from lrtui.datasets.peers import ALONE, Peers
from lrtui.datasets.tables.parsing import nothing
from lrtui.datasets.text import listed, quote

FEWEST = 2  # rows a class needs, to stand in both parts
MOST_CLASSES = 100
EXACT = 2.0**53


@dataclass(frozen=True)
class Target:
    """A target as classes.

    Attributes:
        y: (n,) int8, the number of each row's class; 0 where the target is missing.
        classes: their names, by number. labelled: (n,) where a target stands, ``None`` where everywhere.
        strata: (n,) int64, the numbers of the values themselves, by which rows are divided whatever is
            called positive; ``None`` where ``y`` are they.
    """

    y: NDArray[np.int8]
    classes: tuple[str, ...]
    labelled: NDArray[np.bool_] | None = None
    strata: NDArray[np.int64] | None = None


def target_of(
    column: pl.Series,
    where: str,
    *,
    positive: str | None = None,
    multiclass: bool = False,
    peers: Peers = ALONE,
) -> Target:
    """The labels of a table. The positive of two classes is 1: the rarer, on a tie the one that sorts last.

    Of ``peers`` each has some rows; the classes are those of all.

    Raises:
        TargetError: it has one value, or too many to be the classes that were asked for.
        DatasetError: no target stands anywhere, ``positive`` is no value, or a class has too few rows.
    """
    if column.dtype.is_float():
        column = column.fill_nan(None)
    if column.dtype.is_nested() or column.dtype in (pl.Object, pl.Binary):
        raise _no_values(column.name)
    found = column.alias("value").value_counts(name="rows")
    if peers.world > 1:
        found = pl.concat(peers.gather(found)).group_by("value", maintain_order=True).agg(pl.sum("rows"))
    texts = as_values(found["value"].alias(column.name)).to_list()
    counts: dict[str, int] = {}
    for text, rows in zip(texts, found["rows"].to_list(), strict=True):
        if text is not None:
            counts[text] = counts.get(text, 0) + rows
    counts = {value: counts[value] for value in _sorted(counts)}
    if len(counts) == 1 and None in texts:
        raise _one_beside_nothing(next(iter(counts)), found, texts, column.name, where)
    try:
        classes = _classes(counts, column.name, where, positive=positive, multiclass=multiclass)
    except TargetError as error:
        first = as_values(column.head(1)).to_list() if peers.world == 1 else []
        if len(counts) > 2 and first and counts.get(first[0] or "") == 1:  # perhaps a second row of names
            alone = f"where row 1 ({quote(first[0] or '')}) is no row of data, leave it out"
            error.fix = f"{error.fix.removesuffix('.')}; or, {alone}."
        raise
    rest = None if multiclass or len(counts) == len(classes) else 0  # whatever is not the positive one
    numbers = {name: number for number, name in enumerate(classes)}
    places = [None if text is None else numbers.get(text, rest) for text in texts]
    codes = column.replace_strict(found["value"], places, return_dtype=pl.Int8)
    labelled = None if codes.null_count() == 0 else codes.is_not_null().to_numpy()
    y = codes.fill_null(0).to_numpy().astype(np.int8)
    order = _strata(counts)
    if classes == order:
        return Target(y, classes, labelled)
    by_value = {name: number for number, name in enumerate(order)}
    strata = column.replace_strict(
        found["value"], [by_value.get(text or "", 0) for text in texts], return_dtype=pl.Int64
    )
    return Target(y, classes, labelled, strata.fill_null(0).to_numpy().astype(np.int64))


def _strata(counts: Mapping[str, int]) -> tuple[str, ...]:
    """The values of a target as rows are divided by them: of two the rarer last, else in their order."""
    return _rarer_last(counts) if len(counts) == 2 else tuple(counts)


def _rarer_last(counts: Mapping[str, int]) -> tuple[str, ...]:
    """The values with the most rows first; on a tie in their order."""
    order = {value: place for place, value in enumerate(counts)}
    return tuple(sorted(counts, key=lambda value: (-counts[value], order[value])))


def _classes(
    counts: Mapping[str, int], target: str, where: str, *, positive: str | None, multiclass: bool
) -> tuple[str, ...]:
    """The names of the classes by number, from how many rows have each value."""
    if not counts:
        raise DatasetError(
            f"Every cell of the target {quote(target)} of {where} is empty.", "Choose another target."
        )
    if multiclass and positive is not None:
        raise DatasetError(
            "With multiclass every value of the target is a class of its own: none is the positive one.",
            "Leave out either --multiclass or --positive.",
        )
    return _every(counts, target, where) if multiclass else _two(counts, target, positive, where)


def as_values(column: pl.Series) -> pl.Series:
    """The target as text, ``null`` where nothing stands; numbers plain, so that 1 and 1.0 are one value."""
    kind = column.dtype
    if kind.is_nested() or kind in (pl.Object, pl.Binary):
        raise _no_values(column.name)
    if kind == pl.Duration:
        return column.dt.to_string()
    if kind.is_integer() or kind == pl.Boolean or kind.is_temporal():
        return column.cast(pl.String)
    if kind.is_numeric():
        return _plain(column.cast(pl.Float64).fill_nan(None))
    text = column.cast(pl.String).str.strip_chars()
    text = text.to_frame().select(pl.when(~pl.lit(nothing(text))).then(pl.first())).to_series()
    numbers = text.cast(pl.Float64, strict=False)
    largest = numbers.abs().max()
    if numbers.null_count() > text.null_count() or (isinstance(largest, float) and largest > EXACT):
        return text
    return _plain(numbers)


def _no_values(name: str) -> DatasetError:
    return DatasetError(f"The target {quote(name)} holds no single values.", "Choose another target.")


def _plain(numbers: pl.Series) -> pl.Series:
    """Numbers as short text: whole ones without a point."""
    numbers = numbers + 0.0  # −0 is 0
    values = numbers.drop_nulls().unique()
    repeated = 2 * len(values) < len(numbers)  # then each is written once
    words = (values if repeated else numbers).cast(pl.String).str.replace(r"\.0$", "")
    if not repeated:
        return words
    return numbers.replace_strict(values, words, default=None, return_dtype=pl.String)


def _sorted(values: Iterable[str]) -> list[str]:
    """In the order of numbers, or of the alphabet."""
    try:
        return sorted(values, key=lambda value: (float(value), value))
    except ValueError:
        return sorted(values)


def _every(counts: Mapping[str, int], target: str, where: str) -> tuple[str, ...]:
    classes = tuple(counts)
    if not 2 <= len(classes) <= MOST_CLASSES:
        raise _unfit(counts, target, where, f"between 2 and {MOST_CLASSES} classes", "")
    rare = min(classes, key=lambda value: counts[value])
    if counts[rare] < FEWEST:
        raise _too_rare(counts[rare], rare, where)
    return classes


def _two(counts: Mapping[str, int], target: str, positive: str | None, where: str) -> tuple[str, str]:
    if positive is not None:
        positive = named_value(positive, counts, target, where)
    values = _rarer_last(counts)
    if len(values) == 1 or (len(values) > 2 and positive is None):
        raise _unfit(
            counts, target, where, "two", "name one with --positive, against the rest, or --multiclass"
        )
    if len(values) > 2 and positive is not None:
        other, rows = f"not {positive}", sum(counts.values()) - counts[positive]
    else:
        positive = positive or values[1]
        other = values[0] if positive == values[1] else values[1]
        rows = counts[other]
    rarer, few = min(((positive, counts[positive]), (other, rows)), key=lambda pair: pair[1])
    if few < FEWEST:
        raise _too_rare(few, rarer, where)
    return other, positive


def named_value(positive: str, counts: Mapping[str, int], target: str, where: str) -> str:
    """The value that a person means: as it stands, in other letters, or the same number."""
    plain = positive.strip()
    if plain in counts:
        return plain
    alike = [value for value in counts if value.lower() == plain.lower()]
    if len(alike) == 1:
        return alike[0]
    try:
        number = float(plain)
        return next(value for value in counts if float(value) == number)
    except (ValueError, StopIteration):
        raise DatasetError(
            f"The target {quote(target)} of {where} has no value {quote(positive)}.",
            f"Give --positive one of {listed(_commonest(counts))}.",
        ) from None


def _commonest(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda value: -counts[value])  # stable


def _unfit(counts: Mapping[str, int], target: str, where: str, needs: str, rest: str) -> TargetError:
    values = _commonest(counts)
    found = (
        f"{len(values):,} values ({listed(values)})"
        if len(values) > 1
        else f"one value, {quote(values[0])}"
    )
    ways = rest if len(values) > 1 else "bring other rows"
    return TargetError(
        f"The target {quote(target)} of {where} has {found}, and needs {needs}.",
        f"Choose another target, or {ways}." if ways else "Choose another target.",
        target,
        counts,
    )


def _one_beside_nothing(
    value: str, found: pl.DataFrame, texts: Sequence[str | None], target: str, where: str
) -> TargetError:
    """The error for one value beside cells in which nothing stands, or a word for that."""
    pairs = zip(found["value"].to_list(), found["rows"].to_list(), texts, strict=True)
    missing = [(str(cell or "").strip(), rows) for cell, rows, text in pairs if text is None]
    rows, word = sum(rows for _, rows in missing), max(missing, key=lambda pair: pair[1])[0]
    one, many = ("holds", "cell") if rows == 1 else ("hold", "cells")
    rest = f"its {rows:,} other {many} {one} " + (
        f"{quote(word)}, a word for nothing" if word else "nothing"
    )
    return TargetError(
        f"The target {quote(target)} of {where} has one value, {quote(value)}, and needs two: {rest}.",
        "If they are a class, write a word for it in them; else choose another target.",
        target,
        {value: int(found["rows"].sum()) - rows},
    )


def _too_rare(rows: int, value: str, where: str) -> DatasetError:
    return DatasetError(
        f"Only {rows} row of {where} has the target {quote(value)}.",
        f"Bring at least {FEWEST} rows of each value, so that both parts can hold one.",
    )
