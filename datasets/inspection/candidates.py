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
        "target", "label", "labels", "class", "classes", "y", "outcome", "outcomes", "response",
        "survived", "survival", "churn", "churned", "default", "defaulted", "delinquent", "delinquency",
        "bankrupt", "bankruptcy", "risk", "fraud", "fraudulent", "spam", "phishing", "malware", "intrusion",
        "diagnosis", "disease", "malignant", "attrition", "converted", "conversion", "clicked", "click",
        "purchased", "bought", "subscribed", "approved", "admitted", "hired", "readmitted", "cancelled",
        "canceled", "died", "dead", "death", "deceased", "mortality", "failed", "failure", "defective",
        "success", "won", "exited", "species", "variety", "vote", "choice", "decision", "answer"
    }
)  # fmt: skip
LIKELY = frozenset(  # or columns to learn from
    {
        "stroke", "diabetes", "diabetic", "infected", "sick", "relapse", "recurrence", "purchase",
        "revenue", "deposit", "subscription", "approval", "accepted", "rejected", "promoted",
        "returned", "donated", "voted", "satisfied", "satisfaction", "sentiment", "toxic", "anomaly",
        "attack", "faulty", "defect", "passed", "winner", "win", "cancellation", "event"
    }
)  # fmt: skip
WEAK = frozenset({"status", "category", "quality", "result", "left", "income"})
ALONE = frozenset(
    {"y", "class", "left", "category", "quality", "income"}
)  # beside other words they say nothing
TWO, SEVERAL, CUT = 3.0, 1.0, 0.2
NAMED, ALIKE, HINT, LAST, FIRST, TOLD, GAPS = 3.0, 1.5, 0.6, 1.0, 0.3, 10.0, -1.0


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
    named = _named(facts)
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


def _named(facts: Facts) -> float:
    """How much a name sounds like a target's: all of it, or a word of it; some words are only a hint."""
    words = name_words(facts.name)
    whole = "".join(words)
    if whole in SURE or (words and words[0] in ("is", "has") and SURE & set(words[1:])):
        return NAMED
    if whole in LIKELY or (SURE | LIKELY) & set(words) - ALONE:
        return ALIKE
    hinted = whole in WEAK or WEAK & set(words) - ALONE
    return HINT if hinted and facts.distinct <= MOST_CLASSES else 0.0  # no income in money


def name_words(name: str) -> list[str]:
    """The words of a column's name, in small letters: ``LoanStatus``, ``loan_status`` → loan, status."""
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name[:200])
    return re.findall(r"[a-z0-9]+", apart.lower())
