"""What to beware of in a table: sentences, cheaply found, about columns and about all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from lrtui.datasets.array_types import Indices
from lrtui.datasets.cores import side_by_side
from lrtui.datasets.inspection.facts import as_text, numbers
from lrtui.datasets.inspection.far_cautions import Place, far_cautions, far_dates
from lrtui.datasets.inspection.far_cells import Far
from lrtui.datasets.inspection.record import Caution, Facts, Level
from lrtui.datasets.inspection.separation import auc_of_levels, auc_of_numbers
from lrtui.datasets.tables.type_inference import Understood
from lrtui.datasets.text import listed, quote

Columns = Sequence[tuple[Understood, Facts]]

SEPARATES = 0.99  # area under the ROC curve from which a column gives the answer away
COPY = 50  # values that a copy of the target has at most
NEARLY_ALL = 0.95  # share of missing cells
RARE = 0.05  # share of a class
REPEATED = 0.01  # share of rows that stand more than once
MIXED = 0.5  # share of numbers among the cells of a column of words
CELLS = 20_000_000  # looked at, at most, to find what separates the classes
FEWEST = 2000
MANY = 3  # columns of one trouble that are told one by one
ALL_OF_THEM = {
    "constant": "say nothing, being the same in every row",
    "missing": f"are missing in more than {round(100 * NEARLY_ALL)} % of the rows",
    "id-like": "name the rows and are left out",
    "code": "hold numbers far outside their others, which may be codes for missing cells",
    "duplicate columns": "hold the same as another",
    "leak": "each tell the target alone, so leave them out if they are not known before the answer is",
}
OPTIONS = {"code": " (--missing-codes)"}  # of the command line, which a key of the dashboard stands for


def cautions(
    frame: pl.DataFrame,
    columns: Columns,
    target: str,
    classes: Sequence[Level],
    codes: Indices,
    width: int,
    far: Mapping[str, Far],
    place: Place,
) -> tuple[Caution, ...]:
    """Everything, the gravest first; ``codes`` (n,) numbers the classes, -1 where the target is missing.

    ``width`` counts also the columns that are not looked at. ``far`` is what lies far out in each
    column, and ``place`` tells the row of a cell in the file.
    """
    dates = {facts.name for _, facts in columns if facts.kind == "date"}
    told = [
        *_giving_away(frame, columns, target, classes, codes),
        *(
            caution
            for name, found in far.items()
            if name != target
            for caution in (
                far_dates(name, found, place)
                if name in dates
                else far_cautions(name, found, place, frame.height)
            )
        ),
        *_imbalance(target, classes),
        *_repeated_rows(frame),
        *_repeated_columns(frame, target),
        *(caution for _, one in columns if one.name != target for caution in _of_column(one, frame)),
        *_wide(width, frame.height),
    ]
    return tuple(_merged(told))


def _merged(told: Sequence[Caution]) -> Iterator[Caution]:
    """One sentence for many columns of one trouble."""
    by_kind: dict[str, list[Caution]] = {}
    for caution in told:
        by_kind.setdefault(caution.kind, []).append(caution)
    for kind, found in by_kind.items():
        if len(found) <= MANY or kind not in ALL_OF_THEM:
            yield from found
        else:
            names = listed([caution.column for caution in found])
            what, option = f"{len(found):,} columns {ALL_OF_THEM[kind]}", OPTIONS.get(kind, "")
            question = f"{what}: {names}." if option else ""
            yield Caution(kind, f"{what}{option}: {names}.", question=question)


def _giving_away(
    frame: pl.DataFrame, columns: Columns, target: str, classes: Sequence[Level], codes: Indices
) -> Iterator[Caution]:
    if not 2 <= len(classes) <= COPY:
        return
    step = max(1, len(codes) * len(columns) // CELLS)
    step = min(step, max(1, len(codes) // FEWEST))
    rows = np.flatnonzero(codes >= 0)[::step]
    labels = codes[rows]
    names = as_text(frame[target])
    told = [
        (one, facts)
        for one, facts in columns
        if facts.name != target and facts.kind not in ("text", "id-like", "constant")
    ]
    areas = side_by_side(lambda pair: _separates(*pair, rows, labels, len(classes)), told)
    for (_, facts), area in zip(told, areas, strict=True):
        if facts.distinct <= COPY and _is_copy(as_text(frame[facts.name]), names):
            yield Caution(
                "leak",
                f"{quote(facts.name)} says the same as the target in other words: leave it out, "
                "or nothing is learned but that.",
                facts.name,
            )
            continue
        if area > SEPARATES:
            yield Caution(
                "leak",
                f"{quote(facts.name)} alone tells the target (AUC {_rounded(area)}): leave it out "
                "if it is not known before the answer is.",
                facts.name,
            )


def _rounded(area: float) -> str:
    """Four digits, and 1 only where it is."""
    return "1" if area == 1 else f"{min(area, 0.9999):.4g}"


def _is_copy(cells: pl.Series, names: pl.Series) -> bool:
    """Whether one column is the other with other words for its values."""
    both = pl.DataFrame({"a": cells, "b": names}).drop_nulls()
    if both.height < 10:
        return False
    pairs = both.unique()
    values = pairs["a"].n_unique()
    return values > 1 and pairs.height == values == pairs["b"].n_unique()


def _separates(one: Understood, facts: Facts, rows: Indices, labels: Indices, many: int) -> float:
    """The area under the ROC curve for that class, of all, which the column tells worst."""
    values = numbers(one)[rows]
    found = 1.0
    for label in range(many if many > 2 else 1):
        positive = labels == label
        if facts.kind == "category":
            levels = np.where(np.isnan(values), facts.distinct, values).astype(np.int64)
            found = min(found, auc_of_levels(levels, positive))
        else:
            found = min(found, auc_of_numbers(values, positive, least=SEPARATES))
        if found <= SEPARATES:
            break
    return found


def _imbalance(target: str, classes: Sequence[Level]) -> Iterator[Caution]:
    rows = sum(count for _, count in classes)
    if len(classes) < 2 or not rows:
        return
    value, count = min(classes, key=lambda level: level[1])
    if count / rows < RARE:
        yield Caution(
            "imbalance",
            f"{count:,} of {rows:,} rows have {quote(target)} = {quote(value)}: answering the commonest "
            "value alone looks right most of the time.",
            target,
        )


def _repeated_rows(frame: pl.DataFrame) -> Iterator[Caution]:
    extra = frame.height - frame.hash_rows().n_unique()
    if frame.height and extra / frame.height >= REPEATED:
        yield Caution(
            "duplicate rows",
            f"{extra:,} of {frame.height:,} rows repeat another: those in both parts make the test "
            "look better than it is.",
        )


def _repeated_columns(frame: pl.DataFrame, target: str) -> Iterator[Caution]:
    """Columns that hold the same cells; the target's copies are told of elsewhere."""
    seen: dict[int, list[str]] = {}
    weights = pl.int_range(1, frame.height + 1, dtype=pl.UInt64, eager=True)
    for series in frame:
        if series.name == target:
            continue
        key = int((series.hash() * weights).sum() or 0)
        for name in seen.setdefault(key, []):
            if frame[name].equals(series, null_equal=True):
                yield Caution(
                    "duplicate columns",
                    f"{quote(series.name)} holds the same as {quote(name)}: one of them is enough.",
                    series.name,
                )
                break
        else:
            seen[key].append(series.name)


