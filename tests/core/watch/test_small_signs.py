"""What tells one cause from another: few steps or small ones, order or chance, which change heals most."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lrtui.core.doctor.diagnosis import Diagnosis, Finding, Health
from lrtui.core.watch.doctor import diagnose_script
from lrtui.core.watch.finding import Finding as Blamed
from lrtui.core.watch.learned import learned
from lrtui.core.watch.linear import by_heart, config_of, findings_of
from lrtui.core.watch.patches import patch
from lrtui.core.watch.proof import own_sources
from lrtui.core.watch.rules.seen import places
from lrtui.core.watch.scores import Scores
from lrtui.core.watch.warm import WarmPython
from lrtui.core.watch.watching import Start
from tests.core.watch.conftest import Observe
from tests.core.watch.scripts import ANSWER, HEAD, LOOP, LOSS, MODEL, SGD, changed

LINEAR = changed((MODEL, "model = nn.Linear(3, 1)\n"))
SLICES = f"""\
{HEAD}model = nn.Linear(3, 1)
{LOSS}{SGD}for epoch in range(3):
    order = torch.randperm(len(X))
    for i in range(0, len(X), 16):
        rows = order[i:i + 16]
        optimizer.zero_grad()
        loss_fn(model(X[rows]).squeeze(1), y[rows]).backward()
        optimizer.step()
{ANSWER}"""


@pytest.mark.parametrize(
    ("order", "shuffled"), [("torch.randperm(len(X))", True), ("torch.arange(len(X))", False)]
)
def test_batches_that_an_index_takes_in_order_are_not_shuffled(
    order: str, shuffled: bool, observe: Observe
) -> None:
    seen = observe(SLICES.replace("torch.randperm(len(X))", order))
    data = learned(seen)
    assert data is not None
    config = config_of(seen, data)
    assert config is not None
    assert config.shuffle is shuffled


def test_a_table_that_is_a_batch_in_ever_other_order_is_seen_once(observe: Observe) -> None:
    data = learned(observe(SLICES.replace("torch.randn(40, 3)", "torch.randn(12, 3)")))
    assert data is not None
    assert (data.X.shape, data.whole) == ((12, 3), True)


@pytest.mark.parametrize(("lr", "steps", "cause"), [(0.05, 5, "too-few-epochs"), (1e-4, 60, "lr-too-low")])
def test_few_steps_of_a_usual_rate_are_too_few_and_small_steps_too_small(
    lr: float, steps: int, cause: str, observe: Observe
) -> None:
    text = changed(
        ("lr=0.1", f"lr={lr}"), ("range(12)", f"range({steps})"), ("(40, 3)", "(400, 3)"), text=LINEAR
    )
    found = diagnose_script(Start(sys.executable, ["train.py"]), observe(text), rerun=False)
    assert found.cause == cause


WIDE = (
    HEAD.replace("(40, 3)", "(16, 10)").replace("X[:, 0] + X[:, 1]", "X.sum(1)")
    + "X_test = torch.randn(200, 10)\ny_test = (X_test.sum(1) > 0).float()\nmodel = nn.Linear(10, 1)\n"
    + LOSS
    + SGD
    + LOOP
    + ANSWER.replace("(X)", "(X_test)").replace("== y", "== y_test")
)


@pytest.mark.parametrize(("rows", "few"), [(16, True), (40, False)])
def test_fewer_rows_than_can_be_told_from_learning_by_heart_are_too_few(
    rows: int, few: bool, observe: Observe
) -> None:
    seen = observe(WIDE.replace("(16, 10)", f"({rows}, 10)"))
    data = learned(seen)
    assert data is not None
    weak = Scores(balanced_accuracy=0.7, rows=200, classes=2)
    found = by_heart(seen, data, weak)
    assert (found is not None) is few
    assert by_heart(seen, data, replace(weak, balanced_accuracy=0.95)) is None
    assert by_heart(seen, replace(data, test=None), weak) is None  # of rows that it has learned
    if found is not None:
        assert "16 training rows stand against 11 weights" in found.facts["sentence"]
        told = diagnose_script(Start(sys.executable, ["train.py"]), seen, rerun=False)
        assert told.cause == "too-little-data"


def test_classes_as_frequent_as_each_other_are_not_called_imbalanced(observe: Observe) -> None:
    seen = observe(LINEAR)
    data = learned(seen)
    assert data is not None
    config = config_of(seen, data)
    assert config is not None
    blamed = (Finding("imbalance", "", "", {}, {"threshold": "base-rate"}),)
    told = Diagnosis(Health.SICK, "", False, "1", 0.5, findings=blamed)
    assert findings_of(seen, data, told, config) == []
    rare = replace(data, y=(data.X[:, 0] > 1.5).astype("f"))
    assert [one.cause for one in findings_of(seen, rare, told, config)] == ["imbalance"]


def test_first_weights_made_by_hand_are_made_small(observe: Observe, tmp_path: Path) -> None:
    loop = """\
for epoch in range(12):
    w.grad = None
    F.binary_cross_entropy_with_logits(X @ w, y).backward()
    w.data -= 0.1 * w.grad
"""
    seen = observe(f"{HEAD}w = (30.0 * torch.randn(3)).requires_grad_()\n{loop}")
    path = str(tmp_path / "train.py")
    changed_texts = patch(Blamed("bad-init", places(seen), {}), {path: Path(path).read_text()})
    assert changed_texts is not None
    assert "w = (0.01 * torch.randn(3)).requires_grad_()" in changed_texts[path]


def test_a_script_that_dies_is_one_file(observe: Observe, tmp_path: Path) -> None:
    seen = observe(LINEAR + "raise ValueError('late')\n")
    start = Start(sys.executable, ["train.py"], folder=str(tmp_path))
    assert list(own_sources(start, seen)) == [str(tmp_path / "train.py")]


def test_of_several_that_heal_the_one_that_heals_most_is_the_cause(
    observe: Observe, tmp_path: Path, warm: WarmPython
) -> None:
    """Few epochs and rare positives: more epochs find some of them, a weight finds nearly all."""
    text = changed(
        ("torch.randn(40, 3)", "torch.randn(1000, 3)"),
        ("X[:, 0] + X[:, 1] > 0", "X[:, 0] + X[:, 1] + 0.5 * torch.randn(1000) > 2.7"),
        ("range(12)", "range(150)"),
        ("lr=0.1", "lr=0.5"),
        text=LINEAR,
    )
    seen = observe(text)
    start = Start(sys.executable, ["train.py"], folder=str(tmp_path))
    told = diagnose_script(start, seen, rerun=False)
    causes = [said.finding.cause for said in told.findings]
    assert causes[0] != "imbalance"
    assert "imbalance" in causes
    found = diagnose_script(start, seen, warm=warm)
    assert found.cause == "imbalance"
    assert found.after is not None
    assert (found.after.balanced_accuracy or 0) > (found.before.balanced_accuracy or 0) + 0.1
