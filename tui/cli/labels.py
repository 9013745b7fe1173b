"""``lrtui note`` and ``lrtui rm``: what people write on runs, and which they want to see no more."""

from __future__ import annotations

from dataclasses import replace

import click

from lrtui.core.errors import ConfigError, StoreError
from lrtui.core.run_filter import parse_filter
from lrtui.core.store import Run, Store
from lrtui.core.store.diagnoses import Verdicts
from lrtui.core.store.labels import labels_of
from lrtui.datasets.text import safe
from lrtui.tui.cli import completing
from lrtui.tui.cli.printing import echo, echo_json
from lrtui.tui.cli.remarks import open_store
from lrtui.tui.cli.runs import find, settle
from lrtui.tui.cli.types import Here, OnceHere
from lrtui.tui.render.glyphs import terminal_glyphs
from lrtui.tui.render.labels import called, label_lines

_NOTE = """\b
Examples:
  lrtui note 12 "the learning rate of the paper" --name baseline
  lrtui note baseline --tag paper --tag slow
  lrtui note last ""                           takes the note away
"""
_RM = """\b
Examples:
  lrtui rm 12 13
  lrtui rm --filter 'status:failed'
  lrtui rm --undo 12
"""


@click.command(epilog=_NOTE)
@click.argument("run", shell_complete=completing.runs)
@click.argument("text", required=False)
@click.option("--name", cls=OnceHere, metavar="NAME", help="Call the run so; '' takes the name away.")
@click.option("--tag", "tags", cls=Here, multiple=True, metavar="TAG", help="Put a tag on it; repeatable.")
@click.option("--untag", "gone", cls=Here, multiple=True, metavar="TAG", help="Take a tag off; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print the name, the note and the tags as JSON.")
def note(
    run: str,
    text: str | None,
    name: str | None,
    tags: tuple[str, ...],
    gone: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write TEXT on RUN, or give it a name or tags; without any of them, tell what stands there."""
    with open_store() as store:
        settle(store)
        found = find(store, run)
        had = found.labels
        if missing := [tag for tag in gone if tag not in had.tags]:
            raise StoreError(
                f"Run {found.id} has no tag {safe(missing[0])}.", f"lrtui note {found.id} tells them."
            )
        kept = [*(tag for tag in had.tags if tag not in gone), *tags]
        labels = labels_of(had.name if name is None else name, had.note if text is None else text, kept)
        if labels != had:
            store.labels.set(found.id, labels)
    if as_json:
        echo_json({"run_id": found.id, **labels.to_dict()})
    else:
        told, glyphs = replace(found, labels=labels), terminal_glyphs()
        lines = label_lines(told, glyphs)
        echo("\n".join([f"{called(told, glyphs)}: {safe(told.source.label)}, {told.status}", *lines]))


@click.command(epilog=_RM)
@click.argument("runs", nargs=-1, metavar="[RUN]...", shell_complete=completing.runs)
@click.option(
    "--filter",
    "wanted",
    cls=OnceHere,
    metavar="TEXT",
    help="Those of which it holds.",
)
@click.option("--undo", cls=Here, is_flag=True, help="Bring back what was put away.")
def rm(runs: tuple[str, ...], wanted: str | None, undo: bool) -> None:
    """Put each RUN away: no list has it any more, and a week later it is gone for good.

    Until then `lrtui runs --removed` lists them, and --undo brings them back. A run that goes on is left.
    """
    if not runs and not (wanted or "").replace('"', "").strip():  # no term at all would be all runs
        raise ConfigError(
            "rm needs a run, or a filter.", "Give a number from lrtui runs, or --filter TEXT."
        )
    with open_store() as store:
        settle(store)
        found = [find(store, text, removed=undo) for text in runs]
        found += _that_fit(store, wanted, removed=undo) if wanted else []
        found = list({run.id: run for run in found}.values())
        if live := [run for run in found if run.status.live and not undo]:
            raise StoreError(
                f"Run {live[0].id} is {live[0].status}, so nothing was put away.", "Stop it first."
            )
        if undo:
            store.labels.bring_back([run.id for run in found])
        else:
            store.labels.put_away([run.id for run in found])
    if not found:
        echo("No such run.")
        return
    which = ("Run " if len(found) == 1 else "Runs ") + ", ".join(str(run.id) for run in found)
    is_or_are, it_or_them = ("is", "it") if len(found) == 1 else ("are", "them")
    if undo:
        echo(f"{which} {is_or_are} listed again.")
        return
    ids = " ".join(str(run.id) for run in found)
    back = f"lrtui rm --undo {ids} brings {it_or_them} back."
    echo(f"{which} {is_or_are} put away for a week, then gone. {back}")


def _that_fit(store: Store, wanted: str, *, removed: bool) -> list[Run]:
    rule, found = parse_filter(wanted), store.runs.recent(removed=removed)
    verdicts = Verdicts(store.diagnoses).read(found)
    return [run for run in found if rule(run, verdicts.get(run.id))]