def _of_column(facts: Facts, frame: pl.DataFrame) -> Iterator[Caution]:
    name = quote(facts.name)
    rows = frame.height
    if facts.kind == "constant":
        yield Caution("constant", f"{name} says nothing: {facts.reason}.", facts.name)
        return
    if rows and facts.missing / rows > NEARLY_ALL:
        yield Caution("missing", f"{name} is missing in {facts.missing:,} of {rows:,} rows.", facts.name)
    if facts.kind == "id-like":
        yield Caution("id-like", f"{name} names the rows ({facts.reason}): it is left out.", facts.name)
    if facts.kind in ("category", "text") and frame[facts.name].dtype == pl.String:
        share, word = _mixed(frame[facts.name])
        if share > MIXED:
            yield Caution(
                "mixed",
                f"{name} holds numbers in {round(100 * share)} % of its cells and words in others: "
                f"{quote(word)}.",
                facts.name,
            )


def _mixed(cells: pl.Series) -> tuple[float, str]:
    """The share of numbers among the cells, and the commonest word among the others."""
    filled = as_text(cells).drop_nulls()
    words = filled.filter(filled.cast(pl.Float64, strict=False).is_null())
    if not len(words) or not len(filled):
        return 0.0, ""
    counts = words.value_counts(sort=True)
    return 1 - len(words) / len(filled), str(counts[0, 0])


def _wide(columns: int, rows: int) -> Iterator[Caution]:
    if columns > rows:
        yield Caution(
            "wide",
            f"There are more columns ({columns:,}) than rows ({rows:,}): any labels can be "
            "learned by heart, so weight decay will be needed.",
        )
