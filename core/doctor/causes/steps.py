"""How far each update goes, from how many rows, and how often."""

from __future__ import annotations

from math import inf, log10

from lrtui.core.config import changes_text
from lrtui.core.config.steps import tidy
from lrtui.core.doctor.case import Case
from lrtui.core.doctor.causes.base import Evidence, Setting, counted, finite, percent, short, value
from lrtui.core.doctor.diagnosis import Values
from lrtui.core.doctor.quantities.reach import distance, reach

AROUND = (1.0, 0.5, 2.0, 0.25, 4.0, 0.1, 10.0)  # of the safe rate: theory is a lower bound, and near
USUAL = (0.01, 0.1, 0.001, 1.0, 1e-4, 10.0, 1e-5)  # for optimizers that theory is silent on
SETTLING = 0.9  # momentum: with 1 a run never settles, whatever its learning rate
FEW_EPOCHS = 30  # below, the epochs are the unusual thing; above, a low learning rate is
MANY = (2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)  # times as many epochs
SMALL_BATCH = 16


def _rates(case: Case) -> list[float]:
    """Learning rates to try, the preferred first."""
    c = case.config
    if case.theory and c.momentum < 1:
        acts = c.lr / case.rate if case.rate > 0 else 1.0
        found = [tidy(case.safe_rate * acts * factor) for factor in AROUND]
    else:
        found = list(USUAL)
    return [rate for rate in dict.fromkeys(found) if 0 < rate <= 1e6]


def _rate_evidence(case: Case) -> Evidence:
    smoothness, c = case.ground.smoothness, case.config
    return finite(
        {
            "lr": c.lr,
            "lr_times_L": case.rate * smoothness.full,
            "lr_times_L_b": case.rate * smoothness.expected(c.batch_size),
            "stable_below": smoothness.stable_below(c.weight_decay),
            "safe_rate": case.safe_rate,
            "share_of_epochs_with_rising_loss": case.rising,
        }
    )


def _too_high(case: Case, _: Evidence) -> bool:
    if case.theory:
        return case.ratio > 1.4
    return case.rising > 0.2 or case.blown or case.outcome.diverged_at is not None


def _lower(case: Case) -> list[Values]:
    c = case.config
    found: list[Values] = [{"lr": rate} for rate in _rates(case) if rate < 0.75 * c.lr]
    if c.optimizer in ("momentum", "nesterov") and c.momentum > SETTLING:
        calmer = case.with_changes({"momentum": SETTLING})
        found += [{"momentum": SETTLING}, *({"momentum": SETTLING, "lr": rate} for rate in _rates(calmer))]
    return found


def _high_sentence(case: Case, evidence: Evidence, fix: Values) -> str:
    c = case.config
    rose = f"the training loss rose in {percent(case.rising)} of the epochs"
    healed = f"With {changes_text(c, fix)} the same run reaches what can be had."
    if not case.theory:
        return f"The learning rate {short(c.lr)} oversteps: {rose}. {healed}"
    stable = evidence.get("stable_below", 0.0)
    acts = ""
    if c.optimizer != "sgd":
        effect = "without end" if case.rate == inf else f"to {short(case.rate)}"
        acts = f", which momentum {short(c.momentum)} adds up {effect},"
    return (
        f"The learning rate {short(c.lr)}{acts} oversteps: full batches bear less than {short(stable)}, "
        f"and batches of {_batch(case)} are safe up to {short(case.safe_rate)}; {rose}. {healed}"
    )


def _batch(case: Case) -> int:
    rows = len(case.ground.problem.y_train)
    return min(case.config.batch_size or rows, rows)


def _high_cleared(case: Case, evidence: Evidence) -> str:
    if not case.theory:
        return f"The training loss rose in no more than {percent(case.rising)} of the epochs."
    stable = evidence.get("stable_below", inf)
    return f"{short(case.config.lr)} is not too high: full batches are stable below {short(stable)}."


def _too_low(case: Case, _: Evidence) -> bool:
    return case.ratio < 0.5 if case.theory else case.rising < 0.5


def _higher(case: Case) -> list[Values]:
    return [{"lr": rate} for rate in _rates(case) if rate > 1.4 * case.config.lr]


def _low_evidence(case: Case) -> Evidence:
    found = _rate_evidence(case)
    found["distance"] = distance(case.start, case.reference_here.theta)
    if case.theory and case.way_known:  # of the others it is not known how far a step goes
        found["way_left"] = case.way.after(case.rate, case.updates)
        found["epochs_needed"] = case.way.steps_needed(case.rate) / case.updates_per_epoch
    if case.theory:
        found["reach"] = _reach(case)
    return finite(found)


