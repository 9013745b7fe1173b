"""What is said of a script, as a letter in plain words."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from lrtui.core.doctor.diagnosis import Health
from lrtui.core.watch.diagnosis import Said, ScriptDiagnosis
from lrtui.core.watch.doctor import COUNTED
from lrtui.core.watch.finding import Place
from lrtui.core.watch.wording import sentence, title
from lrtui.datasets.text import safe
from lrtui.tui.cli.printing import page_width
from lrtui.tui.render.wrapping import wrapped

LONGEST = 10_000
HEADS = {
    Health.HEALTHY: "Healthy",
    Health.IMPROVABLE: "Fine labels, poor probabilities",
    Health.SICK: "Sick",
    Health.UNLEARNABLE: "Not learnable by any setting",
    Health.CANNOT_TELL: "Cannot tell",
}
MISCOUNTED = "The model is well; what is made of its answers is not"


def in_file(place: Place) -> str:
    """Where a place is, as a path from here and a line."""
    return f"{os.path.relpath(place.file)}:{place.line}"


def script_letter(shown: str, found: ScriptDiagnosis, *, named: Callable[[Place], str] = in_file) -> str:
    """The whole letter, wrapped to the terminal; places are ``named`` as people know them."""
    return "\n".join(line.rstrip() for line in _lines(shown, found, page_width(), named))


def _head(found: ScriptDiagnosis) -> str:
    miscounted = found.findings and {said.finding.cause for said in found.findings} <= COUNTED
    return MISCOUNTED if miscounted else HEADS[found.status]


def _text(text: str, width: int, first: str = "", then: str | None = None) -> list[str]:
    return wrapped(safe(text, LONGEST), width, first, then)


def _lines(shown: str, found: ScriptDiagnosis, width: int, named: Callable[[Place], str]) -> Iterator[str]:
    yield ""
    yield from _text(f"{shown}: {_head(found)}", width)
    yield ""
    yield from _text(found.verdict, width)
    for number, said in enumerate(found.findings, 1):
        yield ""
        yield from _finding(number, said, width, named)
    if found.ruled_out:
        yield ""
        yield "Looked at, and not named"
        for entry in found.ruled_out:
            yield from _text(f"{entry.cause}: {entry.why}", width, "  ", "    ")
    if found.patch:
        yield ""
        yield "The whole patch (--diff prints it alone, --apply applies it)"
        yield from (safe(line, LONGEST) for line in found.patch.splitlines())
    for note in found.notes:
        yield ""
        yield from _text(note, width)
    yield ""
    runs = f"{found.reruns} second run{'' if found.reruns == 1 else 's'}"
    yield from _text(f"The doctor took {found.seconds:.1f} s and {runs}.", width)


def _finding(number: int, said: Said, width: int, named: Callable[[Place], str]) -> Iterator[str]:
    standing = " (proved by running it again)" if said.proved else " (not proved)"
    yield from _text(f"{number}. {title(said.finding)}{standing}", width, "", "   ")
    if said.where is not None:
        yield from _text(named(said.where), width, "   ")
    yield from _text(sentence(said.finding), width, "   ")
    before, after = said.before, said.after
    if said.proved and before and after and after.balanced_accuracy is not None:
        was = "-" if before.balanced_accuracy is None else f"{before.balanced_accuracy:.2f}"
        yield from _text(
            f"Balanced accuracy with that alone changed: {was} -> {after.balanced_accuracy:.2f}.",
            width,
            "   ",
        )
