"""``lrtui predict``: the labels and probabilities that a run gives to other rows."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lrtui.core.errors import ExportError
from lrtui.datasets.source import Source
from lrtui.tui.cli import completing
from lrtui.tui.cli.printing import echo, echo_json
from lrtui.tui.cli.remarks import open_store
from lrtui.tui.cli.runs import find, settle
from lrtui.tui.cli.source_options import READING, reading_options, take_source
from lrtui.tui.cli.types import Here, OnceHere
from lrtui.tui.render.predictions import prediction_lines

if TYPE_CHECKING:
    from lrtui.core.export.predicting import Predictor

STDOUT = "-"
_EPILOG = """\b
Examples:
  lrtui predict 12 new.csv --out predictions.csv
  lrtui predict baseline new.parquet --out predictions.parquet --json
  lrtui predict last new.csv --out - | head
"""


@click.command(epilog=_EPILOG)
@click.argument("run", shell_complete=completing.runs)
@click.argument("dataset", metavar="FILE", shell_complete=completing.datasets)
@click.option("--out", cls=OnceHere, metavar="PATH", help="Write a row for each: .csv, .parquet, or - .")
@click.option("--force", cls=Here, is_flag=True, help="Write over a file that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as one JSON object.")
@reading_options
def predict(run: str, dataset: str, out: str | None, force: bool, as_json: bool, **options: Any) -> None:
    """Predict the rows of FILE with the preparation and the weights of RUN.

    Its columns are found by name. Levels that training did not know and missing cells are taken as in
    training. The target need not be there; where it is, scores are told.
    """
    if out == STDOUT and as_json:
        raise ExportError("--out - and --json both print on standard output.", "Give --out a file.")
    with open_store() as store:
        settle(store)
        found = find(store, run)
        source = take_source(dataset, _as_trained(found.source, dataset, options))
        path = None if out in (None, STDOUT) else Path(out or "")
        from lrtui.core.export.predicting import predicted  # polars
        from lrtui.core.export.predictions import print_predictions, write_predictions
        from lrtui.core.export.tables import check_suffix
        from lrtui.core.export.trained import trained_model
        from lrtui.core.export.writing import check_place, new_file
        from lrtui.tui.cli.progress import Reading

        if path is not None:
            check_suffix(path)
            check_place(path, force=force)
        model = trained_model(store, found)

    begun = False

    def take(predictor: Predictor) -> None:
        nonlocal begun
        if path is not None:
            with new_file(path, force=force) as draft:
                write_predictions(predictor, draft)
        elif out == STDOUT:
            if begun:
                raise ExportError(
                    "Further down, a column of numbers holds a word, and rows were printed already.",
                    "Give --out a file.",
                )
            begun = True
            print_predictions(predictor, sys.stdout.buffer)
        else:
            for _ in predictor.blocks():
                pass

    among_rows = out == STDOUT and sys.stdout.isatty()
    with Reading(source.label, quiet=among_rows) as reading:
        done = predicted(model, source, take, reading.watch)
    if as_json:
        echo_json(_told(done, source, path))
        return
    lines = prediction_lines(_told(done, source, path))
    for sentence in done.rows.remarks:
        echo(sentence, err=True)
    echo("\n".join(lines), err=out == STDOUT)


def _as_trained(trained: Source, name: str, options: dict[str, Any]) -> dict[str, Any]:
    """The options, and beside them those by which a file of the same kind was read in training."""
    same = Path(trained.name).suffix.lower() == Path(name).suffix.lower()
    if not same or not trained.is_file or any(options.get(one) is not None for one in READING):
        return options
    told = {one: getattr(trained, one) for one in READING}
    return {**options, **{one: str(value) for one, value in told.items() if value is not None}}


def _told(done: Predictor, source: Source, path: Path | None) -> dict[str, Any]:
    """What came of it, for JSON."""
    seen, names = done.seen, done.model.class_names
    return {
        "run_id": done.model.run.id,
        "epoch": done.model.epoch,
        "data": source.name,
        "rows": seen.rows,
        "labels": dict(zip(names, seen.counts, strict=True)),
        "without_prediction": seen.blank,
        "missing": seen.missing,
        "unknown": {name: asdict(noted) for name, noted in seen.noted.items()},
        "ignored": seen.ignored,
        "target": done.target,
        "unknown_labels": None if seen.strange is None else asdict(seen.strange),
        "scores": done.scores(),
        "unlabelled": done.unlabelled if done.target is not None else None,
        "out": None if path is None else str(path.absolute()),
    }
