"""Ten reports that people made in public, rebuilt as scripts, each beside its repaired twin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.scripts.case import Case

FOLDER = Path(__file__).parent
CAUSES = {
    "missing_zero_grad": "no-zero-grad",
    "probabilities_as_logits": "double-activation",
    "relu_before_sigmoid": "relu-before-sigmoid",
    "sigmoid_before_bce_with_logits": "double-activation",
    "column_against_row": "shape-broadcast",
    "mse_by_hand": "shape-broadcast",
    "argmax_over_one_column": "one-column-argmax",
    "half_on_logits": "metric-wrong",
    "xor_without_nonlinearity": "no-nonlinearity",
    "softmax_before_cross_entropy": "double-activation",
}


def reports() -> Iterator[Case]:
    """A case a report."""
    for name, cause in CAUSES.items():
        text, twin = ((FOLDER / sub / f"{name}.py").read_text() for sub in ("", "repaired"))
        yield Case(f"report/{name}", cause, text, twin, "metric" if cause == "metric-wrong" else "learns")
