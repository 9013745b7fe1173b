"""``lrtui sweep``: one dataset under many configs, as a plot, a table, or JSON."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from lrtui.core.config import Config, brief_value, changed
from lrtui.core.errors import ConfigError
from lrtui.core.garbage import collect_again
from lrtui.core.lean_torch import import_torch
from lrtui.core.lost_folder import leave_lost_folder
from lrtui.core.results import MEASURED, finite
from lrtui.core.sweep.plan import Axis, SweepPlan, default_rates
from lrtui.core.sweep.points import Point, best, largest_good, suggested_rate, zoned
from lrtui.core.training.stable_rate import has_theory
from lrtui.datasets.memory_limit import TRAINING, check_memory
from lrtui.datasets.text import safe
from lrtui.tui.cli.completing import datasets
from lrtui.tui.cli.options import config_options, take_axes, take_values
from lrtui.tui.cli.printing import echo, echo_json
from lrtui.tui.cli.progress import Bar, Reading
from lrtui.tui.cli.proposed import with_proposed
from lrtui.tui.cli.remarks import tell
from lrtui.tui.cli.source_options import source_options, take_source
from lrtui.tui.cli.suggested import take_suggested, with_suggested
from lrtui.tui.cli.train import INTERRUPTED, TERMINATED, Signals
from lrtui.tui.plots.heat import heat_frame, heat_legend
from lrtui.tui.plots.lines import plain_text
from lrtui.tui.plots.sweep import shares_legend, sweep_frame, sweep_legend
from lrtui.tui.render.glyphs import wants_ascii
from lrtui.tui.render.numbers import counted, number, rounded_down, share

if TYPE_CHECKING:
    from lrtui.core.sweep.runner import SweepRunner
    from lrtui.core.training.stable_rate import Smoothness

ROWS = 18  # of the plot
_EPILOG = """\b
Examples:
  lrtui sweep example-scaling --lr 1e-5:10:64 --batch-size 0 --epochs 1000
  lrtui sweep breast-cancer --lr 0.001:1:7 --scaling none,standard,robust
  lrtui sweep breast-cancer --weight-decay 0,0.001,0.01,0.1
  lrtui sweep data.csv --target churned --suggest-lr --json
