"""What was seen, as findings: a file for each family of causes, found here; each gives what it is sure of.

A rule is a function from an ``Observation`` to findings. Those whose facts hold ``suspect`` are named only
where the script, run again with that alone changed, answers better.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module

from lrtui.core.watch.finding import Finding
from lrtui.core.watch.observation import Observation

DATA = ("input", "target")  # kinds of numbers that are not finite and that nothing else brought about

Rule = Callable[[Observation], Iterable[Finding]]
RANK = (
    "shape-broadcast",
    "detached",
    "no-step",
    "wrong-parameters",
    "frozen",
    "no-zero-grad",
    "cross-entropy-one-logit",
    "one-output-softmax",
    "double-activation",
    "missing-activation",
    "relu-before-sigmoid",
    "target-coding",
    "non-finite",
    "eval-mode",
    "train-mode",
    "one-column-argmax",
    "metric-wrong",
    "no-nonlinearity",
)


@cache
def rules() -> tuple[Rule, ...]:
    """All of them."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return tuple(rule for module in modules for rule in getattr(module, "RULES", ()))


def findings(seen: Observation) -> list[Finding]:
    """What is wrong with the script, the cause first; each cause once."""
    found: dict[str, Finding] = {}
    for rule in rules():
        for finding in rule(seen):
            found.setdefault(finding.cause, finding)
    return sorted(found.values(), key=_rank)


def _rank(finding: Finding) -> float:
    """What overflows in training is as often what another cause leads to: that stands behind all others."""
    late = finding.cause == "non-finite" and finding.facts.get("kind") not in DATA
    return len(RANK) if late else RANK.index(finding.cause)
