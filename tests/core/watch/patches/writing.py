"""Three ways of writing one training, well as they are, and what a patch makes of a fault in them.

A comment ``# @loss`` names the line as the place ``loss``; it stays in the script, so that a patch which
touches comments is seen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from lrtui.core.watch.finding import Finding, Json, Place
from lrtui.core.watch.patches import patch

SEQUENTIAL = """\
# a flat script
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X = torch.randn(128, 4)
y = (X[:, 0] + X[:, 1] > 0).float()   # one label a row
X_train, X_test = X[:96], X[96:]
y_train, y_test = y[:96], y[96:]
loader = DataLoader(TensorDataset(X_train, y_train), batch_size=16, shuffle=True)  # @loader

model = nn.Sequential(  # @model
    nn.Linear(4, 8),
    nn.ReLU(),  # hidden
    nn.Linear(8, 1),
)
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)  # @optimizer

for epoch in range(10):
    model.train()
    for xb, yb in loader:
        optimizer.zero_grad()
        out = model(xb)  # @forward
        loss = criterion(out, yb.unsqueeze(1))  # @loss

        loss.backward()  # @backward
        optimizer.step()  # @step

# how good is it?
model.eval()
with torch.no_grad():
    logits = model(X_test)  # @evaluate
    pred = (logits > 0.0).float()  # @threshold
    accuracy = (pred.squeeze(1) == y_test).float().mean()  # @compare
print(f"accuracy {accuracy:.2f}")
"""

CLASS = '''\
"""A class, and functions that train it."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)


class Net(nn.Module):
    """Two layers."""

    def __init__(self, d, hidden=8):
        super().__init__()
        self.fc1 = nn.Linear(d, hidden)  # @layer
        self.fc2 = nn.Linear(hidden, 1)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        x = self.fc2(x)
        return x


def train(model, X, y, opt, epochs):
    loss_fn = nn.BCEWithLogitsLoss()
    for epoch in range(epochs):
        model.train()
        opt.zero_grad()
        out = model(X)  # @forward
        loss = loss_fn(
            out,
            y.view(-1, 1),
        )  # @loss
        loss.backward()  # @backward
        opt.step()  # @step
    return model


def accuracy(model, X, y):
    model.eval()
    with torch.no_grad():
        probs = torch.sigmoid(model(X))  # @evaluate
        labels = probs >= 0.5  # @threshold
        return (labels.view(-1) == y).float().mean().item()  # @compare


X = torch.randn(128, 4)
y = (X[:, 0] + X[:, 1] > 0).float()
net = Net(4)  # @model
optimizer = torch.optim.Adam(net.parameters(), lr=0.05)  # @optimizer
train(net, X[:96], y[:96], optimizer, epochs=20)
print("accuracy", accuracy(net, X[96:], y[96:]))
'''

FUNCTIONAL = """\
import argparse

import torch
import torch.nn.functional as F


def forward(x, w, b):
    # a logistic regression
    z = x @ w + b
    return z


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.5)
    args = parser.parse_args([])

    torch.manual_seed(0)
    X = torch.randn(128, 4)
    y = (X[:, 0] + X[:, 1] > 0).float()

    w = torch.zeros(4, 1, requires_grad=True)  # @parameter
    b = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=args.lr)  # @optimizer
    epochs, batch = 5, 16

    for epoch in range(epochs):
        for i in range(0, len(X), batch):
            xb, yb = X[i:i + batch], y[i:i + batch]
            optimizer.zero_grad()
            out = forward(xb, w, b)  # @forward
            loss = F.binary_cross_entropy_with_logits(out, yb[:, None])  # @loss
            loss.backward()  # @backward
            optimizer.step()  # @step

    out = forward(X, w, b).detach()  # @evaluate
    pred = (out > 0).float()  # @threshold
    print("accuracy", (pred[:, 0] == y).float().mean().item())  # @compare


if __name__ == "__main__":
    main()
"""

WAYS = {"sequential": SEQUENTIAL, "class": CLASS, "functional": FUNCTIONAL}
FILE = "/home/ada/train.py"


def changed(text: str, lines: Mapping[str, str]) -> str:
    """A script with pieces of it in other words; each must be there exactly once."""
    for old, new in lines.items():
        assert text.count(old) == 1, f"{text.count(old)} times: {old}"
        text = text.replace(old, new)
    return text


def places(text: str) -> dict[str, list[Place]]:
    """What the comments ``# @name`` of a script name; of a call over several lines where it begins."""
    found: dict[str, list[Place]] = defaultdict(list)
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        for name in re.findall(r"@(\w+)", line):
            begins = number
            if line.lstrip().startswith(")"):
                depth = len(line) - len(line.lstrip())
                begins = next(n for n in range(number - 1, 0, -1) if _indent(lines[n - 1]) == depth)
            found[name].append(Place(FILE, begins))
    return dict(found)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip()) if line.strip() else 999


def mended(cause: str, text: str, facts: Mapping[str, Json] | None = None) -> str | None:
    """What the patch of a cause makes of a script."""
    after = patch(Finding(cause, places(text), facts or {}), {FILE: text})
    return None if after is None else after[FILE]


@dataclass(frozen=True)
class Case:
    """A fault in one of the three ways of writing, and the edit that is to mend it.

    Attributes:
        cause: its id.
        way: which script.
        fault: pieces of the script in other words, which are the fault.
        mended: pieces of the faulty script as the patch is to leave them; every other character stays.
        facts: of the finding.
    """

    cause: str
    way: str
    fault: Mapping[str, str]
    mended: Mapping[str, str]
    facts: Mapping[str, Json] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.cause}, {self.way}: {next(iter(self.mended.values())).strip()}"

    def check(self) -> None:
        """Patch the faulty script, and compare it to the last character."""
        faulty = changed(WAYS[self.way], self.fault)
        compile(faulty, "faulty", "exec")
        assert mended(self.cause, faulty, self.facts) == changed(faulty, self.mended)

    def refuse(self) -> None:
        """Find no safe edit."""
        assert mended(self.cause, changed(WAYS[self.way], self.fault), self.facts) is None