"""


@click.command(epilog=_EPILOG)
@click.argument("dataset", shell_complete=datasets)
@source_options
@click.option("--suggest-lr", is_flag=True, help="Suggest a learning rate, by theory and by experiment.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@config_options
def sweep(dataset: str, suggest_lr: bool, as_json: bool, **options: Any) -> int:
    """Train on DATASET under many configs at once, and compare.

    Give one or two options several values: a list (none,standard) or a range (from:to:how many, by
    equal factors for a learning rate). Without any, the learning rate is swept. No run is stored.
    """
    source = take_source(dataset, options)
    names, axes = take_suggested(options), take_axes(options)
    given = take_values(options)
    config = changed(Config(), **given)
    if axes:
        SweepPlan(source, config, axes).check()
    if suggest_lr and axes and [axis.field for axis in axes] != ["lr"]:
        raise ConfigError(
            "--suggest-lr looks for one learning rate, so nothing but --lr can have several values.",
            "Give the other options one value each.",
        )
    check_memory(*TRAINING)
    leave_lost_folder()
    import_torch()
    from lrtui.core.sweep.runner import SweepRunner
    from lrtui.core.training.problem import problem_of
    from lrtui.core.training.smoothness import smoothness
    from lrtui.datasets.loading import load

    collect_again()
    filled = {axis.field: axis.values[0] for axis in axes if axis.field == "missing"}
    with Reading(source.label) as reading:
        loaded = load(source, reading.watch)
        problem = problem_of(loaded, changed(config, **filled), watch=reading.watch)
    tell(loaded)
    swept = {axis.field for axis in axes} or {"lr"}  # which means nothing to what is proposed
    config = with_proposed(problem, config, {*given, *names, *swept}, quiet=as_json)
    config = with_suggested(problem, config, names)
    constants = smoothness(problem, config)
    axes = axes or (Axis("lr", default_rates(constants.limit(config))),)
    plan = SweepPlan(source, config, axes)
    plan.check()
    runner = SweepRunner(loaded, plan)
    with Signals.listening() as asked, Bar() as bar:

        def go_on() -> bool:
            bar.draw(runner.progress, f"{share(runner.progress)} of all epochs")
            return asked.go_on()

        runner.run(go_on)
    _tell(plan, runner, constants, only_suggested=suggest_lr, as_json=as_json)
    return 0 if runner.finished else TERMINATED if asked.put_down else INTERRUPTED


def _tell(
    plan: SweepPlan, runner: SweepRunner, constants: Smoothness, *, only_suggested: bool, as_json: bool
) -> None:
    config = plan.config
    points = zoned(runner.points, plan.axes, constants.limit(config))
    theory = _theory(constants, config, points)
    suggested = suggested_rate(points, constants, config) or constants.suggested(config)
    if as_json:
        found = _result(plan, points, runner)
        echo_json({**found, "suggested_lr": suggested, "learning_rate": theory})
        return
    if not runner.finished:
        echo(f"Stopped after {share(runner.progress)} of all epochs; this is how far it came.", err=True)
    if not only_suggested:
        echo(_report(plan, points))
    if only_suggested or [axis.field for axis in plan.axes] == ["lr"]:
        echo(_suggestion(config, constants, theory["by_experiment"], suggested))


def _theory(constants: Smoothness, config: Config, points: Sequence[Point]) -> dict[str, float | None]:
    """What smoothness says of the learning rate, and the largest that was good in the sweep."""
    return {
        "smoothness": finite(constants.full),
        "stable_below": finite(constants.limit(changed(config, batch_size=0))),
        "safe": finite(constants.most_safe(config)),
        "limit": finite(constants.limit(config)),
        "by_experiment": largest_good(points),
    }


def _result(plan: SweepPlan, points: Sequence[Point], runner: SweepRunner) -> dict[str, Any]:
    top = best([point for point in points if point.done])
    return {
        "dataset": plan.source.name,
        "target": plan.source.target,
        "positive": plan.source.positive,
        "fields": [axis.field for axis in plan.axes],
        "config": plan.config.model_dump(),
        "points": [_point(point) for point in points],
        "best": None if top is None else top.values,
        "progress": runner.progress,
        "seconds": runner.seconds,
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        **point.values,
        "epochs": point.epoch,
        "diverged_at": point.diverged_at,
        **{name: finite(getattr(point.measured, name, None)) for name in MEASURED},
        "done": point.done,
        "zone": str(point.zone),
        "one_label": point.one_label,
    }


def _report(plan: SweepPlan, points: list[Point]) -> str:
    ascii_only = wants_ascii()
    width = min(shutil.get_terminal_size().columns, 120)
    source = safe(plan.source.label)
    if len(plan.axes) == 2:
        down, across = (axis.field for axis in plan.axes)
        rows = len(plan.axes[0].values) + 1
        frame = heat_frame(points, plan.axes, width=max(width, 40), height=rows, ascii_only=ascii_only)
        head = [f"{source}: {down} (down) and {across} (across)", heat_legend(ascii_only=ascii_only)]
    else:
        axis = plan.axes[0]
        current = getattr(plan.config, axis.field)
        frame = sweep_frame(points, axis, width=width, height=ROWS, current=current, ascii_only=ascii_only)
        legend = f"{shares_legend(ascii_only=ascii_only)}\n{sweep_legend(points, ascii_only=ascii_only)}"
        head = [f"{source}: {axis.field}, {counted(len(axis.values), 'value')}", legend]
    plot = [plain_text(line).rstrip() for line in frame]
    return "\n".join([*head, "", *plot, "", *_table(plan, points)])


def _table(plan: SweepPlan, points: Sequence[Point]) -> list[str]:
    fields = [axis.field for axis in plan.axes]
    widths = {f: max(len(f), *(len(brief_value(f, p.values[f])) for p in points)) for f in fields}
    top = best([point for point in points if point.done])
    head = " ".join(f"{f:>{widths[f]}}" for f in fields)
    lines = [f"{head} {'train':>8} {'test':>8} {'acc':>6} {'majority':>9}  zone"]
    for point in points:
        values = " ".join(f"{brief_value(f, point.values[f]):>{widths[f]}}" for f in fields)
        m = point.measured
        if m is None:
            lines.append(f"{values} {'–':>8} {'–':>8} {'–':>6} {'–':>9}  waiting")
            continue
        notes = [str(point.zone)]
        if not point.done:
            notes = [f"at epoch {point.epoch:,}"]
        elif point.diverged_at is not None:
            notes.append(f"diverged at epoch {point.diverged_at:,}")
        elif point.one_label:
            notes.append("one label")
        if point is top:
            notes.append("best")
        figures = f"{number(m.train_loss):>8} {number(m.test_loss):>8} {number(m.test_accuracy, 3)[:5]:>6}"
        lines.append(f"{values} {figures} {share(m.majority_share):>9}  {', '.join(notes)}")
    return lines


def _suggestion(
    config: Config, constants: Smoothness, by_experiment: float | None, suggested: float | None
) -> str:
    def shown(value: float | None) -> str:
        return "none" if value is None else rounded_down(value, 3)

    lines = ["", f"suggested learning rate     {shown(suggested)}"]
    if by_experiment is not None:
        epochs = counted(config.epochs, "epoch")
        lines.append(
            f"  by experiment             {shown(by_experiment)}"
            f"  the largest within 1 % of the best final loss after {epochs}"
        )
        if not constants.allows(config, by_experiment):
            lines.append(f"{'':28}It got farther in so many epochs; that it is safe is not proved.")
    if not has_theory(config):
        return "\n".join([*lines, f"  Nothing is proved of {config.optimizer}: experiment speaks alone."])
    full, batch = (f"({L} + weight decay)" if config.weight_decay else L for L in ("L", "L_b"))
    share = "" if config.optimizer == "sgd" else "(1 − momentum)·"
    start = "" if config.optimizer == "sgd" else " above where it began"
    lines.append(
        f"  stable for full batches   below {shown(constants.limit(changed(config, batch_size=0)))}"
        f"  {share}2/{full}: below it the loss never rises{start}"
    )
    if constants.in_batches(config):
        safe = f"safe for batches of {config.batch_size}"
        lines.append(
            f"  {safe:<25} up to {shown(constants.limit(config))}"
            f"  {share}1/(2 {batch}), from expected smoothness"
        )
    return "\n".join(lines)
