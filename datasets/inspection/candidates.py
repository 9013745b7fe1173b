"""Which column may be the target, with reasons: by its values, its name, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lrtui.datasets.inspection.record import Candidate, Facts
from lrtui.datasets.text import safe

MOST = 8  # candidates
MOST_CLASSES = 50  # of a target that is told apart value by value
SURE = frozenset(
    {
        "target", "label", "labels", "class", "classes", "y", "outcome", "response"
    }
)  # fmt: skip
LIKELY = frozenset(
    {
        "survived", "survival", "churn", "churned", "default", "defaulted", "fraud", "spam",
        "diagnosis", "attrition", "converted", "conversion", "clicked", "click", "purchased",
        "bought", "subscribed", "approved", "readmitted", "cancelled", "canceled", "died", "dead",
        "death", "failed", "failure", "success", "won", "result", "species", "income", "variety",
        "category", "status", "exited", "left", "quality"
    }
)  # fmt: skip
TWO, SEVERAL, CUT = 3.0, 1.0, 0.2
NAMED, ALIKE, LAST, FIRST, TOLD, GAPS = 3.0, 1.5, 1.0, 0.3, 10.0, -1.0


def candidates(columns: Sequence[Facts], *, rows: int, told: str | None = None) -> tuple[Candidate, ...]:
    """The columns that may be the target, the likeliest first.

    ``rows`` are those that were looked at; ``told`` is the column that the format itself calls the target.
    """
    found = []
    for place, facts in enumerate(columns):
        judged = _judged(facts, rows, first=place == 0, last=place == len(columns) - 1, told=told)
        if judged is not None:
            found.append(judged)
    found.sort(key=lambda candidate: -candidate.score)
    return tuple(found[:MOST])


def _judged(facts: Facts, rows: int, *, first: bool, last: bool, told: str | None) -> Candidate | None:
    named = _named(facts.name)
    score, reasons = named, list[str]()
    if named:
        likely = f"a name with a likely word ({safe(facts.name, 40)})"
        reasons.append("its name" if named >= NAMED else likely)
    if facts.name == told:
        score += TOLD
        reasons.insert(0, "the file calls it the target")
    if facts.distinct < 2 or facts.kind in ("constant", "date"):
        return None
    if facts.distinct == 2:
        score += TWO
        reasons.append("two values")
    elif facts.distinct <= min(MOST_CLASSES, max(rows // 10, 3)) and facts.kind in ("category", "number"):
        score += SEVERAL if facts.kind == "category" else CUT  # small numbers are mostly counts
        reasons.append(f"{facts.distinct} values")
    elif facts.kind == "number" and (score or last):
        score += CUT - (NAMED if score and facts.name != told else 0)
        reasons.append("a number, which would have to be cut into classes")
    else:
        return None
    if last:
        score += LAST
        reasons.append("the last column")
    elif first:
        score += FIRST
        reasons.append("the first column")
    if facts.missing:
        score += GAPS
        reasons.append(f"but {facts.missing:,} cell{'' if facts.missing == 1 else 's'} missing")
    return Candidate(facts.name, round(score, 3), tuple(reasons), facts.distinct <= MOST_CLASSES)


def _named(name: str) -> float:
    """How much a name sounds like a target's."""
    words = name_words(name)
    whole = "".join(words)
    if whole in SURE or whole in LIKELY:
        return NAMED
    if words and words[0] in ("is", "has") and LIKELY & set(words[1:]):
        return NAMED
    return ALIKE if (SURE | LIKELY) & set(words) - {"y", "left", "status", "category"} else 0.0


def name_words(name: str) -> list[str]:
    """The words of a column's name, in small letters: ``LoanStatus``, ``loan_status`` → loan, status."""
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name[:200])
    return re.findall(r"[a-z0-9]+", apart.lower())
