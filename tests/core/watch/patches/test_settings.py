"""Patches of settings, starts, data and classes, in three ways of writing."""

from __future__ import annotations

import pytest

from tests.core.watch.patches.writing import Case

BY_HAND = {
    "optimizer.step()  # @step": "w.data.add_(w.grad, alpha=-RATE)  # @step",
    "    optimizer = torch.optim.SGD([w, b], lr=args.lr)  # @optimizer\n": "    RATE = 3e-5  # small\n",
    "            optimizer.zero_grad()\n": "",
}
SETTINGS = [
    Case("lr-too-high", "sequential", {}, {"lr=0.5)": "lr=0.01)"}, {"lr": 0.01}),
    Case(
        "lr-too-high",
        "class",
        {"lr=0.05": 'config["lr"]', "net = Net(4)": 'config = {"lr": 5e1}\nnet = Net(4)'},
        {"5e1": "0.1"},
        {"lr": 0.1},
    ),
    Case("lr-too-low", "functional", {}, {"default=0.5": "default=1.0"}, {"lr": 1.0}),
    Case("lr-too-low", "functional", BY_HAND, {"3e-5": "0.3"}, {"lr": 0.3}),
    Case(
        "lr-too-high",
        "sequential",
        {", lr=0.5)": ", momentum=0.9)"},
        {"=0.9)": "=0.9, lr=0.2)"},
        {"lr": 0.2},
    ),
    Case("too-few-epochs", "sequential", {}, {"range(10)": "range(400)"}, {"epochs": 400}),
    Case("too-few-epochs", "class", {}, {"epochs=20": "epochs=400"}, {"epochs": 400}),
    Case(
        "too-few-epochs",
        "functional",
        {"range(epochs)": "range(1, epochs + 1)"},
        {"= 5, 16": "= 90, 16"},
        {"epochs": 90.0},
    ),
    Case(
        "weight-decay-too-strong",
        "sequential",
        {"lr=0.5": "lr=0.5, weight_decay=1"},
        {"decay=1": "decay=0.0001"},
        {"weight_decay": 1e-4},
    ),
    Case(
        "weight-decay-too-strong",
        "class",
        {
            "        loss.backward": (
                "        loss = loss + 10 * sum((p**2).sum() for p in "
                "model.parameters())  # @decay\n"
                "        loss.backward"
            )
        },
        {"10 * sum": "0.01 * sum"},
        {"weight_decay": 0.01},
    ),
    Case(
        "overfitting", "functional", {}, {"args.lr)": "args.lr, weight_decay=0.02)"}, {"weight_decay": 0.02}
    ),
    Case("batch-too-small", "sequential", {}, {"batch_size=16": "batch_size=64"}, {"batch_size": 64}),
    Case("batch-too-small", "functional", {}, {"5, 16": "5, 64"}, {"batch_size": 64}),
    Case(
        "batch-too-small",
        "functional",
        {"len(X), batch)": "len(X), 2)", "X[i:i + batch], y[i:i + batch]": "X[i:i + 2], y[i:i + 2]"},
        {"len(X), 2)": "len(X), 64)", "X[i:i + 2], y[i:i + 2]": "X[i:i + 64], y[i:i + 64]"},
        {"batch_size": 64},
    ),
    Case(
        "not-shuffled",
        "sequential",
        {", shuffle=True": ""},
        {"batch_size=16": "batch_size=16, shuffle=True"},
    ),
    Case(
        "not-shuffled",
        "sequential",
        {"shuffle=True": "\n    shuffle=False,  # sorted\n"},
        {"shuffle=False": "shuffle=True"},
    ),
    Case(
        "not-shuffled",
        "functional",
        {},
        {
            "        for i in": (
                "        order = torch.randperm(len(X))\n"
                "        X, y = X[order], y[order]\n"
                "        for i in"
            )
        },
    ),
]
SETTINGS += [
    Case(  # rows are counted off: drawn then
        "not-shuffled",
        "functional",
        {
            "        for i in": "        rows = torch.arange(len(X))\n        for i in",
            "X[i:i + batch], y[i:i + batch]": "X[rows[i:i + batch]], y[rows[i:i + batch]]",
        },
        {"torch.arange(": "torch.randperm("},
    ),
    Case("overfitting", "class", {}, {"epochs=20": "epochs=7"}, {"epochs": 7}),
]
STARTS = [
    Case(
        "bad-init",
        "sequential",
        {
            "criterion = nn": (
                "for layer in model:\n    nn.init.constant_(layer.weight, 9)  # @init\ncriterion = nn"
            )
        },
        {"for layer in model:\n    nn.init.constant_(layer.weight, 9)  # @init\n": ""},
    ),
    Case(
        "dead-relu",
        "class",
        {"    def forward": "        self.fc1.bias.data.fill_(-99)  # @init\n\n    def forward"},
        {"\n        self.fc1.bias.data.fill_(-99)  # @init\n": ""},
    ),
    Case(
        "bad-init",
        "functional",
        {"torch.zeros(4, 1, requires_grad=True)": "(torch.randn(4, 1) * 50).requires_grad_()"},
        {"* 50": "* 0.01"},
    ),
    Case(
        "saturated",
        "functional",
        {"torch.zeros(4, 1,": "torch.full((4, 1), 80.0,"},
        {"80.0": "0.0"},
    ),
    Case(
        "saturated",
        "sequential",
        {"(8, 1),\n": "(8, 1),\n    nn.Sigmoid(),\n", "BCEWithLogitsLoss": "BCELoss", "> 0.0": "> 0.5"},
        {"    nn.Sigmoid(),\n": "", "BCELoss": "BCEWithLogitsLoss", "logits > 0.5": "logits > 0.0"},
    ),
]
DATA = [
    Case(
        "unscaled",
        "sequential",
        {},
        {
            "loader = Data": """\
mean, std = X_train.mean(0), X_train.std(0)
std[std == 0] = 1
X_train, X_test = (X_train - mean) / std, (X_test - mean) / std
loader = Data"""
        },
    ),
    Case(
        "uncentred",
        "class",
        {},
        {
            "train(net, ": """\
mean, std = X[:96].mean(0), X[:96].std(0)
std[std == 0] = 1
X = (X - mean) / std
train(net, """
        },
    ),
    Case(  # a batch is no training part
        "unscaled",
        "functional",
        {"X[i:i + batch]": "X[slice(i, i + batch)]"},
        {
            "    for epoch": """\
    mean, std = X.mean(0), X.std(0)
    std[std == 0] = 1
    X = (X - mean) / std
    for epoch"""
        },
    ),
    Case(
        "unscaled",
        "functional",
        {"    epochs, batch": "    mean = 3\n    epochs, batch"},
        {
            "    for epoch": """\
    _mean, std = X.mean(0), X.std(0)
    std[std == 0] = 1
    X = (X - _mean) / std
    for epoch"""
        },
    ),
    Case(
        "target-coding",
        "sequential",
        {"(X[:, 0] + X[:, 1] > 0).float()": "torch.sign(X[:, 0])"},
        {"y_train, y_test =": "y = (y + 1) / 2\ny_train, y_test ="},
        {"values": [-1, 1]},
    ),
    Case(
        "target-coding",
        "class",
        {"> 0).float()": "> 0).float() + 1"},
        {"train(net, ": "y = y - 1\ntrain(net, "},
        {"values": [1, 2]},
    ),
    Case(  # targets are recoded where labels are compared: for the loss alone, and each call
        "target-coding",
        "sequential",
        {
            "(X[:, 0] + X[:, 1] > 0).float()": "torch.sign(X[:, 0])",
            "    pred =": "    test_loss = criterion(logits.squeeze(1), y_test)\n    pred =",
            "== y_test": "== (y_test > 0).float()",
        },
        {
            "yb.unsqueeze(1))": "(yb.unsqueeze(1) + 1) / 2)",
            "logits.squeeze(1), y_test)": "logits.squeeze(1), (y_test + 1) / 2)",
        },
        {"values": [-1, 1]},
    ),
    Case(  # predictions are made in the same coding: for the loss alone
        "target-coding",
        "functional",
        {"(X[:, 0] + X[:, 1] > 0).float()": "torch.sign(X[:, 0])", "(out > 0).float()": "torch.sign(out)"},
        {"yb[:, None])": "(yb[:, None] + 1) / 2)"},
        {"values": [-1.0, 1.0]},
    ),
    Case(
        "imbalance",
        "sequential",
        {},
        {"LogitsLoss()": "LogitsLoss(pos_weight=torch.tensor([9.0]))"},
        {"pos_weight": 9},
    ),
    Case(
        "imbalance",
        "class",
        {"BCEWithLogits": "CrossEntropy"},
        {"EntropyLoss()": "EntropyLoss(weight=torch.tensor([1.0, 9.25]))"},
        {"pos_weight": 9.25},
    ),
    Case(
        "imbalance",
        "functional",
        {},
        {"[:, None])": "[:, None], pos_weight=torch.tensor([4.5]))"},
        {"pos_weight": 4.5},
    ),
    Case(
        "threshold",
        "sequential",
        {"@threshold": "@compare"},
        {"logits > 0.0": "logits > -1.386"},
        {"threshold": 0.2},
    ),
    Case(
        "threshold",
        "class",
        {"@threshold": "@compare"},
        {"probs >= 0.5": "probs >= 0.2"},
        {"threshold": 0.2},
    ),
    Case(
        "threshold",
        "functional",
        {"out > 0)": "out > CUT)", "@threshold": "@compare", "def main": "CUT = 0.0\n\n\ndef main"},
        {"CUT = 0.0": "CUT = 1.735"},
        {"threshold": 0.85},
    ),
]


@pytest.mark.parametrize("case", [*SETTINGS, *STARTS, *DATA], ids=str)
def test_a_value_is_changed_where_it_is_written(case: Case) -> None:
    case.check()
