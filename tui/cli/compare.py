"""``lrtui compare``: runs side by side."""

from __future__ import annotations

import shutil

import click

from lrtui.core.comparison import compare as compared
from lrtui.core.store.diagnoses import Verdicts
from lrtui.tui.cli import completing
from lrtui.tui.cli.printing import echo, echo_json
from lrtui.tui.cli.remarks import open_store
from lrtui.tui.cli.runs import find, settle
from lrtui.tui.cli.types import Here
from lrtui.tui.plots.lines import plain_text
from lrtui.tui.plots.overlay import overlay_frame
from lrtui.tui.render.comparison import comparison_lines
from lrtui.tui.render.glyphs import terminal_glyphs
from lrtui.tui.run_curve import curve_of

ROWS = 14  # of the plot
WIDEST = 120


@click.command(epilog="\b\nExamples:\n  lrtui compare 3 7\n  lrtui compare baseline last --json")
@click.argument("runs", nargs=-1, metavar="RUN RUN...", shell_complete=completing.runs)
@click.option("--log", cls=Here, is_flag=True, help="The losses on a logarithmic axis.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def compare(runs: tuple[str, ...], log: bool, as_json: bool) -> None:
    """Compare two to six runs: training losses, the settings in which they differ, what each reached."""
    with open_store() as store:
        settle(store)
        found = [find(store, text) for text in runs]
        comparison = compared(found, Verdicts(store.diagnoses).read(found))
        curves = [] if as_json else [curve_of(store, run) for run in comparison.runs]
    if as_json:
        echo_json(comparison.to_json())
        return
    glyphs, width = terminal_glyphs(), min(shutil.get_terminal_size((80, 24)).columns, WIDEST)
    frame = overlay_frame(curves, width=width, height=ROWS, log=log, ascii_only=glyphs.ascii_only)
    plot = [plain_text(line).rstrip() for line in frame]
    echo("\n".join([*plot, "", *comparison_lines(comparison, width, glyphs)]))
