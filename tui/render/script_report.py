"""A watched script in plain words, as ``lrtui show`` prints it."""

from __future__ import annotations

from lrtui.core.store import Diagnosed, Run, Script
from lrtui.core.training.measurement import Measurement
from lrtui.datasets.text import safe
from lrtui.tui.render import classes
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.labels import called, label_lines
from lrtui.tui.render.numbers import clock, counted, number
from lrtui.tui.render.wrapping import wrapped

WIDTH = 100
OUTPUT = 20  # last lines of what it printed


def script_report(run: Run, script: Script | None, told: Diagnosed | None, glyphs: Glyphs) -> str:
    """What became of it, what the doctor says, the patch, and what it printed last."""
    steps = f"{counted(run.epoch, 'step')} in {clock(run.seconds)}"
    lines = [f"{called(run, glyphs)}: {safe(run.source.label)}, {run.status} after {steps}"]
    lines += label_lines(run, glyphs)
    if script is not None and script.progress.ending:
        lines.append(f"  {safe(script.progress.ending)}")
    if run.measured is not None:
        found = Measurement.from_json(run.measured)
        said = classes.majority(found, run.problem) + classes.base_rate(run.problem, found)
        lines += [
            f"  accuracy           {number(found.test_accuracy, 3)}",
            f"  balanced accuracy  {number(found.test_balanced_accuracy, 3)}",
            f"  predictions        {said}",
        ]
    if told is not None and told.failure is not None:
        lines += ["", *wrapped(safe(told.failure, 2000), WIDTH)]
    if told is not None and told.letter is not None:
        lines += ["", *wrapped(safe(told.letter.verdict, 2000), WIDTH)]
        for finding in told.letter.findings:
            proved = "proved" if finding.proved else "not proved"
            lines += ["", f"{finding.title} ({proved}), {safe(finding.remark)}"]
            lines += wrapped(safe(finding.sentence, 2000), WIDTH, "  ")
    if script is not None and script.patch is not None:
        applied = " (applied)" if script.patch.kept else ""
        lines += ["", f"the patch{applied}", *(safe(line) for line in script.patch.diff.splitlines())]
    if script is not None and script.output:
        shown = (safe(line) for line in script.output[-OUTPUT:])
        lines += ["", "what it printed last", *(f"  {line}" for line in shown)]
    return "\n".join(lines)
