"""A run that its patience ended before it had learned what it could."""

from __future__ import annotations

from lrtui.core.doctor.case import Case
from lrtui.core.doctor.cause import Setting, Stage
from lrtui.core.doctor.diagnosis import Values
from lrtui.core.doctor.figures import HEALED, Evidence, counted, finite, short

LONGER = (10, 50)  # epochs of patience to try, before none at all
FEW = 100  # rows, whose loss hangs on one or two of them


class _StoppedTooEarly(Setting):
    def evidence(self, case: Case) -> Evidence:
        problem = case.analysis.problem
        watched = problem.y_test if problem.validation is None else problem.validation.y
        return finite(patience=case.config.patience, epochs_done=case.epochs, rows_watched=len(watched))

    def cleared(self, case: Case, evidence: Evidence) -> str | None:
        if case.config.patience == 0:
            return "No patience is set, so nothing ends the run before its last epoch."
        if case.epochs == case.config.epochs:
            return "Patience did not end the run: all its epochs were done."
        return None

    def changes(self, case: Case) -> list[Values]:
        longer = [{"patience": epochs} for epochs in LONGER if epochs > case.config.patience]
        return [*longer, {"patience": 0}]

    def sentence(self, case: Case, evidence: Evidence, fix: Values) -> str:
        rows = int(evidence["rows_watched"])
        little = ", and so few say little" if rows < FEW else ""
        way = f"a patience of {short(fix['patience'])}" if fix["patience"] else "no early stop"
        return (
            f"The run was ended after {counted(case.epochs, 'epoch')} of {short(case.config.epochs)}: for "
            f"{counted(case.config.patience, 'epoch')} the loss of the {counted(rows, 'row')} that "
            f"{'is' if rows == 1 else 'are'} watched did not fall{little}. With {way} {HEALED}."
        )


STOPPED_TOO_EARLY = _StoppedTooEarly("stopped-too-early", "Stopped too early", Stage.TRAINING, rank=15)
