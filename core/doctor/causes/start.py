"""Where training starts, what pulls it back, and what it cannot feel."""

from __future__ import annotations

import numpy as np

from lrtui.core.doctor.case import Case
from lrtui.core.doctor.causes.base import Evidence, Setting, finite, percent, short, value
from lrtui.core.doctor.diagnosis import Values
from lrtui.core.doctor.quantities.order import runs_by_chance
from lrtui.core.doctor.quantities.reach import distance
from lrtui.core.doctor.quantities.saturation import stuck_share

HIGH = 2.0  # times log 2: a first loss above this is worse than knowing nothing by as much again
PULL = 1e-12


def _init_evidence(case: Case) -> Evidence:
    here = case.reference_here.theta
    return finite(
        {
            "first_loss": case.ground.start_loss(case.start),
            "loss_from_zeros": case.knowing_nothing,
            "distance_to_best": distance(case.start, here),
            "size_of_best": float(np.linalg.norm(here)),
        }
    )


def _far(case: Case, evidence: Evidence) -> bool:
    first = evidence.get("first_loss")
    return first is None or first > HIGH * case.knowing_nothing


def _zeros(case: Case) -> list[Values]:
    values: Values = {}
    if case.config.init != "zeros":
        values["init"] = "zeros"
    if case.config.init_bias is not None:
        values["init_bias"] = None
    return [values] if values else []


def _init_sentence(case: Case, evidence: Evidence, _: Values) -> str:
    first = evidence.get("first_loss")
    start = f"at a loss of {short(first)}" if first is not None else "at a loss that is no number"
    return (
        f"Training starts far off, {start}, where all-zero weights would start at "
        f"{short(case.knowing_nothing)}, and spends its "
        "epochs on the way back. From zeros, which are harmless in logistic regression, the same run "
        "reaches what can be had."
    )


def _init_cleared(case: Case, evidence: Evidence) -> str:
    return (
        f"Training starts at a loss of {short(evidence.get('first_loss', 0.0))}, near the "
        f"{short(case.knowing_nothing)} of zeros: "
        "small random values and zeros are both harmless in logistic regression."
    )


def _stuck_evidence(case: Case) -> Evidence:
    return finite(
        {
            "stuck_at_start": stuck_share(case.ground.train, case.start, case.config.loss),
            "stuck_share": stuck_share(
                case.lab.ground(case.run.config).train, case.run.theta, case.config.loss
            ),
        }
    )


def _stuck(case: Case, evidence: Evidence) -> bool:
    return case.config.loss == "bce" and max(evidence.values(), default=0.0) > 0


def _logits(case: Case) -> list[Values]:
    return [{"loss": "bce-logits"}] if case.config.loss == "bce" else []


def _stuck_sentence(case: Case, evidence: Evidence, _: Values) -> str:
    share = max(evidence.values(), default=0.0)
    return (
        f"Of the rows that are answered wrongly, {percent(share)} pull at nothing: their sigmoid is "
        "exactly "
        "0 or 1 in float32, and BCELoss has no gradient there. Computed from logits, the loss still has "
        "one, and the same run reaches what can be had."
    )


def _stuck_cleared(case: Case, _: Evidence) -> str:
    if case.config.loss != "bce":
        return "The loss is computed from logits, which do not saturate."
    return "No wrongly answered row has lost its gradient."


def _decay_evidence(case: Case) -> Evidence:
    here = float(np.linalg.norm(case.reference_here.theta))
    return finite(
        {
            "weight_decay": case.config.weight_decay,
            "size_of_weights": float(np.linalg.norm(case.run.theta)),
            "size_of_best": here,
        }
    )


def _decays(case: Case, _: Evidence) -> bool:
    return case.config.weight_decay > PULL


def _less(case: Case) -> list[Values]:
    decay = case.config.weight_decay
    found = [d for d in (0.001, 0.0001) if 0 < d < decay / 5]
    return [{"weight_decay": 0.0}, *({"weight_decay": d} for d in found)]


def _decay_sentence(case: Case, evidence: Evidence, fix: Values) -> str:
    c = case.config
    if c.lr * c.weight_decay > 2:
        return (
            f"A weight decay of {short(c.weight_decay)} at a learning rate of {short(c.lr)} takes more "
            "off the "
            f"weights at each update than they have ({short(c.lr * c.weight_decay)} times): they change "
            f"sign and grow. With {value(fix, 'weight_decay')} the same run reaches what can be had."
        )
    return (
        f"A weight decay of {short(case.config.weight_decay)} holds the weights at a length of "
        f"{short(evidence.get('size_of_weights', 0.0))}, where the best have "
        f"{short(evidence.get('size_of_best', 0.0))}. With {value(fix, 'weight_decay')} the same run "
        "reaches what can be had."
    )


def _decay_cleared(case: Case, _: Evidence) -> str:
    return "There is no weight decay."


def _order_evidence(case: Case) -> Evidence:
    labels = case.ground.problem.y_train
    runs = int((np.diff(labels) != 0).sum()) + 1
    expected, deviation = runs_by_chance(np.unique(labels, return_counts=True)[1])
    return finite({"runs_of_labels": runs, "expected_runs": expected, "z": (runs - expected) / deviation})


def _sorted(case: Case, evidence: Evidence) -> bool:
    rows = len(case.ground.problem.y_train)
    return not case.config.shuffle and 0 < case.config.batch_size < rows and evidence["z"] < -3


def _shuffled(case: Case) -> list[Values]:
    return [] if case.config.shuffle else [{"shuffle": True}]


def _order_sentence(case: Case, evidence: Evidence, _: Values) -> str:
    return (
        f"The rows come sorted by label: {short(evidence['runs_of_labels'])} runs of equal labels where "
        "chance "
        f"would make {short(evidence['expected_runs'])}. So each batch holds one class, and the weights "
        "follow whichever came last. Shuffled, the same run reaches what can be had."
    )


def _order_cleared(case: Case, _: Evidence) -> str:
    if case.config.shuffle:
        return "The rows are shuffled for every epoch."
    return "The labels come in no order that chance would not make."


SATURATED = Setting(
    "saturated", "Saturated sigmoid", _stuck_evidence, _stuck, _logits, _stuck_sentence, _stuck_cleared
)
BAD_INIT = Setting(
    "bad-init", "Bad initialization", _init_evidence, _far, _zeros, _init_sentence, _init_cleared
)
WEIGHT_DECAY = Setting(
    "weight-decay-too-strong", "Weight decay too strong", _decay_evidence, _decays, _less, _decay_sentence,
    _decay_cleared,
)  # fmt: skip
NOT_SHUFFLED = Setting(
    "not-shuffled",
    "Rows not shuffled",
    _order_evidence,
    _sorted,
    _shuffled,
    _order_sentence,
    _order_cleared,
)
