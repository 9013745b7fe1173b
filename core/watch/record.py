"""What is said of a script, as the doctor's letter that the store keeps and every screen shows."""

from __future__ import annotations

import os

from lrtui.core.doctor import diagnosis as letter
from lrtui.core.watch.diagnosis import Said, ScriptDiagnosis
from lrtui.core.watch.scores import Scores
from lrtui.core.watch.wording import sentence, title


def as_letter(found: ScriptDiagnosis, folder: str) -> letter.Diagnosis:
    """The same in the doctor's own records; files are named as seen from ``folder``."""
    files = [os.path.relpath(path, folder) for path in found.sources]
    return letter.Diagnosis(
        status=found.status,
        verdict=found.verdict,
        single_label=found.before.one_label,
        majority_label="",
        majority_share=found.before.majority_share,
        findings=tuple(_finding(said, folder) for said in found.findings),
        ruled_out=found.ruled_out,
        fix={letter.PATCH: ", ".join(files)} if files else None,
        before=_scores(found.before),
        after=_scores(found.after) if found.after is not None else None,
        seconds=found.seconds,
        notes=(*found.notes, *_reruns(found.reruns)),
    )


def _finding(said: Said, folder: str) -> letter.Finding:
    where = said.where
    place = "" if where is None else f"{os.path.relpath(where.file, folder)}:{where.line}"
    return letter.Finding(
        cause=said.finding.cause,
        title=title(said.finding),
        sentence=sentence(said.finding),
        evidence={},
        fix={},  # that of all of them together is the patch
        proved=said.proved,
        trial=_scores(said.after) if said.proved and said.after is not None else None,
        remark=place,
    )


def _scores(found: Scores) -> letter.Scores:
    return letter.Scores(
        test_accuracy=found.accuracy,
        test_balanced_accuracy=found.balanced_accuracy,
        majority_share=found.majority_share,
    )


def _reruns(number: int) -> tuple[str, ...]:
    if not number:
        return ()
    often = "once" if number == 1 else f"{number} times"
    return (f"The script was run {often} more, in a scratch folder.",)
