"""What is kept of a watched script: how it ended, and what its model answers, in lrtui's own records."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from lrtui.core.store import Failure, ProblemFacts, Status
from lrtui.core.store.scripts import Asked
from lrtui.core.training.measurement import Measurement
from lrtui.core.watch.measured import of_batch
from lrtui.core.watch.observation import Observation
from lrtui.core.watch.rules.activations import OF_LOGITS, SIGMOIDS
from lrtui.core.watch.rules.seen import LOSSES
from lrtui.datasets.text import safe

SAYS = "What it printed says more."


def ending_of(seen: Observation, asked: Asked, *, stopped: bool) -> tuple[Status, Failure]:
    """The status of a script that is over, and how it ended; what to do about it where it died."""
    name, after = safe(os.path.basename(asked.name)), f"after {seen.seconds:.1f} s"
    if seen.stopped == "limit":
        return Status.STOPPED, Failure("Script", f"{name} did not end, and was ended {after}.", "")
    if stopped or seen.stopped:
        return Status.STOPPED, Failure("Script", f"{name} was stopped {after}.", "")
    error = next((one for one in seen.by_kind.get("exception", []) if not one["thread"]), None)
    if error is not None and error["type"] != "SystemExit":
        where = f" in line {error['place'][1]}" if error.get("place") else ""
        first = safe((str(error["text"]).splitlines() or [""])[0])
        said = f"{name} ended with {safe(error['type'])}{where}{': ' if first else ''}{first.rstrip('.')}."
        return Status.FAILED, Failure("Script", said, SAYS)
    if seen.code is not None and seen.code < 0:
        known = -seen.code in [number.value for number in signal.Signals]
        by = signal.Signals(-seen.code).name if known else f"signal {-seen.code}"
        return Status.FAILED, Failure("Script", f"{name} was killed by {by} {after}.", SAYS)
    if seen.code:
        return Status.FAILED, Failure("Script", f"{name} ended with exit code {seen.code} {after}.", SAYS)
    return Status.FINISHED, Failure("Script", f"{name} ended well {after}.", "")


def columns_of(found: Measurement) -> dict[str, Any]:
    """The columns of a run for what was measured."""
    rows = [sum(row) for row in found.table]
    many = len(rows) > 2
    facts = ProblemFacts(
        train_rows=sum(rows),
        test_rows=sum(rows),
        train_positive=rows[1],
        test_positive=rows[1],
        features=0,
        class_names=[str(label) for label in range(len(rows))],
        device="cpu",
        threads=0,
        train_counts=rows if many else None,
        test_counts=rows if many else None,
        part="seen",
    )
    return {"measured": found.to_json(), "problem": facts}


class LiveAnswers:
    """What the model answers for a batch that it is trained on, while the script runs."""

    def __init__(self) -> None:
        self._output: Any = None
        self._targets: dict[int, Any] = {}
        self._loss = ""
        self._logits = False  # the sigmoid of what the model gives is taken behind it
        self._pair: tuple[Any, Any] | None = None
        self._newest: Measurement | None = None

    def hear(self, frame: Mapping[str, Any]) -> None:
        """A frame."""
        kind = frame["kind"]
        if kind == "op" and frame["name"] in LOSSES:
            self._loss = frame["name"]
            self._logits |= self._loss in OF_LOGITS
        elif kind == "op" and frame["name"] in SIGMOIDS:
            self._logits |= not any(entry[0] == "model" for entry in frame["within"])
        elif kind == "sample":
            self._output = frame["array"]
        elif kind == "values" and frame["use"] == "target":
            self._targets[frame["id"]] = frame["array"]
        elif kind == "backward":
            found = [self._targets[number] for number in frame["targets"] if number in self._targets]
            if found and self._output is not None and found[0].size == len(self._output):
                self._pair = self._output, found[0].ravel()

    def measured(self, epoch: int, losses: Sequence[float]) -> Measurement | None:
        """The numbers of the newest batch, once, or what they were with the newest of the losses."""
        pair, self._pair = self._pair, None
        if pair is not None:
            with suppress(ArithmeticError, LookupError, TypeError, ValueError):  # outputs of any kind
                self._newest = of_batch(*pair, self._loss, epoch, logits=self._logits)
        if self._newest is None or not losses:
            return None
        self._newest = replace(self._newest, epoch=epoch, train_loss=losses[-1])
        return self._newest
