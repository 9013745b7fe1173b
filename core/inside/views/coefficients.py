"""The weights, largest first, on both scales, with errors where the data tells them."""

from __future__ import annotations

from typing import Any

import numpy as np

from lrtui.core.doctor.figures import counted
from lrtui.core.inside.coefficients import Coefficients, coefficients, level_groups
from lrtui.core.inside.figures import cell, chance, plain
from lrtui.core.inside.information import Sureness, sureness
from lrtui.core.inside.record import Asked, Column, Seen, Table
from lrtui.core.inside.trained import Trained
from lrtui.core.inside.view import Found, InsideView
from lrtui.datasets.text import quote

SHOWN = 300  # rows of the table; the rest stands in the JSON
NAMES = (Column("feature", name=True, right=False), Column("weight"))
PER_UNIT, ODDS = Column("per unit", 9), Column("odds ratio", 4)
SURE = (Column("error", 8), Column("z", 5), Column("p", 7), Column("95 % interval", 6))


def _look(trained: Trained, asked: Asked) -> Found:
    class_, sure = trained.one_class(asked), sureness(trained)
    found = coefficients(trained, sure, class_)
    name = trained.problem.class_names[class_]
    order = _order(found)
    largest = float(np.abs(found.standardized).max(initial=0.0)) or 1.0
    shown = order[:SHOWN]
    seen = Seen(
        "coefficients",
        "",
        about=f"class {name}",
        lines=tuple(_lines(sure)),
        parts=(
            Table(
                (*NAMES, PER_UNIT, *(SURE if sure.covariance is not None else ()), ODDS),
                tuple(_row(found, place, sure) for place in shown),
                tuple(float(found.standardized[place]) / largest for place in shown),
            ),
        ),
        notes=tuple(_notes(trained, found, sure, name, len(order) - len(shown))),
        choices=trained.class_choices(asked),
    )
    return Found(seen, lambda: _data(trained, sure))


def _order(found: Coefficients) -> list[int]:
    """Places by the size of the standardized weight, and last the bias."""
    size = np.abs(found.standardized[:-1])
    return [*np.argsort(-size, kind="stable").tolist(), len(size)]


def _row(found: Coefficients, place: int, sure: Sureness) -> tuple[str, ...]:
    estimate, error = (values[place] for values in found.told)
    low, high = (ends[place] for ends in found.interval)
    known = np.isfinite(error)
    interval = f"{cell(low, 3)} to {cell(high, 3)}" if known else cell(None)
    odds = cell(float(np.exp(estimate)), 3) if place < len(found.names) - 1 else cell(None)
    errors = cell(error, 3), cell(found.z[place], 3), chance(found.p[place]), interval
    return (
        found.names[place],
        cell(found.weight[place]),
        cell(found.original[place]),
        *(errors if sure.covariance is not None else ()),
        odds,
    )


def _lines(sure: Sureness) -> list[str]:
    """Whether there are errors, and of which kind."""
    if sure.covariance is None:
        return [sure.why]
    if sure.robust:
        return ["Errors by the sandwich of the information, since rows weigh differently (White 1982)."]
    return ["Errors by the inverse of the observed information, without a penalty (Wald)."]


def _notes(trained: Trained, found: Coefficients, sure: Sureness, name: str, more: int) -> list[str]:
    features, notes = trained.problem.features, list[str]()
    if more > 0:
        notes.append(f"{counted(more, 'smaller weight')} in --json.")
    if trained.binary:
        notes.append(f"A weight above 0 speaks for {quote(name)}.")
    else:
        notes.append(f"A weight above 0 speaks for {quote(name)}, against the mean of the classes.")
    if np.isfinite(found.original[:-1]).any():
        whose = "are error, z, p, interval and odds ratio" if sure.covariance else "is the odds ratio"
        name = features.scaler.name
        how = "without scaling" if name == "none" else f"with {name} scaling"
        notes.append(f"weight: as trained, {how}; per unit: of the file, as {whose}.")
    else:
        notes.append("The features are made of several columns, so there is nothing per unit of the file.")
    if level_groups(features) and features.expansion is None:
        notes.append("Levels of a category are told against the mean of its levels.")
    if sure.covariance is not None and np.isnan(found.told[1]).any():
        notes.append(
            "No error where columns say the same, or one never varies: the data leaves those open."
        )
    notes.append("Bars: the weight times the standard deviation of its feature.")
    return notes


def _data(trained: Trained, sure: Sureness) -> dict[str, Any]:
    names = trained.problem.class_names
    told = [1] if trained.binary else range(len(names))
    found: dict[str, Any] = plain(
        {
            "scaling": trained.problem.features.scaler.name,
            "errors": None if sure.covariance is None else "sandwich" if sure.robust else "information",
            "why_no_errors": sure.why or None,
            "newton_step_in_errors": sure.distance,
            "coefficients": [
                {"class": names[number], **one}
                for number in told
                for one in _records(coefficients(trained, sure, number))
            ],
        }
    )
    return found


@np.errstate(over="ignore", invalid="ignore")
def _records(found: Coefficients) -> list[dict[str, Any]]:
    low, high = found.interval
    values = {
        "weight": found.weight,
        "weight_error": found.weight_error,
        "standardized": found.standardized,
        "per_unit": found.original,
        "per_unit_error": found.original_error,
        "z": found.z,
        "p": found.p,
        "low": low,
        "high": high,
        "odds_ratio": np.exp(found.told[0]),
    }
    return [
        {"feature": found.names[place], **{name: column[place] for name, column in values.items()}}
        for place in _order(found)
    ]


COEFFICIENTS = InsideView("coefficients", "Coefficients", 1, _look, heeds=("class",))
