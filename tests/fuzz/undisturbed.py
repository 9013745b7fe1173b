"""The run that would have been: the same config, seed and changes, trained in one piece without a store."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from lrtui.core.config import Change, Config, changed
from lrtui.core.engine.dataset_cache import DatasetCache
from lrtui.core.store import Store
from lrtui.core.training.device import use_threads
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.source import Source


@dataclass
class Trace:
    """All that a run leaves behind, its measurements apart: those follow from the weights."""

    losses: bytes = b""
    snapshots: dict[int, tuple[bytes, float]] = field(default_factory=dict)  # weights and bias by epoch
    changes: list[Change] = field(default_factory=list)


def stored(run_id: int) -> Trace:
    """What the store holds of a run."""
    with Store() as store:
        losses = array("f")
        for chunk in store.losses.read(run_id):
            losses.extend(chunk.values)
        rows = store.history.snapshots(run_id)
        found = {row.epoch: (row.weights.tobytes(), row.bias) for row in rows}
        return Trace(losses.tobytes(), found, store.history.changes(run_id))


def trained(dataset: str, values: dict[str, Any], changes: list[Change]) -> Trace:
    """What it should hold: trained here, with the same changes after the same epochs."""
    config = changed(Config(), **values)
    trainer = Trainer(DatasetCache().problem(Source(dataset), config), config)
    use_threads(trainer.threads)
    losses, marks = array("f"), []

    def advance(epochs: int | None) -> None:
        losses.extend(trainer.advance(epochs=epochs))
        marks.extend(trainer.snapshots())

    for epoch, group in groupby(changes, key=lambda change: change.epoch):
        if epoch > trainer.epoch:
            advance(epoch - trainer.epoch)
        for change in group:  # two at once are two changes as well, as far as the weights go
            trainer.change(**{change.field: change.new})
    while not trainer.finished:
        advance(None)
    marks.append(trainer.snapshot())
    found = {m.measurement.epoch: (array("f", m.weights).tobytes(), m.bias) for m in marks}
    return Trace(losses.tobytes(), found, list(trainer.changes))


def differences(kept: Trace, whole: Trace) -> list[str]:
    """What is there in both and not the same, bit by bit; nothing where all is."""
    found = []
    if kept.changes != whole.changes:
        found.append(f"changes {kept.changes} are not {whole.changes}")
    if kept.losses != whole.losses:
        same = next(
            (n for n, (a, b) in enumerate(zip(_floats(kept), _floats(whole), strict=False)) if a != b),
            "end",
        )
        found.append(f"losses: {len(kept.losses) // 4} of {len(whole.losses) // 4}, another from {same} on")
    odd = [e for e, state in kept.snapshots.items() if whole.snapshots.get(e) != state]
    if odd:
        found.append(f"other weights at epochs {odd[:9]}")
    return found


def _floats(trace: Trace) -> array[int]:
    return array("I", trace.losses)  # as bits: NaN is the same as itself
