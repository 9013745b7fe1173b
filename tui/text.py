"""Numbers and outside text as the screen shows them; room is counted in columns, not characters."""

from __future__ import annotations

from math import floor, isfinite, log10

from lrtui.core.store import ProblemFacts, Run
from lrtui.core.training.measurement import Measurement
from lrtui.datasets.text import safe, width

MOST = 7  # columns of a number
LONGEST = 1e9  # seconds: thirty years
NAME = 40  # columns of the name of a class in a sentence


def number(value: float | None, digits: int = 4) -> str:
    """A loss or a norm in at most 7 columns: scientific where it is not of ordinary size."""
    if value is None:
        return "–"
    if not isfinite(value):
        return "inf" if value > 0 else "-inf" if value < 0 else "nan"
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:.{digits}f}"[: max(digits + 2, 6)].rstrip(".")
    text = f"{value:.1e}"
    return text if len(text) <= MOST else f"{value:.0e}"


def rounded_down(value: float, digits: int = 2) -> str:
    """So many digits, never more than the value: what is said to be stable must be."""
    if value <= 0 or not isfinite(value):
        return f"{value:g}"
    unit = 10.0 ** (floor(log10(value)) - digits + 1)
    return f"{floor(value / unit * (1 + 1e-12)) * unit:.{digits}g}"


def counted(number: int, word: str) -> str:
    """``1 epoch``, ``2,000 epochs``."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def share(value: float | None) -> str:
    """A share in percent, whole but for the ends: 99.6 % is not 100 %."""
    if value is None:
        return "–"
    percent = 100 * value
    if not abs(percent) < 1e4:  # no share at all, but it is shown
        return f"{number(percent)} %"
    whole = round(percent)
    if whole in (0, 100) and percent not in (0.0, 100.0):
        return f"{percent:.1f} %" if 0.05 <= percent < 99.95 else ("<0.1 %" if percent < 1 else ">99.9 %")
    return f"{whole} %"


def clock(seconds: float) -> str:
    """Minutes and seconds, with hours where there are any; a dash where that is no time."""
    if not 0 <= seconds < LONGEST:
        return "–"
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def speed(run: Run) -> str:
    """Epochs per second of a run."""
    found = run.epochs_per_second
    return "–" if found is None else pace(found)


def pace(per_second: float) -> str:
    """A speed with as many digits as tell something: ``41,000``, ``3.2``, ``0.064``."""
    return f"{per_second:,.0f}" if 10 <= per_second < 1e10 else f"{per_second:.2g}"


def majority(measurement: Measurement, problem: ProblemFacts | None = None) -> str:
    """The commonest prediction in words: ``97 % of the test rows are predicted 0``."""
    label = label_name(measurement, problem)
    if measurement.majority_share >= 1:
        return f"every test row is predicted {label}"
    return f"{share(measurement.majority_share)} of the test rows are predicted {label}"


def label_name(measurement: Measurement, problem: ProblemFacts | None) -> str:
    """The commonest prediction: its number of two classes, its name of more."""
    label = measurement.majority_label
    if problem is None or problem.classes <= 2:
        return str(label)
    return safe(problem.class_names[label], NAME)


def fit(text: str, room: int, ellipsis: str = "…") -> str:
    """The text in at most ``room`` columns, cut at a word where it can be."""
    if width(text) <= room:
        return text
    if room <= len(ellipsis):
        return cut(text, room)
    kept = cut(text, room - len(ellipsis))
    if " " in kept and not text[len(kept)].isspace():
        shorter = kept.rsplit(" ", 1)[0]
        kept = shorter if width(shorter) > room // 2 else kept
    return kept.rstrip() + ellipsis


def cut(text: str, room: int) -> str:
    """As much of the start of a text as ``room`` columns hold; a wide character is not halved."""
    if text.isascii():
        return text[: max(room, 0)]
    for end, character in enumerate(text):
        room -= width(character)
        if room < 0:
            return text[:end]
    return text


def pad(text: str, room: int, *, right: bool = False) -> str:
    """The text with blanks after it up to ``room`` columns, or with ``right`` before it."""
    blanks = " " * (room - width(text))
    return blanks + text if right else text + blanks


def in_lines(text: str, room: int, most: int, ellipsis: str = "…") -> str:
    """The text in at most ``most`` lines of ``room`` columns; what is left out is marked."""
    lines = wrapped(text, max(room, 2))
    if len(lines) > most:
        rest = " ".join(line.strip() for line in lines[most - 1 :])
        lines = [*lines[: most - 1], fit(rest, room, ellipsis)]
    return "\n".join(lines)


def wrapped(text: str, room: int, first: str = "", then: str | None = None) -> list[str]:
    """Lines of at most ``room`` columns, broken between words where that can be.

    The first begins with ``first``, the others with ``then``, which is ``first`` where it is not given.
    """
    then = first if then is None else then
    found: list[str] = []
    line = indent = first
    for word in text.split(" "):
        gap = "" if line == indent else " "
        if width(line) + len(gap) + width(word) <= room:
            line += gap + word
            continue
        if line != indent:
            found.append(line)
            indent = then
        while width(word) > (space := max(room - len(indent), 2)):
            part = cut(word, space)
            found.append(indent + part)
            indent, word = then, word[len(part) :]
        line = indent + word
    return [*found, line]
