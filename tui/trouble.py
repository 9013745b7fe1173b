"""What is wrong with a run, in one sentence for the banner. The doctor will say why."""

from __future__ import annotations

from lrtui.core.store import ProblemFacts, Run, Status
from lrtui.core.training.measurement import Measurement
from lrtui.tui.text import majority, share


def trouble(run: Run, measurement: Measurement | None, *, again: str | None = None) -> str | None:
    """The sentence for the banner, or ``None`` where nothing is wrong.

    ``again`` says how an interrupted run is taken up, where that is not done by a key.
    """
    if run.status is Status.FAILED and run.failure is not None:
        return f"{run.failure.what} {run.failure.fix}"
    if run.diverged_at is not None:
        stopped = " and stopped" if run.config.stop_on_divergence and not run.status.live else ""
        epoch = f"{run.diverged_at:,}"
        return f"Diverged{stopped} at epoch {epoch}: the training loss was no longer a finite number."
    if run.status is Status.INTERRUPTED:
        how = again or ("Space resumes it." if run.resumable else "Space starts it anew.")
        return f"Run {run.id} was interrupted at epoch {run.epoch:,}. {how}"
    if measurement is not None and run.epoch > 0 and measurement.one_label:
        said = majority(measurement)
        return f"{said[0].upper()}{said[1:]}{base_rate(run.problem)}."
    return None


def base_rate(problem: ProblemFacts | None) -> str:
    """How many of the test rows are 1, as the end of a sentence about predictions."""
    if problem is None or not problem.test_rows:
        return ""
    return f"; {share(problem.test_positive / problem.test_rows)} of them are 1"
