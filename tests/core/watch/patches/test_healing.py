"""Scripts before and after their patch, run: what is patched learns, and its own predictions are right."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from subprocess import run

import pytest

from lrtui.core.watch.finding import Json
from lrtui.core.watch.patches import unified
from tests.core.watch.patches.writing import CLASS, FUNCTIONAL, SEQUENTIAL, changed, mended

COLUMN: dict[str, Json] = {"output": [16, 1], "target": [16]}
SICK: dict[str, tuple[str, str, Mapping[str, str], Mapping[str, Json]]] = {
    "a sigmoid twice": (
        "double-activation",
        CLASS,
        {"x = self.fc2(x)": "x = torch.sigmoid(self.fc2(x))"},
        {},
    ),
    "a column against a row": (
        "shape-broadcast",
        SEQUENTIAL,
        {"BCEWithLogitsLoss": "MSELoss", "yb.unsqueeze(1)": "yb", "logits > 0.0": "logits > 0.5"},
        COLUMN,
    ),
    "cross entropy over one column": (
        "cross-entropy-one-logit",
        FUNCTIONAL,
        {
            "binary_cross_entropy_with_logits": "cross_entropy",
            "(out > 0).float()": "out.argmax(1)",
            "pred[:, 0]": "pred",
        },
        {"output": [16, 1], "target": [16, 1], "target_dtype": "float32"},
    ),
    "no step": ("no-step", SEQUENTIAL, {"        optimizer.step()  # @step\n": ""}, {}),
    "columns of other scales": (
        "unscaled",
        CLASS,
        {
            "y = (X[:, 0] + X[:, 1] > 0).float()\n": (
                "y = (X[:, 0] + X[:, 1] > 0).float()\nX = 1000 * X + 5e4\n"
            )
        },
        {},
    ),
    "a start far off": (
        "bad-init",
        FUNCTIONAL,
        {"torch.zeros(4, 1, requires_grad=True)": "(torch.randn(4, 1) * -500).requires_grad_()"},
        {},
    ),
}


def accuracy(script: str) -> float:
    """What a script prints when it is run, here."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), warnings.catch_warnings(action="ignore"):
        exec(compile(script, "script", "exec"), {"__name__": "__main__"})
    return float(re.findall(r"accuracy (\S+)", output.getvalue())[-1])


@pytest.mark.parametrize("name", SICK)
def test_a_patched_script_is_right(name: str) -> None:
    cause, script, fault, facts = SICK[name]
    faulty = changed(script, fault)
    after = mended(cause, faulty, facts)
    assert after is not None
    assert accuracy(after) > max(0.85, accuracy(faulty) + 0.05)


@pytest.mark.parametrize("ends", ["\n", "\r\n", ""], ids=["lf", "crlf", "open"])
def test_the_diff_applies(ends: str, tmp_path: Path) -> None:
    sick = changed(
        SEQUENTIAL, {"        optimizer.zero_grad()\n": "", "print(f": "# \x0c form feed\nprint(f"}
    )
    sick = "\ufeff" + sick.replace("\n", ends) if ends else sick.rstrip("\n")
    after = mended("no-zero-grad", sick)
    assert after is not None
    (tmp_path / "train.py").write_bytes(sick.encode())
    diff = unified({"/a/train.py": sick}, {"/a/train.py": after}, {"/a/train.py": "train.py"})
    run(["git", "apply", "-p1"], cwd=tmp_path, input=diff.encode(), check=True, capture_output=True)
    assert (tmp_path / "train.py").read_bytes().decode() == after
