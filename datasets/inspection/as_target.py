"""A column as it is where it is the target: every value is a class, and a word among numbers is one too."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from lrtui.datasets.columns import Column
from lrtui.datasets.inspection.facts import as_text, facts_of
from lrtui.datasets.inspection.record import Facts
from lrtui.datasets.tables.type_inference import MOST_LEVELS, Understood


def as_target(found: Understood, raw: pl.Series) -> Understood:
    """What a column is by the cells that training takes for its classes, ``raw`` as they were read.

    Most are what they are as columns to learn from. Others hold words that count as missing there, such as
    ``U`` beside 1, 2 and 3, or one word in several spellings.
    """
    told = found.missing or found.remark or found.column.kind == "flag"
    if raw.dtype != pl.String or not told or found.column.kind not in ("number", "flag", "date"):
        return found
    values = as_text(raw)
    missing, distinct = values.null_count(), values.drop_nulls().n_unique()
    if (missing, distinct) == (found.missing, found.distinct):
        return found
    if distinct > MOST_LEVELS:
        return replace(found, missing=missing, counted=distinct, remark="")
    levels = tuple(values.drop_nulls().unique().sort().to_list())
    codes = values.replace_strict(levels, range(len(levels)), default=None, return_dtype=pl.Float64)
    column = Column(raw.name, "category", levels)
    return Understood(column, codes, missing, distinct, found.gap if missing else None, "words that repeat")


def facts_as_target(found: Understood, raw: pl.Series, facts: Facts) -> Facts:
    """The facts of a column as a target, from those that it has as a column to learn from."""
    target = as_target(found, raw)
    return facts if target is found else facts_of(target, raw)
