"""How many rows of a class are found at the price of how many others, threshold by threshold."""

from __future__ import annotations

from typing import Any

from lrtui.core.inside.figures import cell, plain
from lrtui.core.inside.ranking import Ranking, ranked, thinned, threshold_words
from lrtui.core.inside.record import Asked, Curves, Seen, Series
from lrtui.core.inside.trained import Trained
from lrtui.core.inside.view import Found, InsideView

WHOLE = (0.0, 1.0)


def _look(trained: Trained, asked: Asked) -> Found:
    found = ranked(trained, asked)
    if found.area is None:
        return found.one_class_alone("roc")
    hits, alarms = found.recall_at, found.false_rate_at
    at = threshold_words(trained, asked)
    curves = Curves(
        "false positive rate",
        "recall",
        (
            Series("chance", ((0.0, 0.0), (1.0, 1.0)), faint=True),
            Series("", thinned(found.false_rate, found.recall)),
            Series(at, ((alarms, hits),), mark="X"),
        ),
        WHOLE,
        WHOLE,
    )
    told = f"ROC AUC {cell(found.area, 3)}. X: recall {cell(hits, 3)}, FPR {cell(alarms, 3)}."
    seen = Seen(
        "roc",
        "",
        about=found.about,
        lines=(told,),
        parts=(curves,),
        notes=(
            "Recall: of the rows of the class, those predicted so; FPR, false positive rate: of others.",
        ),
        choices=trained.class_choices(asked),
    )
    return Found(seen, lambda: _data(trained, asked, found))


def _data(trained: Trained, asked: Asked, found: Ranking) -> dict[str, Any]:
    result: dict[str, Any] = plain(
        {
            "class": found.name,
            "auc": found.area,
            "threshold": trained.threshold(asked) if trained.binary else None,
            "at_threshold": {"recall": found.recall_at, "false_positive_rate": found.false_rate_at},
            "thresholds": found.thresholds,
            "recall": found.recall,
            "false_positive_rate": found.false_rate,
        }
    )
    return result


ROC = InsideView("roc", "ROC", 2, _look, heeds=("threshold", "class"))
