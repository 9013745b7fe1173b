"""A sweep in words: how far it is, what stands under the cursor, which learning rate it suggests."""

from __future__ import annotations

from collections.abc import Sequence

from lrtui.core.config import brief_value, changed, knob
from lrtui.core.store import Status, Sweep
from lrtui.core.sweep.points import Point, Zone, best
from lrtui.core.sweep.points import suggested_rate as suggested_of
from lrtui.core.training.stable_rate import Smoothness
from lrtui.tui.render.numbers import clock, number, rounded_down, share
from lrtui.tui.render.suggestions import limit_text
from lrtui.tui.render.wrapping import fit


def title(sweep: Sweep) -> str:
    """``Sweep of learning rate and weight decay``."""
    return "Sweep of " + " and ".join(knob(axis.field).label for axis in sweep.plan.axes)


def progress(sweep: Sweep, room: int = 80) -> str:
    """``25 values, 40 % of all epochs, 0:03 left``, or ``25 values, 40 %, 0:03 left``."""
    many = f"{len(sweep.points):,} values"
    if sweep.status is Status.FINISHED:
        return f"{many} in {f'{sweep.seconds:.2g} s' if sweep.seconds < 10 else clock(sweep.seconds)}"
    if not sweep.status.live:
        return f"{many}, {sweep.status} at {share(sweep.progress)}"
    if not sweep.progress:
        return f"{many}, starting"
    left = sweep.seconds * (1 - sweep.progress) / sweep.progress
    whole = f"{many}, {share(sweep.progress)} of all epochs, {clock(left + 0.5)} left"
    return whole if len(whole) <= room else whole.replace(" of all epochs", "")


def values_text(point: Point) -> str:
    """``learning rate 0.5, weight decay 0``."""
    return ", ".join(
        f"{knob(name).label} {brief_value(name, value)}" for name, value in point.values.items()
    )


def point_words(point: Point) -> list[str]:
    """What became of a point, the most telling first."""
    m = point.measured
    if m is None:
        return [values_text(point), "waiting"]
    zone = str(point.zone)
    if point.diverged_at is not None:
        zone = f"diverged at epoch {point.diverged_at:,}"
    elif point.one_label:
        zone += ", one label"
    found = [
        values_text(point),
        f"loss {number(m.train_loss)} / {number(m.test_loss)}",
        zone if point.done else f"epoch {point.epoch:,}",
        f"accuracy {number(m.test_accuracy, 3)}",
        f"majority {share(m.majority_share)}",
    ]
    if m.test_auc is not None:
        found.append(f"AUC {number(m.test_auc, 3)}")
    return found


def suggested_rate(sweep: Sweep, found: Smoothness | None) -> float | None:
    """The learning rate to take, of a sweep over nothing else."""
    if [axis.field for axis in sweep.plan.axes] != ["lr"]:
        return None
    return suggested_of(sweep.points, found, sweep.plan.config)


def best_of(sweep: Sweep) -> Point | None:
    """The point with the lowest training loss so far."""
    return best([point for point in sweep.points if point.done])


def suggestion_words(sweep: Sweep, found: Smoothness | None) -> list[str]:
    """What experiment and theory say of the learning rate."""
    rate, config = suggested_rate(sweep, found), sweep.plan.config
    words = []
    if rate is not None:
        words.append(f"suggested {brief_value('lr', rate)}, by experiment")
    if found is not None and found.limit(config) is not None:
        words.append(limit_text(found, config))
        if (faster := _faster(sweep, rate)) is not None:
            proved = "" if found.allows(config, faster) else ", not proved safe"
            words.append(f"faster{proved}: {brief_value('lr', faster)}")
        if found.in_batches(config):
            whole = found.limit(changed(config, batch_size=0))
            words.append(f"full batch: stable below {rounded_down(whole or 0.0)}")
    return words


def _faster(sweep: Sweep, suggested: float | None) -> float | None:
    """The learning rate of the lowest loss, where it is a larger one that got clearly farther."""
    top = best_of(sweep)
    taken = next((p for p in sweep.points if p.values.get("lr") == suggested), None)
    if top is None or taken is None or taken.zone is Zone.GOOD or top.values["lr"] <= taken.values["lr"]:
        return None
    return float(top.values["lr"])


def in_rows(words: Sequence[str], width: int, rows: int) -> list[str]:
    """The words in so many lines, each whole; what finds no room is left out."""
    found = [""] * rows
    row = 0
    for word in words:
        if found[row] and len(found[row]) + 3 + len(word) > width:
            row += 1
            if row == rows:
                break
        found[row] = f"{found[row]}   {word}" if found[row] else fit(word, width)
    return found
