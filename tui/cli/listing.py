"""``lrtui datasets`` and ``lrtui runs``: tables for people, JSON for scripts."""

from __future__ import annotations

import shutil
import textwrap

import click

from lrtui.core.results import summary
from lrtui.core.run_filter import field_of, ordered, parse_filter
from lrtui.core.store.diagnoses import Verdicts
from lrtui.core.store.rescue import rescue_notice
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.catalogue.entry import Entry
from lrtui.tui.cli.printing import echo, echo_json
from lrtui.tui.cli.remarks import open_store
from lrtui.tui.cli.runs import nothing_listed, settle
from lrtui.tui.cli.types import Here, Most, Once, OnceHere
from lrtui.tui.render.columns import Column, fitted
from lrtui.tui.render.glyphs import terminal_glyphs
from lrtui.tui.render.numbers import share
from lrtui.tui.render.run_cells import run_cells

UNWRAPPED = 10_000  # columns where there is no terminal: a line an entry is what grep wants
SHOWS_INDENT = 42
SHOWS_LEAST = 30  # columns for a description beside the numbers; else it goes below them
ENDING = (
    "Those that are made take parameters, such as moons:n=500,noise=0.2,seed=1.",
    "A table of yours is given by its path; lrtui inspect looks at it, --target names what to predict.",
)
TOLD = ("name", "group", "shows", "rows", "columns", "base_rate")  # of an entry in JSON
NAME = Column("name", 9, name=True)
COLUMNS = (
    Column("run", right=True),
    NAME,
    Column("dataset", name=True),
    Column("status"),
    Column("doctor", 8),
    Column("epochs", 6, right=True),
    Column("train", 2, right=True),
    Column("test", 5, right=True),
    Column("acc", 7, right=True),
    Column("started", 9),
    Column("time", 3, right=True),
)


@click.command(epilog="\b\nExample:\n  lrtui datasets --json")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def datasets(as_json: bool) -> None:
    """List the catalogue: shape, share of rows that are 1, and what each dataset shows."""
    if as_json:
        echo_json([_entry(entry) for entry in CATALOGUE.values()])
        return
    width = shutil.get_terminal_size((UNWRAPPED, 24)).columns
    shows = "  shows" if _beside(width) else ""
    echo(f"{'name':<22} {'rows':>6} {'cols':>4} {'are 1':>5}{shows}")
    for entry in CATALOGUE.values():
        echo(_described(entry, width))
    echo("")
    for line in ENDING:
        echo(textwrap.fill(line, max(width, 20)))


def _described(entry: Entry, width: int) -> str:
    """An entry, its description wrapped under itself."""
    head = f"{entry.name:<22} {entry.rows:>6,} {entry.columns:>4} {share(entry.base_rate):>5}  "
    if _beside(width):
        return textwrap.fill(entry.shows, width, initial_indent=head, subsequent_indent=" " * SHOWS_INDENT)
    below = textwrap.fill(entry.shows, max(width, 20), initial_indent="  ", subsequent_indent="  ")
    return f"{head.rstrip()}\n{below}"


def _beside(width: int) -> bool:
    return width - SHOWS_INDENT >= SHOWS_LEAST


def _entry(entry: Entry) -> dict[str, object]:
    told = {name: getattr(entry, name) for name in TOLD}
    parameters = {
        key: {name: getattr(one, name) for name in ("default", "low", "high", "help")}
        for key, one in entry.parameters.items()
    }
    return {**told, "parameters": parameters}


_RUNS = """\b
Examples:
  lrtui runs --limit 5
  lrtui runs --filter 'lr>0.1 verdict:sick dataset:cancer'
  lrtui runs --filter started>2026-11-01 --sort -auc --json
"""


@click.command(epilog=_RUNS)
@click.option("--filter", "wanted", cls=OnceHere, metavar="TEXT", help="Those for which all of it holds.")
@click.option("--sort", "by", cls=OnceHere, metavar="FIELD", help="By a field; -FIELD the other way round.")
@click.option("--removed", cls=Here, is_flag=True, help="Those that `lrtui rm` put away.")
@click.option("--limit", cls=Once, type=Most(), metavar="N", help="So many at most.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def runs(as_json: bool, limit: int | None, wanted: str | None, by: str | None, removed: bool) -> None:
    """List the stored runs, newest first.

    A filter has terms such as lr>0.1, verdict:sick (which holds it), optimizer=adam, name!=old, and words
    that stand anywhere in the name, dataset, status, verdict, note or tags. Fields are: run, name, dataset,
    target, status, verdict, tag, note, epochs, train, test, accuracy, balanced, auc, seconds, started, and
    every hyperparameter.
    """
    rule = parse_filter(wanted or "")
    if by is not None:
        field_of(by.removeprefix("-"))
    with open_store() as store:
        settle(store)
        found = store.runs.recent(None if wanted or by else limit, removed=removed)
        verdicts = Verdicts(store.diagnoses).read(found)
        rescue = rescue_notice(store.path.parent)
        none = str(nothing_listed(store, removed=removed)) if not found else "No such run."
    found = [run for run in found if rule(run, verdicts.get(run.id))]
    found = (ordered(found, verdicts, by) if by else found)[:limit]
    if rescue is not None:
        echo(f"lrtui: {rescue}", err=True)
    if as_json:
        echo_json([summary(run, verdicts.get(run.id)) for run in found])
        return
    if not found:
        echo("No such run." if wanted else none)
        return
    glyphs = terminal_glyphs()
    rows = [run_cells(run, verdicts.get(run.id), glyphs) for run in found]
    room = shutil.get_terminal_size((UNWRAPPED, 24)).columns
    columns = [column for column in COLUMNS if column is not NAME or any(row["name"] for row in rows)]
    table = fitted(columns, rows, room, glyphs.ellipsis)
    echo(table.head)
    for row in rows:
        echo(table.line(row))
