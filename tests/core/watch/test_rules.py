"""What each rule sees in a script that has the fault, and that it sees nothing in those that look "
"like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lrtui.core.watch.finding import Finding
from lrtui.core.watch.rules import findings
from tests.core.watch.conftest import Observe
from tests.core.watch.scripts import ANSWER, HEAD, HEALTHY, LOOP, MODEL, SGD, changed

ZERO = "    optimizer.zero_grad()\n"
MSE = ("nn.BCEWithLogitsLoss()", "nn.MSELoss()")
SICK = {
    "shape-broadcast": (
        changed(("model(X).squeeze(1)\n    loss", "model(X)\n    loss"), MSE),
        "loss_fn(out, y)",
    ),
    "no-zero-grad": (changed((ZERO, "")), "loss.backward()"),
    "no-step": (changed(("    optimizer.step()\n", "")), "loss.backward()"),
    "wrong-parameters": (
        changed((SGD, SGD + "model[2] = nn.Linear(4, 1)\n")),
        "optimizer = torch.optim.SGD",
    ),
    "frozen": (changed((MODEL, MODEL + "model[2].requires_grad_(False)\n")), "model[2].requires_grad_"),
    "detached": (
        changed(("loss_fn(out, y)", "loss_fn(out.detach(), y).requires_grad_()")),
        "loss_fn(out.detach()",
    ),
    "double-activation": (
        changed(
            ("nn.Linear(4, 1))", "nn.Linear(4, 1), nn.Sigmoid())"), ("squeeze(1) > 0)", "squeeze(1) > 0.5)")
        ),
        "nn.Sigmoid()",
    ),
    "missing-activation": (changed(("nn.BCEWithLogitsLoss()", "nn.BCELoss()")), "loss_fn(out, y)"),
    "relu-before-sigmoid": (changed(("nn.Linear(4, 1))", "nn.Linear(4, 1), nn.ReLU())")), "nn.ReLU())"),
    "one-output-softmax": (
        changed(
            ("nn.Linear(4, 1))", "nn.Linear(4, 1), nn.Softmax(dim=1))"),
            ("nn.BCEWithLogitsLoss()", "nn.BCELoss()"),
        ),
        "nn.Softmax",
    ),
    "cross-entropy-one-logit": (
        changed(
            ("nn.BCEWithLogitsLoss()", "nn.CrossEntropyLoss()"),
            ("model(X).squeeze(1)\n    loss", "model(X)\n    loss"),
            ("loss_fn(out, y)", "loss_fn(out, torch.zeros(40).long())"),
        ),
        "loss_fn(out",
    ),
    "one-column-argmax": (
        changed(("labels = (model(X).squeeze(1) > 0).float()", "labels = model(X).argmax(1)")),
        "labels = model(X).argmax(1)",
    ),
    "metric-wrong": (changed(("squeeze(1) > 0)", "squeeze(1) > 0.5)")), "labels ="),
    "target-coding": (
        changed(("y = (X[:, 0] + X[:, 1] > 0).float()", "y = (X[:, 0] + X[:, 1] > 0).float() * 2 - 1")),
        "y = ",
    ),
    "eval-mode": (
        changed(("nn.ReLU()", "nn.Dropout(0.2)"), (SGD, SGD + "model.eval()\n")),
        "out = model(X)",
    ),
    "train-mode": (changed(("nn.ReLU()", "nn.ReLU(), nn.BatchNorm1d(4)")), "labels = "),
    "non-finite": (changed(("y = (X", "X[3, 1] = float('nan')\ny = (X")), "X"),
}


def certain(found: list[Finding]) -> list[str]:
    """What is named without trying."""
    return [finding.cause for finding in found if not finding.facts.get("suspect")]


@pytest.mark.parametrize("cause", SICK)
def test_a_fault_is_seen_where_it_is(cause: str, observe: Observe, tmp_path: Path) -> None:
    from lrtui.core.watch.diagnosis import Said

    text, line = SICK[cause]
    found = findings(observe(text))
    assert certain(found)[:1] == [cause]
    place = Said(found[0]).where
    assert place is not None
    assert place.file == str(tmp_path / "train.py")
    assert line in text.splitlines()[place.line - 1]


def test_functional_models_and_losses_by_hand_are_seen_alike(observe: Observe) -> None:
    text = HEAD + (
        "w = torch.zeros(3, 1, requires_grad=True)\n"
        "for epoch in range(12):\n"
        "    p = torch.sigmoid(X @ w)\n"
        "    loss = ((p - y) ** 2).mean()\n"
        "    loss.backward()\n"
        "    with torch.no_grad():\n"
        "        w -= 0.1 * w.grad\n"
    )
    (found, *_), lines = findings(observe(text)), text.splitlines()
    assert found.cause == "shape-broadcast"
    assert lines[found.places["loss"][0].line - 1] == "    loss = ((p - y) ** 2).mean()"
    assert found.facts["output"] == [40, 1]
    assert [f.cause for f in findings(observe(changed(("(p - y)", "(p[:, 0] - y)"), text=text)))] == [
        "no-zero-grad"
    ]


ACCUMULATES = LOOP.replace(ZERO, "").replace(
    "    optimizer.step()\n",
    "    if epoch % 3 == 2:\n        optimizer.step()\n        optimizer.zero_grad()\n",
)
CLOSURE = """\
def closure():
    optimizer.zero_grad()
    loss = loss_fn(model(X).squeeze(1), y)
    loss.backward()
    return loss
