"""A run taken away: which format, where to, and written whole or not at all."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from lrtui.core.errors import ExportError
from lrtui.core.export.formats import FORMATS
from lrtui.core.export.formats.entry import ExportFormat
from lrtui.core.export.writers.taken import Taken
from lrtui.core.export.writing import check_place, new_file
from lrtui.core.store import Run, Status, Store
from lrtui.datasets.progress import NOBODY, Progress
from lrtui.datasets.text import quote


@dataclass(frozen=True)
class Exported:
    """What was written where, and how it is used."""

    format: str
    path: Path
    use: str


def find_format(name: str) -> ExportFormat:
    """The format of this name.

    Raises:
        ExportError: there is none; names the nearest.
    """
    if name in FORMATS:
        return FORMATS[name]
    near = difflib.get_close_matches(name.lower(), FORMATS, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise ExportError(
        f"There is no export called {quote(name)}.", f"{hint}lrtui export --list tells them all."
    )


def usual_name(run: Run, form: ExportFormat, suffix: str = "") -> str:
    """The name that a file gets where none is given: ``run-12-sql.sql``."""
    return f"run-{run.id}-{form.stem}{suffix or form.suffixes[0]}"


def place_of(run: Run, form: ExportFormat, path: Path | None, *, force: bool) -> Path:
    """Where a file goes; a folder gets the usual name in it.

    Raises:
        ExportError: it cannot be written there, or its suffix means something else.
    """
    if path is None or path.is_dir():
        path = (path or Path()) / usual_name(run, form)
    if path.suffix.lower() not in form.suffixes:
        raise ExportError(
            f"{quote(path.name)} is no name for {form.name}.",
            f"Give one that ends in {' or '.join(form.suffixes)}.",
        )
    check_place(path, force=force)
    return path


def export(
    store: Store,
    run: Run,
    name: str,
    path: Path | None = None,
    *,
    force: bool = False,
    watch: Progress = NOBODY,
) -> Exported:
    """Write a run in a format; nothing is written over unless ``force`` says so.

    Raises:
        ExportError: there is no such format, the run is not fit for it, or it cannot be written.
    """
    form = find_format(name)
    if run.status is Status.UNREADABLE and run.failure is not None:
        raise ExportError(run.failure.what, run.failure.fix)
    if run.watched and not form.scripts:
        fit = ", ".join(one.name for one in FORMATS.values() if one.scripts)
        raise ExportError(
            f"Run {run.id} is a script: its model stands in the script, not in lrtui.",
            f"Save the model there; of the run itself there are {fit}.",
        )
    place = place_of(run, form, path, force=force)
    with new_file(place, force=force) as draft:
        use = form.write(Taken(store, run, place, draft, watch))
    return Exported(name, place, use)
