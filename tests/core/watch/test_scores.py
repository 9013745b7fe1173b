"""Labels of outputs that the script cuts unseen: cut as it does itself. The oracle is what it prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from lrtui.core.watch.measured import measured
from lrtui.core.watch.rules import findings
from lrtui.core.watch.scores import scores
from tests.core.watch.conftest import Observe

SCRIPT = """\
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
X = torch.randn(300, 3)
y = (X[:, 0] + X[:, 1] + 0.5 * torch.randn(300) > 0.9).float()
model = nn.Sequential(nn.Linear(3, 1){inside})
optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
for step in range(70):
    optimizer.zero_grad()
    p = {outside}
    loss = {loss}
    loss.backward()
    optimizer.step()
print(((p > {cut}).squeeze() == (y > 0.5)).float().mean().item())
"""


@pytest.mark.parametrize(
    ("inside", "outside", "loss", "cut"),
    [
        ("", "torch.sigmoid(model(X)).squeeze(1)", "F.mse_loss(p, y)", 0.5),
        ("", "1 / (1 + torch.exp(-model(X).squeeze(1)))", "F.binary_cross_entropy(p, y)", 0.5),
        (", nn.Sigmoid()", "model(X)", "nn.BCELoss()(p, y.unsqueeze(1))", 0.5),
        ("", "model(X).squeeze(1)", "F.mse_loss(p, y)", 0.5),
        ("", "model(X).squeeze(1)", "F.soft_margin_loss(p, 2 * y - 1)", 0.0),
    ],
)
def test_outputs_are_cut_where_the_script_cuts_them(
    observe: Observe, tmp_path: Path, inside: str, outside: str, loss: str, cut: float
) -> None:
    seen = observe(SCRIPT.format(inside=inside, outside=outside, loss=loss, cut=cut))
    printed = float((tmp_path / "output.txt").read_text())
    assert printed > 0.8
    assert scores(seen).accuracy == pytest.approx(printed, abs=0.01)
    found = measured(seen, 70)
    assert found is None or found.test_accuracy == pytest.approx(printed, abs=0.01)
    assert (found is None) == ("2 * y" in loss)  # targets of another coding are no classes of lrtui's


BY_TURNS = """\
import torch
from torch import nn

torch.manual_seed(0)
real = torch.tensor([2.0, -1.0]) + 0.5 * torch.randn(64, 2)
generator, critic = nn.Linear(4, 2), nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
of_generator = torch.optim.Adam(generator.parameters(), lr=0.01)
of_critic = torch.optim.Adam(critic.parameters(), lr=0.01)
criterion = nn.BCEWithLogitsLoss()
for step in range(40):
    fake = generator(torch.randn(64, 4))
    of_critic.zero_grad()
    loss = criterion(critic(real), torch.ones(64, 1)) + criterion(critic(fake.detach()), torch.zeros(64, 1))
    loss.backward()
    of_critic.step()
    of_generator.zero_grad()
    criterion(critic(fake), torch.ones(64, 1)).backward()
    of_generator.step()
"""


def test_targets_of_one_class_say_nothing_of_labels(observe: Observe) -> None:
    seen = observe(BY_TURNS)
    assert scores(seen).accuracy is None
    assert not scores(seen).one_label
    assert findings(seen) == []
    seen.arrays |= {key: array[:0] for key, array in seen.arrays.items() if key[1] == "target"}
    assert scores(seen).accuracy is None  # a batch without rows


BY_HAND = """\
import torch
import torch.nn.functional as F

torch.manual_seed(0)
X = torch.randn(200, 3)
y = (X[:, 0] * X[:, 1] > 0).float()
U = torch.randn(3, 8).requires_grad_()
v = torch.zeros(8, requires_grad=True)
for step in range(30):
    out = {given}(torch.relu(X[:150] @ U) @ v)
    loss = F.{loss}(out, y[:150])
    U.grad = v.grad = None
    loss.backward()
    with torch.no_grad():
        U -= 0.1 * U.grad
        v -= 0.1 * v.grad
with torch.no_grad():
    out = {given}(torch.relu(X[150:] @ U) @ v)
    labels = (out > {cut}).float()
    right = (labels == y[150:]).float().mean()
    print(F.{loss}(out, y[150:]).item())
"""


@pytest.mark.parametrize(
    ("given", "loss", "cut"),
    [("", "binary_cross_entropy_with_logits", 0.0), ("torch.sigmoid", "binary_cross_entropy", 0.5)],
)
def test_a_network_without_modules_has_a_loss_on_rows_held_back(
    observe: Observe, tmp_path: Path, given: str, loss: str, cut: float
) -> None:
    found = scores(observe(BY_HAND.format(given=given, loss=loss, cut=cut))).test_loss
    assert found == pytest.approx(float((tmp_path / "output.txt").read_text()), abs=1e-4)


def test_probabilities_made_outside_of_the_model_are_none_of_its_outputs(
    observe: Observe, tmp_path: Path
) -> None:
    text = SCRIPT.format(
        inside="",
        outside="torch.sigmoid(model(X)).squeeze(1)",
        loss="F.binary_cross_entropy(p, y)",
        cut=0.5,
    )
    answer = "with torch.no_grad():\n    p = torch.sigmoid(model(X)).squeeze(1)\n"
    answer += "    labels = (p > 0.5).float()\n    right = (labels == y).float().mean()\n"
    seen = observe(text.rsplit("print", 1)[0] + answer + "    print(F.binary_cross_entropy(p, y).item())\n")
    printed = float((tmp_path / "output.txt").read_text())
    assert scores(seen).test_loss == pytest.approx(printed, abs=1e-4)
