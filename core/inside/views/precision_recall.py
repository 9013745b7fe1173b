"""How pure what is found of a class is, by how much of it is found, threshold by threshold."""

from __future__ import annotations

from typing import Any

from lrtui.core.inside.figures import cell, percent, plain
from lrtui.core.inside.ranking import Ranking, ranked, thinned, threshold_words
from lrtui.core.inside.record import Asked, Curves, Seen, Series
from lrtui.core.inside.trained import Trained
from lrtui.core.inside.view import Found, InsideView

WHOLE = (0.0, 1.0)


def _look(trained: Trained, asked: Asked) -> Found:
    found = ranked(trained, asked)
    if not found.own:
        return found.one_class_alone("precision-recall")
    rate, at = found.own / (found.own + found.others), threshold_words(trained, asked)
    here = (found.recall_at, found.precision_at)
    none = here[1] != here[1]
    marks = () if none else (Series(at, (here,), mark="X"),)
    curves = Curves(
        "recall",
        "precision",
        (
            Series("chance", ((0.0, rate), (1.0, rate)), faint=True),
            Series("", thinned(found.recall[1:], found.precision[1:])),
            *marks,
        ),
        WHOLE,
        WHOLE,
    )
    point = (
        f"{at.capitalize()} no row is predicted so."
        if none
        else f"X: precision {cell(here[1], 3)}, recall {cell(here[0], 3)}."
    )
    seen = Seen(
        "precision-recall",
        "",
        about=found.about,
        lines=(f"AP {cell(found.average_precision, 3)}. {point}",),
        parts=(curves,),
        notes=(
            "AP: average precision.",
            f"Chance has the precision {cell(rate, 3)}: {percent(rate)} of the test rows are of the class.",
        ),
        choices=trained.class_choices(asked),
    )
    return Found(seen, lambda: _data(trained, asked, found))


def _data(trained: Trained, asked: Asked, found: Ranking) -> dict[str, Any]:
    result: dict[str, Any] = plain(
        {
            "class": found.name,
            "average_precision": found.average_precision,
            "threshold": trained.threshold(asked) if trained.binary else None,
            "at_threshold": {"precision": found.precision_at, "recall": found.recall_at},
            "thresholds": found.thresholds,
            "precision": found.precision,
            "recall": found.recall,
        }
    )
    return result


PRECISION_RECALL = InsideView(
    "precision-recall", "Precision–recall", 3, _look, heeds=("threshold", "class")
)
