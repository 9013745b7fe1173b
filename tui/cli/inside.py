"""``lrtui inside`` and ``lrtui rows``: a view of a stored run, as a page or as JSON."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import click

from lrtui.core.config.text import parse_value
from lrtui.core.errors import ConfigError
from lrtui.core.garbage import collect_again
from lrtui.core.inside.names import check_view, view_names
from lrtui.core.inside.record import Asked, Seen
from lrtui.core.lost_folder import leave_lost_folder
from lrtui.core.store.messages import LookInside
from lrtui.datasets.progress import Cancelled
from lrtui.tui.cli.completing import runs, views
from lrtui.tui.cli.printing import echo, echo_json
from lrtui.tui.cli.remarks import open_store
from lrtui.tui.cli.runs import find, settle
from lrtui.tui.cli.train import INTERRUPTED, TERMINATED, Signals
from lrtui.tui.cli.types import Epoch, Here, Most, OnceHere
from lrtui.tui.plots.inside import inside_page
from lrtui.tui.render.glyphs import terminal_glyphs
from lrtui.tui.render.wrapping import plain

if TYPE_CHECKING:
    from lrtui.core.inside.view import Found

ROWS = 24  # of a plot and what stands above it
WIDEST, NARROWEST = 140, 40
SHOWN = 20  # rows of data
FIRST = "coefficients"


@click.command(
    epilog=f"""\b
Views: {", ".join(view_names())}.

\b
Examples:
  lrtui inside 12
  lrtui inside last roc --threshold 0.3
  lrtui inside 12 boundary --features "mean radius,mean texture"
  lrtui inside 12 coefficients --json
"""
)
@click.argument("run", shell_complete=runs)
@click.argument("view", required=False, default=FIRST, shell_complete=views)
@click.option("--class", "class_", cls=OnceHere, metavar="NAME", help="The class that is told, of many.")
@click.option("--threshold", cls=OnceHere, metavar="VALUE", help="Another threshold than the run's.")
@click.option("--features", cls=OnceHere, metavar="A,B", help="The columns of a decision boundary.")
@click.option("--epoch", cls=OnceHere, type=Epoch(), metavar="N", help="An earlier snapshot of the run.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as one JSON object.")
def inside(
    run: str,
    view: str,
    class_: str | None,
    threshold: str | None,
    features: str | None,
    epoch: int | None,
    as_json: bool,
) -> int:
    """Look inside RUN: its coefficients, or another VIEW. RUN is a number, a name, or `last`."""
    check_view(view)
    names = () if features is None else columns_of(features)
    at = None if threshold is None else parse_value("threshold", threshold)
    asked = Asked(at, class_, names, limit=SHOWN)
    return _shown(run, view, asked, epoch, as_json=as_json)


@click.command(
    epilog="""\b
Examples:
  lrtui rows last --wrong
  lrtui rows 12 --wrong --limit 50 --json
"""
)
@click.argument("run", shell_complete=runs)
@click.option("--wrong", cls=Here, is_flag=True, help="The most wrong first, not the first of the file.")
@click.option("--limit", cls=OnceHere, type=Most(), metavar="N", help="So many at most.  [default: 20]")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as one JSON object.")
def rows(run: str, wrong: bool, limit: int | None, as_json: bool) -> int:
    """Show test rows of RUN with their predictions and the cells of the file."""
    return _shown(run, "rows", Asked(wrong=wrong, limit=limit or SHOWN), None, as_json=as_json)


def columns_of(text: str) -> tuple[int | str, ...]:
    """The columns that a person names: with a comma between them, or quotes as in CSV where a name has one.

    Raises:
        ConfigError: there are not one or two.
    """
    import csv  # rarely needed

    names = [name.strip() for name in next(csv.reader([text], skipinitialspace=True), [])]
    if not 1 <= len(names) <= 2 or not all(names):
        raise ConfigError("--features takes the names of one or two columns.", "Write them as in A,B.")
    return tuple(names)


def _shown(run: str, view: str, asked: Asked, epoch: int | None, *, as_json: bool) -> int:
    """Look, and print."""
    leave_lost_folder()
    with Signals.listening() as signals:
        try:
            found = _found(run, view, asked, epoch, signals)
        except Cancelled:
            return TERMINATED if signals.put_down else INTERRUPTED
    if as_json:
        seen = found.seen
        head: dict[str, Any] = {"run_id": seen.run, "epoch": seen.epoch, "view": seen.view}
        echo_json(head | found.data())
        return 0
    glyphs = terminal_glyphs()
    size = shutil.get_terminal_size((100, ROWS))
    width = max(NARROWEST, min(size.columns, WIDEST))
    about = f": {found.seen.about}" if found.seen.about else ""
    head_line = (
        f"run {found.seen.run}, epoch {found.seen.epoch:,}{glyphs.dash}{found.seen.title.lower()}{about}"
    )
    page = inside_page(found.seen, width, max(min(size.lines, ROWS) - 2, 10), glyphs)
    echo("\n".join([glyphs.safe(head_line, width), *(plain(line).rstrip() for line in page)]))
    return 0


def _found(run: str, view: str, asked: Asked, epoch: int | None, signals: Signals) -> Found:
    from lrtui.tui.cli.progress import Reading

    with open_store() as store:
        settle(store)
        number = find(store, run).id
        from lrtui.core.engine.inside_request import stored_request
        from lrtui.core.inside.looking import check_heeded, look

        collect_again()
        request = stored_request(store, LookInside(number, view, asked, epoch))
    with Reading(request.run.source.label, go_on=signals.go_on) as reading:
        trained = request.trained(reading.watch)
        check_heeded(view, asked, binary=trained.binary)

        def tell(seen: Seen) -> None:
            reading.draw(seen.done, seen.title.lower(), seen.progress)

        return look(trained, view, asked, number, tell)
