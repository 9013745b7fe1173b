"""Small scripts for the tests: data, a loop, and what stands between."""

from __future__ import annotations

HEAD = """\
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
X = torch.randn(40, 3)
y = (X[:, 0] + X[:, 1] > 0).float()
"""
LOOP = """\
for epoch in range(12):
    optimizer.zero_grad()
    out = model(X).squeeze(1)
    loss = loss_fn(out, y)
    loss.backward()
    optimizer.step()
"""
ANSWER = """\
with torch.no_grad():
    labels = (model(X).squeeze(1) > 0).float()
    print((labels == y).float().mean().item())
"""
MODEL = "model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))\n"
SGD = "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
LOSS = "loss_fn = nn.BCEWithLogitsLoss()\n"
HEALTHY = HEAD + MODEL + LOSS + SGD + LOOP + ANSWER


def changed(*pairs: tuple[str, str], text: str = HEALTHY) -> str:
    """The healthy script with passages exchanged."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text
