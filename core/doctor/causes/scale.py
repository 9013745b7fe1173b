"""Features that lie badly: unscaled, or far from zero."""

from __future__ import annotations

from lrtui.core.doctor.case import Case
from lrtui.core.doctor.causes.base import Evidence, Setting, finite, short
from lrtui.core.doctor.diagnosis import Values

WORSE = 10  # times: conditioning or size, against standardized features
OFF = 2.0  # standard deviations of a mean from zero


def _evidence(case: Case) -> Evidence:
    found = case.ground.conditioning
    evidence = {
        "condition_number": found.seen,
        "condition_standardized": found.standardized,
        "largest_std": found.widest,
        "largest_std_over_smallest": found.spread,
    }
    if case.theory:
        stable = case.ground.smoothness.stable_below(case.config.weight_decay)
        evidence |= {"lr_over_stable": case.rate / stable, "lr_for_this_scale": case.safe_rate}
    return finite(evidence)


def _unscaled(case: Case, _: Evidence) -> bool:
    found = case.ground.conditioning
    size = found.largest / max(found.largest_standardized, 1e-300)
    odd = found.worse >= WORSE or size >= WORSE or not 1 / WORSE < found.widest < WORSE
    return case.config.scaling != "standard" and odd


def _standard(case: Case) -> list[Values]:
    return [] if case.config.scaling == "standard" else [{"scaling": "standard"}]


def _unscaled_sentence(case: Case, evidence: Evidence, _: Values) -> str:
    found = case.ground.conditioning
    times = evidence.get("lr_over_stable", 0.0)
    if found.spread >= WORSE:
        first = (
            f"The features live on very different scales: the widest varies {short(found.spread)} times as "
            "much as the narrowest, so no one learning rate suits them all."
        )
    else:
        first = (
            "The features are far larger or smaller than what a learning rate is made for: the widest "
            f"has a standard deviation of {short(found.widest)}."
        )
    if times > 1:
        first += f" The learning rate is {short(times)} times what these scales bear."
    return f"{first} Standardized, the same run reaches what can be had."


def _unscaled_cleared(case: Case, evidence: Evidence) -> str:
    if case.config.scaling == "standard":
        return "The features are standardized."
    return f"Their scales are alike enough: the condition number is {short(evidence['condition_number'])}."


def _off_evidence(case: Case) -> Evidence:
    found = case.ground.conditioning
    return finite({"mean_over_std": found.off_centre, "condition_number": found.seen})


def _off_centre(case: Case, _: Evidence) -> bool:
    return case.config.scaling not in ("standard", "center") and case.ground.conditioning.off_centre >= OFF


def _centring(case: Case) -> list[Values]:
    return [{"scaling": "center"}] if case.config.scaling == "none" else []


def _off_sentence(case: Case, evidence: Evidence, _: Values) -> str:
    return (
        f"A column lies {short(evidence['mean_over_std'])} standard deviations from zero, so the bias "
        "has to undo whatever the weights do, and every step swings all predictions to one side. "
        "Centring alone heals it."
    )


def _off_cleared(case: Case, evidence: Evidence) -> str:
    off = evidence.get("mean_over_std", 0.0)
    if off < 0.01:
        return "Every column has its mean at zero."
    return f"No column lies farther than {short(off)} standard deviations from zero."


UNCENTRED = Setting(
    "uncentred", "Features far from zero", _off_evidence, _off_centre, _standard, _off_sentence,
    _off_cleared, proof=_centring,
)  # fmt: skip
UNSCALED = Setting(
    "unscaled", "Unscaled features", _evidence, _unscaled, _standard, _unscaled_sentence, _unscaled_cleared
)
