"""What more training rows have brought so far, and so whether still more can be expected to help."""

from __future__ import annotations

from typing import Any

import numpy as np

from lrtui.core.doctor.figures import counted, short
from lrtui.core.inside.figures import cell, plain
from lrtui.core.inside.learning import ORDERS, SECONDS, Learning, learned
from lrtui.core.inside.record import Asked, Column, Curves, Seen, Series, Table
from lrtui.core.inside.trained import Trained
from lrtui.core.inside.view import Found, InsideView


def _look(trained: Trained, asked: Asked) -> Found:
    for found in learned(trained):
        if not found.ended:
            trained.tell(_seen(trained, found))
    return Found(_seen(trained, found), lambda: _data(found))


def _seen(trained: Trained, found: Learning) -> Seen:
    done, all_ = len(found.fits), len(found.planned)
    return Seen(
        "learning-curve",
        "",
        about=f"up to {found.rows:,} rows",
        lines=(_verdict(found),) if found.ended else (),
        parts=(_curves(found), _table(found)) if found.fits else (),
        notes=tuple(_notes(trained, found)),
        progress="" if found.ended else f"{done} of {counted(all_, 'fit')} made.",
        done=done / all_,
    )


def _verdict(found: Learning) -> str:
    """What was measured, and what can be said of it."""
    gain = found.gain
    if gain is None:
        return "There are too few rows, or there was too little time, to train on half of them as well."
    way, size = ("fell", gain.nats) if gain.nats >= 0 else ("rose", -gain.nats)
    told = f"From {gain.rows:,} to {gain.twice:,} rows the test loss {way} by {cell(size, 2)}"
    told += f", standard error {cell(gain.error, 2)}"
    if gain.helps:
        return f"{told}: it still falls, so more rows can be expected to help."
    if gain.flat:
        return f"{told}: it is flat, so more rows of this kind will hardly help this model."
    return f"{told}: whether more rows would help, so few rows do not tell."


def _means(found: Learning) -> list[tuple[int, float, float, float, int]]:
    """By size: rows, training loss, test loss, its standard deviation over the orders, and how many."""
    rows = []
    for size in found.sizes:
        if fits := found.of(size):
            tests = [fit.test_loss for fit in fits]
            spread = float(np.std(tests, ddof=1)) if len(tests) > 1 else float("nan")
            train = float(np.mean([fit.train_loss for fit in fits]))
            rows.append((size, train, float(np.mean(tests)), spread, len(fits)))
    return rows


def _curves(found: Learning) -> Curves:
    means = _means(found)
    train = tuple((float(size), loss) for size, loss, *_ in means)
    test = tuple((float(size), loss) for size, _, loss, *_ in means)
    series = (
        Series("", test, faint=True),
        Series("train", train),
        Series("test", test, mark="o"),
    )
    ends = float(found.sizes[0]), float(found.sizes[-1])
    return Curves("training rows", "loss", series, ends, log=True)


def _table(found: Learning) -> Table:
    heads = ("rows", "train loss", "test loss", "sd by order", "orders")
    rows = tuple(
        (f"{size:,}", cell(train), cell(test), cell(spread, 2), str(orders))
        for size, train, test, spread, orders in _means(found)
    )
    return Table(tuple(Column(head) for head in heads), rows)


def _notes(trained: Trained, found: Learning) -> list[str]:
    notes = [
        f"Each fit is the best linear model of its rows, by Newton's method, with a ridge of "
        f"{found.ridge:g}, in {ORDERS} random orders of the rows, with the classes in their shares."
    ]
    if found.rows < found.whole:
        notes.append(f"Of {found.whole:,} training rows {found.rows:,} are the most that is tried.")
    if found.ended and found.left:
        notes.append(f"After {short(SECONDS)} seconds {counted(len(found.left), 'fit')} were not made.")
    _, weights = trained.row_weights
    losses = trained.test_losses if weights is None else trained.test_losses * weights
    notes.append(f"The test loss of this run is {cell(float(losses.mean()))}.")
    return notes


def _data(found: Learning) -> dict[str, Any]:
    gain = found.gain
    names = ("rows", "train_loss", "test_loss", "test_loss_spread", "orders")
    last = None
    if gain is not None:
        verdict = "helps" if gain.helps else "flat" if gain.flat else "open"
        sizes = {"from": gain.rows, "to": gain.twice}
        last = {**sizes, "nats": gain.nats, "error": gain.error, "verdict": verdict}
    result: dict[str, Any] = plain(
        {
            "training_rows": found.whole,
            "ridge": found.ridge,
            "sizes": [dict(zip(names, one, strict=True)) for one in _means(found)],
            "last_doubling": last,
            "fits_left_out": len(found.left),
        }
    )
    return result


LEARNING_CURVE = InsideView("learning-curve", "Learning curve", 8, _look, follows=False)