for epoch in range(2):
    optimizer.step(closure)
"""
WELL = {
    "plain": HEALTHY,
    "gradients accumulated on purpose": changed((LOOP, ACCUMULATES)),
    "LBFGS with a closure": changed(
        (LOOP, CLOSURE), ("optim.SGD", "optim.LBFGS"), ("lr=0.1", "max_iter=4")
    ),
    "a frozen part under a head that learns": changed((MODEL, MODEL + "model[0].requires_grad_(False)\n")),
    "two optimizers": changed(
        (
            SGD,
            SGD.replace("model.", "model[0].")
            + SGD.replace("optimizer", "other").replace("model.", "model[2]."),
        ),
        ("    optimizer.step()\n", "    optimizer.step()\n    other.step()\n"),
        (ZERO, ZERO + "    other.zero_grad()\n"),
    ),
    "two losses by turns, one through the other's model": HEAD
    + "G, D = nn.Linear(4, 2), nn.Linear(2, 1)\n"
    + "of_g, of_d = (torch.optim.Adam(m.parameters()) for m in (G, D))\n"
    + "loss_fn = nn.BCEWithLogitsLoss()\n"
    + "for epoch in range(12):\n"
    + "    fake = G(torch.randn(40, 4))\n"
    + "    of_d.zero_grad()\n"
    + "    loss = loss_fn(D(X[:, :2]), torch.ones(40, 1)) + loss_fn(D(fake.detach()), torch.zeros(40, 1))\n"
    + "    loss.backward()\n    of_d.step()\n    of_g.zero_grad()\n"
    + "    loss_fn(D(fake), torch.ones(40, 1)).backward()\n    of_g.step()\n",
    "first weights of zero": changed((MODEL, "model = nn.Linear(3, 1)\nnn.init.zeros_(model.weight)\n")),
    "dropout in its modes": changed(
        ("nn.ReLU()", "nn.Dropout(0.2)"),
        (ANSWER, "model.eval()\n" + ANSWER),
        (LOOP, "model.train()\n" + LOOP),
    ),
    "updates by hand": changed(
        (SGD, ""),
        (ZERO, "    model.zero_grad()\n"),
        (
            "    optimizer.step()\n",
            "    with torch.no_grad():\n"
            "        for p in model.parameters():\n            p -= 0.1 * p.grad\n",
        ),
    ),
    "a loss of log-softmax by hand": changed(
        ("nn.Linear(4, 1)", "nn.Linear(4, 2)"),
        ("    out = model(X).squeeze(1)\n", "    out = F.log_softmax(model(X), dim=1)\n"),
        ("loss_fn(out, y)", "F.nll_loss(out, y.long())"),
        ("(model(X).squeeze(1) > 0).float()", "model(X).argmax(1)"),
    ),
}


@pytest.mark.parametrize("kind", WELL)
def test_scripts_that_are_well_are_not_accused(kind: str, observe: Observe, tmp_path: Path) -> None:
    seen = observe(WELL[kind])
    assert (seen.code, seen.by_kind.get("trouble")) == (0, None), (tmp_path / "output.txt").read_text()
    assert certain(findings(seen)) == []
