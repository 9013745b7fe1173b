"""``lrtui export``: a run as a file for another program, or for a person."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import CompletionItem

from lrtui.core.errors import ExportError
from lrtui.core.export.formats import FORMATS
from lrtui.datasets.text import quote
from lrtui.tui.cli import completing
from lrtui.tui.cli.printing import echo, echo_json
from lrtui.tui.cli.remarks import open_store
from lrtui.tui.cli.runs import find, settle
from lrtui.tui.cli.types import Here

_EPILOG = """\b
Examples:
  lrtui export 12 pytorch
  lrtui export baseline sklearn model.skops
  lrtui export last html report.html --force
  lrtui export --list
"""


def _formats(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [
        CompletionItem(one.name, help=one.does)
        for one in FORMATS.values()
        if one.name.startswith(incomplete)
    ]


@click.command(epilog=_EPILOG)
@click.argument("run", required=False, shell_complete=completing.runs)
@click.argument("kind", metavar="FORMAT", required=False, shell_complete=_formats)
@click.argument("path", required=False, shell_complete=completing.files)
@click.option("--list", "listing", cls=Here, is_flag=True, help="List the formats, with their suffixes.")
@click.option("--force", cls=Here, is_flag=True, help="Write over a file that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print the format, the path and its use as JSON.")
def export(
    run: str | None, kind: str | None, path: str | None, listing: bool, force: bool, as_json: bool
) -> None:
    """Take RUN away in a FORMAT, to PATH or to a file of its own name in this folder."""
    if listing:
        _list(as_json)
        return
    if run is None or kind is None:
        raise ExportError("export needs a run and a format.", "lrtui export --list tells the formats.")
    from lrtui.core.export.exporting import export as exported

    with open_store() as store:
        settle(store)
        done = exported(store, find(store, run), kind, None if path is None else Path(path), force=force)
    if as_json:
        echo_json({"format": done.format, "path": str(done.path.absolute()), "use": done.use})
        return
    echo(f"Written to {quote(str(done.path))}.\n{done.use}")


def _list(as_json: bool) -> None:
    if as_json:
        echo_json(
            [{"format": one.name, "does": one.does, "suffixes": one.suffixes} for one in FORMATS.values()]
        )
        return
    for one in FORMATS.values():
        echo(f"{one.name:<13} {' '.join(one.suffixes):<20} {one.does}")
