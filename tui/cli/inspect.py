"""``lrtui inspect``: what stands in a table, before anything is trained; for people, and as JSON."""

from __future__ import annotations

import shutil
from typing import Any

import click

from lrtui.core.garbage import collect_again
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.memory_limit import TABLES, check_memory
from lrtui.datasets.text import quote
from lrtui.tui.cli.completing import files
from lrtui.tui.cli.printing import echo, echo_json
from lrtui.tui.cli.source_options import source_options, take_source
from lrtui.tui.render.glyphs import terminal_glyphs

WIDTH = 100  # columns where there is no terminal
LEAST = 60

_EPILOG = """\b
Examples:
  lrtui inspect titanic.csv
  lrtui inspect titanic.csv --target Survived --json
  lrtui inspect sklearn:iris
"""


@click.command(epilog=_EPILOG)
@click.argument("dataset", metavar="FILE", shell_complete=files)
@source_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def inspect(dataset: str, as_json: bool, **options: Any) -> None:
    """Say what stands in FILE: columns, likely targets, warnings, and what becomes of each column.

    FILE is whatever train takes as a table; - reads standard input. Nothing is trained.
    """
    source = take_source(dataset, options)
    if not source.is_table:
        raise DatasetError(
            f"{quote(source.label)} is of the catalogue, and has its own target and columns.",
            "lrtui datasets describes it; give inspect a file.",
        )
    check_memory(*TABLES)
    from lrtui.datasets.inspection.inspector import Inspector  # polars, only from here on
    from lrtui.tui.cli.progress import Reading

    collect_again()
    with Reading(source.label) as reading:  # of what lies elsewhere
        found = Inspector(source, reading.watch).look(source.target)
    if source.target is not None and found.target != source.target:
        wrong = found.warnings[0].text
        raise DatasetError(wrong, "Give --target one of its columns, or none.")
    if as_json:
        echo_json(found.to_dict())
        return
    from lrtui.tui.render.inspection import report

    width = max(shutil.get_terminal_size((WIDTH, 24)).columns, LEAST)
    echo("\n".join(report(found, source, width, terminal_glyphs(), dataset)))
