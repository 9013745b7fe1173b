"""Patches in the ways of writing that the files beside this one leave out: each is tested in three."""

from __future__ import annotations

from collections import defaultdict

import pytest

from lrtui.core.watch.patches.registry import patches
from tests.core.watch.patches import test_loops, test_losses, test_outputs, test_settings
from tests.core.watch.patches.writing import Case

MODULES = {"eval-mode", "train-mode"}  # what has no modules has no mode
TRAINED = "train(net, X[:96], y[:96], optimizer, epochs=20)"
LOADED = """\
loader = torch.utils.data.DataLoader(list(zip(X, y)), batch_size=2)  # @loader
for xb, yb in loader:
    train(net, xb, yb, optimizer, epochs=1)"""
SCALED = "mean, std = X_train.mean(0), X_train.std(0)\nX_train = (X_train - mean) / std\n"
STANDARDIZED = """\
mean, std = {0}.mean(0), {0}.std(0)
std[std == 0] = 1
"""
CLIPPED = """\
low = torch.quantile(torch.as_tensor({0}), 0.05, 0)
high = torch.quantile(torch.as_tensor({0}), 0.95, 0)
"""
PAIR = "X_train, X_test = "
DEAD = "    def forward(self, x):\n"
CROSS = "        loss = loss_fn(\n            out,\n            y.view(-1, 1),\n        )  # @loss\n"
LOGARITHM = "        loss = -torch.log(torch.sigmoid(out) * y.view(-1, 1)).mean()  # @loss @operation\n"
SETTINGS = [
    Case("lr-too-high", "functional", {}, {"default=0.5": "default=0.01"}, {"lr": 0.01}),
    Case("lr-too-low", "sequential", {"lr=0.5": "lr=1e-6"}, {"1e-6": "0.1"}, {"lr": 0.1}),
    Case("lr-too-low", "class", {"lr=0.05": "lr=1e-7"}, {"1e-7": "0.01"}, {"lr": 0.01}),
    Case(
        "weight-decay-too-strong",
        "functional",
        {"lr=args.lr": "lr=args.lr, weight_decay=3.0"},
        {"decay=3.0": "decay=0.0"},
        {"weight_decay": 0.0},
    ),
    Case("overfitting", "sequential", {}, {"range(10)": "range(3)"}, {"epochs": 3}),
    Case("batch-too-small", "class", {TRAINED: LOADED}, {"size=2": "size=64"}, {"batch_size": 64}),
    Case("not-shuffled", "class", {TRAINED: LOADED}, {"size=2": "size=2, shuffle=True"}),
    Case("momentum", "sequential", {}, {"lr=0.5": "lr=0.5, momentum=0.9"}, {"momentum": 0.9}),
    Case("momentum", "class", {"Adam": "SGD"}, {"lr=0.05": "lr=0.05, momentum=0.9"}, {"momentum": 0.9}),
    Case("momentum", "functional", {}, {"lr=args.lr": "lr=args.lr, momentum=0.9"}, {"momentum": 0.9}),
]
STARTS = [
    Case(
        "bad-init",
        "class",
        {DEAD: "        nn.init.normal_(self.fc1.weight, std=50)  # @init\n\n" + DEAD},
        {"\n        nn.init.normal_(self.fc1.weight, std=50)  # @init\n": ""},
    ),
    Case(
        "dead-relu",
        "sequential",
        {"criterion = nn": "model[0].bias.data.fill_(-40.0)  # @init\ncriterion = nn"},
        {"model[0].bias.data.fill_(-40.0)  # @init\n": ""},
    ),
    Case(
        "dead-relu",
        "functional",
        {
            "z = x @ w + b": "z = F.relu(x @ w + b)",
            "    epochs, batch": "    b.data.fill_(-40.0)  # @init\n    epochs, batch",
        },
        {"    b.data.fill_(-40.0)  # @init\n": ""},
    ),
    Case(
        "saturated",
        "class",
        {DEAD: "        self.fc2.bias.data.fill_(30.0)  # @init\n\n" + DEAD},
        {"\n        self.fc2.bias.data.fill_(30.0)  # @init\n": ""},
    ),
]
DATA = [
    Case(
        "unscaled",
        "class",
        {},
        {"train(net, ": STANDARDIZED.format("X[:96]") + "X = (X - mean) / std\ntrain(net, "},
    ),
    Case(
        "uncentred",
        "sequential",
        {},
        {
            "loader = Data": STANDARDIZED.format("X_train")
            + f"{PAIR}(X_train - mean) / std, (X_test - mean) / std\nloader = Data"
        },
    ),
    Case(
        "uncentred",
        "functional",
        {"    epochs, batch = 5, 16\n": ""}
        | {"range(epochs)": "range(5)", "len(X), batch": "len(X), 16"}
        | {"X[i:i + batch], y[i:i + batch]": "X[i:i + 16], y[i:i + 16]"},
        {
            "    for epoch": "    mean, std = X.mean(0), X.std(0)\n    std[std == 0] = 1\n"
            "    X = (X - mean) / std\n    for epoch"
        },
    ),
    Case(
        "outliers",
        "sequential",
        {},
        {
            "loader = Data": CLIPPED.format("X_train")
            + f"{PAIR}torch.as_tensor(X_train).clamp(low, high), torch.as_tensor(X_test).clamp(low, high)\n"
            + STANDARDIZED.format("X_train")
            + f"{PAIR}(X_train - mean) / std, (X_test - mean) / std\nloader = Data"
        },
    ),
    Case(  # what lies far out in rows that are tested must not move the bounds
        "outliers",
        "class",
        {},
        {
            "train(net, ": CLIPPED.format("X[:96]")
            + "X = torch.as_tensor(X).clamp(low, high)\n"
            + STANDARDIZED.format("X[:96]")
            + "X = (X - mean) / std\ntrain(net, "
        },
    ),
    Case(
        "outliers",
        "functional",
        {},
        {
            "    for epoch": "    low = torch.quantile(torch.as_tensor(X), 0.05, 0)\n"
            "    high = torch.quantile(torch.as_tensor(X), 0.95, 0)\n"
            "    X = torch.as_tensor(X).clamp(low, high)\n"
            "    mean, std = X.mean(0), X.std(0)\n    std[std == 0] = 1\n"
            "    X = (X - mean) / std\n    for epoch"
        },
    ),
    Case(
        "target-mismatch",
        "sequential",
        {"loader = Data": f"{SCALED}loader = Data"},
        {"X_train = (X": "X_test = (X_test - mean) / std\nX_train = (X"},
    ),
    Case(
        "target-mismatch",
        "class",
        {
            TRAINED: "here, there = X[:96], X[96:]\nhere = scaler.fit_transform(here)\n"
            "train(net, here, y[:96], optimizer, epochs=20)",
            "accuracy(net, X[96:], ": "accuracy(net, there, ",
        },
        {"transform(here)\n": "transform(here)\nthere = scaler.transform(there)\n"},
    ),
    Case(  # the numbers are those of training rows, before they are scaled themselves
        "target-mismatch",
        "functional",
        {
            "    epochs, batch": "    held = X[96:]\n    X = (X - X.mean(0)) / X.std(0)\n    epochs, batch",
            "forward(X, w, b).detach()": "forward(held, w, b).detach()",
            "pred[:, 0] == y)": "pred[:, 0] == y[96:])",
        },
        {"    X = (X - X": "    held = (held - X.mean(0)) / X.std(0)\n    X = (X - X"},
    ),
    Case(
        "non-finite",
        "sequential",
        {},
        {
            "X_train, X_test =": "X[X != X] = 0\nX_train, X_test =",
            "loader = Data": "X_train[X_train != X_train] = 0\nloader = Data",
            "with torch": "X_test[X_test != X_test] = 0\nwith torch",
        },
        {"kind": "input"},
    ),
    Case(
        "non-finite",
        "class",
        {CROSS: LOGARITHM},
        {"torch.sigmoid(out) * y.view(-1, 1)": "(torch.sigmoid(out) * y.view(-1, 1)) + 1e-7"},
        {"kind": "operation", "by": "log"},
    ),
    Case(
        "non-finite",
        "functional",
        {
            "F.binary_cross_entropy_with_logits(out, yb[:, None])  # @loss": (
                "-(torch.sigmoid(out) * yb[:, None]).log().mean()  # @loss @operation"
            )
        },
        {"(torch.sigmoid(out) * yb[:, None])": "((torch.sigmoid(out) * yb[:, None]) + 1e-7)"},
        {"kind": "operation", "by": "log"},
    ),
]
ALIKE = {"loader = Data": SCALED + "X_test = (X_test - mean) / std\nloader = Data"}
UNSAFE = [  # both parts are scaled already, or none is; Adam has no momentum of that name
    Case("target-mismatch", "sequential", {}, {}),
    Case("target-mismatch", "sequential", ALIKE, {}),
    Case("momentum", "class", {}, {}, {"momentum": 0.9}),
]
EVERY = [
    case
    for file in (test_loops, test_losses, test_outputs, test_settings)
    for value in vars(file).values()
    if isinstance(value, list)
    for case in value
    if isinstance(case, Case)
]


@pytest.mark.parametrize("case", [*SETTINGS, *STARTS, *DATA], ids=str)
def test_a_patch_mends_every_way_of_writing(case: Case) -> None:
    case.check()


@pytest.mark.parametrize("case", UNSAFE, ids=["unscaled", "scaled alike", "Adam"])
def test_nothing_is_edited_where_no_edit_is_safe(case: Case) -> None:
    case.refuse()


def test_each_patch_is_tested_in_three_ways_of_writing() -> None:
    ways: dict[str, set[str]] = defaultdict(set)
    for case in [*EVERY, *SETTINGS, *STARTS, *DATA]:
        ways[case.cause].add(case.way)
    lacking = {cause: 3 - len(ways[cause]) for cause in patches() if len(ways[cause]) < 3}
    assert lacking == dict.fromkeys(MODULES, 1)