def _reach(case: Case) -> float:
    c = case.config
    return reach(case.ground.train, c.lr, c.epochs, c.batch_size) if c.optimizer == "sgd" else inf


def _low_sentence(case: Case, evidence: Evidence, fix: Values) -> str:
    needed = evidence.get("epochs_needed")
    arrived = ""
    if evidence.get("reach", inf) < evidence.get("distance", 0.0):
        arrived = (
            f" All {short(case.updates)} updates together move the weights by "
            f"{short(evidence['reach'])} at "
            f"most, and the best ones are {short(evidence['distance'])} away."
        )
    elif needed is not None and needed > case.config.epochs:
        arrived = f" At this rate it would take about {short(needed)} epochs."
    return (
        f"The learning rate {short(case.config.lr)} is too low for {counted(case.config.epochs, 'epoch')}."
        f"{arrived} With {value(fix, 'lr')} the same run reaches what can be had."
    )


def _low_cleared(case: Case, _: Evidence) -> str:
    if case.theory:
        safe = short(case.safe_rate)
        return f"{short(case.config.lr)} is not too low: {safe} is what theory calls safe here."
    return "The training loss does not fall steadily, as it would with a rate that is too low."


def _low_weight(case: Case) -> float:
    return -log10(max(case.ratio, 1e-300)) - 1 if case.theory else 0.5


def _few(case: Case, _: Evidence) -> bool:
    return case.ratio < 4 if case.theory else True


def _more(case: Case) -> list[Values]:
    epochs = case.config.epochs
    found = dict.fromkeys(int(tidy(epochs * factor)) for factor in MANY)
    return [{"epochs": number} for number in found if epochs < number <= 10_000_000]


def _few_sentence(case: Case, evidence: Evidence, fix: Values) -> str:
    left = evidence.get("way_left")
    way = f" with {percent(min(left, 1.0))} of the way left" if left is not None and left > 0.005 else ""
    return (
        f"Training stopped after {counted(case.config.epochs, 'epoch')}{way}; the learning rate is fine. "
        f"After {value(fix, 'epochs')} epochs it reaches what can be had."
    )


def _few_cleared(case: Case, _: Evidence) -> str:
    return "More epochs do not help while the learning rate oversteps."


def _few_weight(case: Case) -> float:
    return log10(FEW_EPOCHS / case.config.epochs)


def _small(case: Case, _: Evidence) -> bool:
    c, smoothness = case.config, case.ground.smoothness
    rows = len(case.ground.problem.y_train)
    if not 0 < c.batch_size < min(SMALL_BATCH, rows) or not case.theory:
        return False
    return case.rate * smoothness.full <= 2 and case.rate * smoothness.expected(c.batch_size) > 1


def _larger(case: Case) -> list[Values]:
    rows, size = len(case.ground.problem.y_train), case.config.batch_size
    found = [b for b in (32, 16, 64, 128, 256) if 2 * size <= b < rows]
    return [{"batch_size": b} for b in found] + [{"batch_size": 0}]


def _small_sentence(case: Case, evidence: Evidence, fix: Values) -> str:
    size = fix["batch_size"]
    rows = "all rows" if size == 0 else f"{size} rows"
    each = "row" if case.config.batch_size == 1 else "rows"
    return (
        f"Each update looks at {case.config.batch_size} {each}, too few for the learning rate "
        f"{short(case.config.lr)}: single rows throw the weights about (lr·L_b = "
        f"{short(evidence.get('lr_times_L_b', 0.0))}, where 1 is the most; all rows together would bear "
        f"it). With {rows} an update the same run reaches what can be had."
    )


def _small_cleared(case: Case, evidence: Evidence) -> str:
    return f"Batches of {_batch(case)} are not what makes the steps too long or too short."


BATCH_TOO_SMALL = Setting(
    "batch-too-small", "Batches too small", _rate_evidence, _small, _larger, _small_sentence, _small_cleared
)
LR_TOO_HIGH = Setting(
    "lr-too-high",
    "Learning rate too high",
    _rate_evidence,
    _too_high,
    _lower,
    _high_sentence,
    _high_cleared,
)
LR_TOO_LOW = Setting(
    "lr-too-low", "Learning rate too low", _low_evidence, _too_low, _higher, _low_sentence, _low_cleared,
    weight=_low_weight,
)  # fmt: skip
TOO_FEW_EPOCHS = Setting(
    "too-few-epochs", "Too few epochs", _low_evidence, _few, _more, _few_sentence, _few_cleared,
    weight=_few_weight,
)  # fmt: skip
