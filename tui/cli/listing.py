"""``lrtui datasets`` and ``lrtui runs``: tables for people, JSON for scripts."""

from __future__ import annotations

import json
import shutil
from datetime import datetime

import click

from lrtui.core.engine.owner import is_alive
from lrtui.core.results import summary
from lrtui.core.store import Store
from lrtui.datasets.catalogue import CATALOGUE, Entry
from lrtui.datasets.text import safe
from lrtui.tui.text import clock, fit, number, share


@click.command(epilog="\b\nExample:\n  lrtui datasets --json")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def datasets(as_json: bool) -> None:
    """List the catalogue: shape, base rate, and what each dataset shows."""
    if as_json:
        click.echo(json.dumps([_entry(entry) for entry in CATALOGUE.values()]))
        return
    click.echo(f"{'name':<22} {'rows':>6} {'cols':>4} {'base':>5}  shows")
    for entry in CATALOGUE.values():
        shows = f"{entry.rows:>6,} {entry.columns:>4} {share(entry.base_rate):>5}  {entry.shows}"
        click.echo(f"{entry.name:<22} {shows}")
    click.echo(
        "\nThose that are made take parameters, such as moons:n=500,noise=0.2,seed=1."
        "\nA CSV file is given by its path, with --target COLUMN."
    )


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "name": entry.name,
        "group": entry.group,
        "shows": entry.shows,
        "rows": entry.rows,
        "columns": entry.columns,
        "base_rate": entry.base_rate,
        "parameters": {
            name: {"default": p.default, "low": p.low, "high": p.high, "help": p.help}
            for name, p in entry.parameters.items()
        },
    }


@click.command(epilog="\b\nExamples:\n  lrtui runs --limit 5\n  lrtui runs --json")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@click.option("--limit", type=click.IntRange(min=1), help="So many at most.")
def runs(as_json: bool, limit: int | None) -> None:
    """List the stored runs, newest first."""
    with Store() as store:
        store.runs.interrupt_orphans(is_alive)
        found = store.runs.recent(limit)
    if as_json:
        click.echo(json.dumps([summary(run) for run in found], allow_nan=False))
        return
    if not found:
        click.echo("No run is stored yet; lrtui train makes one.")
        return
    width = max(20, shutil.get_terminal_size().columns - 75)
    click.echo(
        f"{'run':>4} {'dataset':<{width}} {'status':<11} {'epochs':>10} {'train':>7} {'test':>7}"
        f" {'acc':>5} {'started':<16} {'time':>7}"
    )
    for run in found:
        row = summary(run)
        started = "" if run.started is None else f"{datetime.fromtimestamp(run.started):%Y-%m-%d %H:%M}"
        numbers = f"{number(row['train_loss']):>7} {number(row['test_loss']):>7}"
        accuracy = number(row["test_accuracy"], 3)[:5]
        click.echo(
            f"{run.id:>4} {fit(safe(run.source.label), width):<{width}} {run.status!s:<11}"
            f" {run.epoch:>10,} {numbers} {accuracy:>5} {started:<16} {clock(run.seconds):>7}"
        )
