"""Predictions of a run for other rows, a block after the other."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from lrtui.core.errors import ExportError
from lrtui.core.export.trained import TrainedModel
from lrtui.datasets.array_types import Floats, Indices
from lrtui.datasets.columns import CellReading
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.ingest.one_pass import Unparsed, batches
from lrtui.datasets.ingest.restarts import expected_rows
from lrtui.datasets.loading import fetch, is_large, load
from lrtui.datasets.progress import NOBODY, Progress
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.reading.scanning import scan_table
from lrtui.datasets.source import Source
from lrtui.datasets.tables.cell_reading import is_text, read_cells
from lrtui.datasets.tables.labels import as_values
from lrtui.datasets.text import listed, quote

NUMBERS = 2_000_000  # features and cells at a time, at most
BLOCK = 65_536  # rows
MOST_RANKED = 20_000_000  # rows with labels, of which an area under the curve is still told
TARGET = "target"  # of a dataset of the catalogue


class Block(NamedTuple):
    """Predictions for some rows.

    Attributes:
        first: the number of the first row, from 1. probabilities: (n, K), NaN where there are none.
        labels: (n,) the number of each row's class, -1 where there is none.
    """

    first: int
    probabilities: Floats
    labels: Indices


@dataclass
class Rows:
    """A table of other rows.

    Attributes:
        where: as an error names it. names: of its columns. remarks: sentences on how it was read.
        frames: begins to read some of its columns.
    """

    where: str
    names: list[str]
    remarks: tuple[str, ...]
    frames: Callable[[list[str]], Generator[pl.DataFrame, None, None]]
    expected: float  # rows


@dataclass
class Noted:
    """What became of the cells of a column that training did not know."""

    count: int
    row: int
    text: str
    level: bool  # of a category, where it is a level that training did not know; else it is missing


@dataclass
class Seen:
    """What was seen on the way through the rows.

    Attributes:
        rows: all of them. counts: how many got each class. blank: rows without a prediction.
        missing: cells in which nothing stands, by column. noted: words that mean nothing, by column.
        ignored: columns that nothing is learned from. strange: cells of the target that name no class.
    """

    counts: list[int]
    rows: int = 0
    blank: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    noted: dict[str, Noted] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    strange: Noted | None = None


def rows_of(source: Source, model: TrainedModel, texts: frozenset[str] = frozenset()) -> Rows:
    """The rows that a source names; a large file in batches, as in training.

    Raises:
        DatasetError: it cannot be read. ExportError: it lacks a column.
    """
    words = {reading.name for reading in model.preparation.readings if is_text(reading)}
    scan = scan_table(source, wary=True, texts=words | texts) if is_large(source) else None
    if scan is not None:
        lazy, where = scan.lazy, scan.where
        found = Rows(
            where,
            lazy.collect_schema().names(),
            scan.remarks,
            lambda wanted: batches(lazy.select(wanted), where),
            expected_rows(scan),
        )
    elif source.is_table:
        table = read_table(source)
        frame = table.frame
        found = _whole(table.where, frame, table.remarks)
    else:
        found = _of_catalogue(source)
    lacking = [one.name for one in model.preparation.readings if one.name not in set(found.names)]
    if lacking:
        many = "the columns" if len(lacking) > 1 else "the column"
        raise ExportError(
            f"{found.where} lacks {many} {listed(lacking)}, which run {model.run.id} learned from.",
            "Give a file with the columns of the training file, by the same names.",
        )
    return found


def _of_catalogue(source: Source) -> Rows:
    dataset = load(source)
    frame = pl.DataFrame(dataset.X, schema=list(dataset.feature_names))
    labels = pl.Series(TARGET, [dataset.class_names[number] for number in dataset.y.tolist()])
    frame = frame.with_columns(labels)
    return _whole(dataset.where, frame, dataset.remarks)


def _whole(where: str, frame: pl.DataFrame, remarks: tuple[str, ...]) -> Rows:
    def frames(wanted: list[str]) -> Generator[pl.DataFrame, None, None]:
        yield frame.select(wanted)

    return Rows(where, frame.columns, remarks, frames, frame.height)


class Predictor:
    """Goes through rows once. ``seen`` and ``scores`` are whole when all blocks were taken."""

    def __init__(self, model: TrainedModel, rows: Rows, watch: Progress = NOBODY) -> None:
        self.model, self.rows, self._watch = model, rows, watch
        self.seen = Seen([0] * len(model.class_names))
        prepared = model.preparation
        wanted = prepared.target or (TARGET if not model.run.source.is_table else None)
        self.target = wanted if wanted in rows.names else None
        used = {reading.name for reading in prepared.readings} | {self.target}
        self.seen.ignored = [name for name in rows.names if name not in used]
        self._labels: list[Any] = []  # of the rows with a known label, and what was predicted for them
        self._probabilities: list[Any] = []
        self.unlabelled = 0

    def blocks(self) -> Iterator[Block]:
        """The predictions, in the order of the rows.

        Raises:
            Unparsed: further down, a column of numbers, which it names, holds a word.
            DatasetError: the file cannot be read, or a cell is missing where that is an error.
        """
        width = max(len(self.model.preparation.features.names), len(self.rows.names), 1)
        each = max(1, min(BLOCK, NUMBERS // width))
        names = [reading.name for reading in self.model.preparation.readings]
        names += [self.target] if self.target is not None else []
        # Closed in any case: polars reads on for as long as somebody might ask for the next batch.
        with closing(self.rows.frames(list(dict.fromkeys(names)))) as frames:
            for frame in frames:
                for some in frame.iter_slices(each):
                    self._watch.at("predicting", self.seen.rows / max(self.rows.expected, 1))
                    yield self._block(some)

    def _block(self, frame: pl.DataFrame) -> Block:
        model, seen = self.model, self.seen
        encoded = model.preparation.features.encoding.take(self._numbers(frame))
        probabilities = np.full((frame.height, len(model.class_names)), np.nan)
        with np.errstate(over="ignore", invalid="ignore"):
            whole = np.isfinite(encoded).all(axis=1)
            if whole.any():
                features = model.preparation.features.expand(encoded[whole])
                probabilities[whole] = model.probabilities(features)
        whole = np.isfinite(probabilities).all(axis=1)
        labels = np.full(frame.height, -1, np.int64)
        labels[whole] = model.labels(probabilities[whole])
        for number, count in enumerate(np.bincount(labels[whole], minlength=len(seen.counts)).tolist()):
            seen.counts[number] += count
        if self.target is not None:
            self._score(frame[self.target], probabilities, whole)
        block = Block(seen.rows + 1, probabilities, labels)
        seen.rows += frame.height
        seen.blank += int((~whole).sum())
        return block

    def _numbers(self, frame: pl.DataFrame) -> Floats:
        """The columns that are looked at (n, p), NaN where nothing stands."""
        prepared = self.model.preparation
        found = np.empty((frame.height, len(prepared.columns)), order="F")
        at = 0
        for reading in prepared.readings:
            cells = read_cells(reading, frame[reading.name])
            if cells.odd is not None:
                self._note(reading, frame[reading.name], cells.odd)
            first = at
            for values in cells.values:
                found[:, at] = values.fill_null(np.nan).to_numpy()
                at += 1
            self._count_missing(reading.name, found[:, first:at], first)
        return found

    def _count_missing(self, name: str, values: Floats, first: int) -> None:
        codes = self.model.preparation.features.encoding.codes
        if codes is not None:
            columns = np.arange(first, first + values.shape[1])
            values = codes.of(columns).blank(values)
        holes = ~np.isfinite(values).all(axis=1)
        many = int(holes.sum())
        if not many:
            return
        kind = self.model.preparation.columns[first].kind
        if self.model.preparation.missing == "error" and kind != "category":
            row = self.seen.rows + int(holes.argmax()) + 1
            raise DatasetError(
                f"Column {quote(name)} of {self.rows.where} holds no number in row {row}, and run "
                f"{self.model.run.id} takes no missing cell (missing = error).",
                "Fill it in, leave the row out, or use a run with missing = indicator or median.",
            )
        self.seen.missing[name] = self.seen.missing.get(name, 0) + many

    def _note(self, reading: CellReading, cells: pl.Series, odd: pl.Series) -> None:
        noted = self.seen.noted.get(reading.name)
        self.seen.noted[reading.name] = self._noted(noted, cells, odd, level=reading.how == "category")

    def _noted(self, noted: Noted | None, cells: pl.Series, odd: pl.Series, *, level: bool) -> Noted:
        many = int(odd.sum())
        if noted is not None:
            noted.count += many
            return noted
        row = int(odd.arg_max() or 0)
        return Noted(many, self.seen.rows + row + 1, str(cells[row]), level)

    def _score(self, cells: pl.Series, probabilities: Floats, whole: Any) -> None:
        """Keep what is needed to say how good the predictions are."""
        classes = self.model.class_names
        numbers = {name: number for number, name in enumerate(classes)}
        texts = as_values(cells)
        rest = 0 if self.model.preparation.rest else -1
        found = [-1 if text is None else numbers.get(text, rest) for text in texts.to_list()]
        labels = np.array(found, np.int8)
        strange = texts.is_not_null() & pl.Series(labels < 0)
        if strange.any():
            self.seen.strange = self._noted(self.seen.strange, cells, strange, level=True)
        known = (labels >= 0) & whole
        self.unlabelled += len(labels) - int(known.sum())
        self._labels.append(labels[known])
        self._probabilities.append(probabilities[known].astype(np.float32))

    def scores(self) -> dict[str, float | int | None] | None:
        """How good the predictions are on the rows with a label; ``None`` where there is none."""
        if not self._labels or not sum(map(len, self._labels)):
            return None
        y, p = np.concatenate(self._labels).astype(np.int64), np.concatenate(self._probabilities)
        own = p[np.arange(len(y)), y].astype(np.float64)
        with np.errstate(divide="ignore"):
            loss = float(-np.log(np.maximum(own, np.finfo(np.float32).tiny)).mean())
        predicted = self.model.labels(p)
        recalls = [float((predicted[y == one] == one).mean()) for one in np.unique(y)]
        return {
            "rows": len(y),
            "loss": loss,
            "accuracy": float((predicted == y).mean()),
            "balanced_accuracy": sum(recalls) / len(recalls),
            "auc": self._auc(y, p),
        }

    def _auc(self, y: Indices, p: Any) -> float | None:
        """The area under the ROC curve; of more than two classes the mean of each against the rest."""
        if len(y) > MOST_RANKED:
            return None
        import torch  # where there are labels to be ranked alone

        from lrtui.core.training.roc import class_auc, roc_auc

        if self.model.binary:
            return roc_auc(torch.from_numpy(p[:, 1:].T.copy()), torch.from_numpy(y))[0]
        return class_auc(torch.from_numpy(p.T.copy()), torch.from_numpy(y))


def predicted(
    model: TrainedModel, source: Source, take: Callable[[Predictor], None], watch: Progress = NOBODY
) -> Predictor:
    """Predictions for the rows of a source, handed to ``take``, which goes through the blocks.

    It is called anew where a column of numbers turns out, far down, to hold words. ``watch`` hears how far
    it is.

    Raises:
        DatasetError, ExportError: the file cannot be read or written, or lacks a column.
    """
    fetch(source, watch)
    texts: frozenset[str] = frozenset()
    while True:
        predictor = Predictor(model, rows_of(source, model, texts), watch)
        try:
            take(predictor)
        except Unparsed as error:
            if texts.issuperset(error.args):
                raise DatasetError(
                    f"Column {quote(str(error.args[0]))} of {predictor.rows.where} cannot be read.",
                    "Give its numbers as plain numbers.",
                ) from None
            texts |= set(error.args)
        else:
            return predictor
