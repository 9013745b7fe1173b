"""Patches of shapes, activations and of how labels are made, in three ways of writing."""

from __future__ import annotations

import pytest

from tests.core.watch.patches.writing import Case

COLUMN = {"output": [16, 1], "target": [16]}
LAST = "    nn.Linear(8, 1),\n"
SHAPES = [
    Case(
        "shape-broadcast",
        "sequential",
        {"BCEWithLogitsLoss": "MSELoss", "yb.unsqueeze(1)": "yb"},
        {"criterion(out, yb)": "criterion(out, yb.unsqueeze(1))"},
        COLUMN,
    ),
    Case(  # by hand, and the accuracy broadcasts as well
        "shape-broadcast",
        "class",
        {
            "loss_fn(\n            out,\n            y.view(-1, 1),\n        )": "((out - y) ** 2).mean()",
            "labels.view(-1) == y": "labels == y",
        },
        {"out - y)": "out - y.unsqueeze(1))", "labels == y": "labels.squeeze(1) == y"},
        COLUMN,
    ),
    Case(  # in a function of one's own: where it is called
        "shape-broadcast",
        "functional",
        {
            "def main": (
                "def bce(p, t, eps=1e-7):\n"
                "    return -(t * torch.log(p + eps) + (1 - t) * torch.log(1 - p + "
                "eps)).mean()  # @loss\n"
                "\n"
                "\n"
                "def main"
            ),
            "F.binary_cross_entropy_with_logits(out, yb[:, None])  # @loss": "bce(torch.sigmoid(out), yb)",
        },
        {"bce(torch.sigmoid(out), yb)": "bce(torch.sigmoid(out), yb.unsqueeze(1))"},
        COLUMN,
    ),
    Case(  # where the loss is evaluated as well
        "shape-broadcast",
        "sequential",
        {
            "BCEWithLogitsLoss": "MSELoss",
            "yb.unsqueeze(1)": "yb",
            "    pred =": "    test_loss = criterion(logits, y_test)\n    pred =",
        },
        {
            "criterion(out, yb)": "criterion(out, yb.unsqueeze(1))",
            "(logits, y_test)": "(logits, y_test.unsqueeze(1))",
        },
        COLUMN,
    ),
    Case(  # the data are made by a product too, which is no prediction
        "shape-broadcast",
        "functional",
        {
            "y = (X[:, 0] + X[:, 1] > 0).float()": "y = (X @ torch.ones(4) > 0).float()",
            "F.binary_cross_entropy_with_logits(out, yb[:, None])  # @loss": "mse(out.sigmoid(), yb)",
            "def main": (
                "def mse(pred, target):\n"
                "    diff = pred - target  # @loss\n"
                "    return (diff * diff).mean()\n"
                "\n"
                "\n"
                "def main"
            ),
        },
        {"mse(out.sigmoid(), yb)": "mse(out.sigmoid(), yb.unsqueeze(1))"},
        COLUMN,
    ),
    Case(
        "shape-broadcast",
        "class",
        {"return x\n": "return x.squeeze(1)\n", "nn.BCEWithLogits": "nn.L1", "# @compare": "# flat"},
        {"y.view(-1, 1)": "y.view(-1, 1).squeeze(1)"},
        {"output": [96], "target": [96, 1]},
    ),
]
METRICS = [
    Case(
        "metric-wrong",
        "sequential",
        {"pred.squeeze(1) ==": "pred =="},
        {"pred ==": "pred.squeeze(1) =="},
        {"kind": "broadcast", "left": [32, 1], "right": [32]},
    ),
    Case(
        "metric-wrong",
        "class",
        {"torch.sigmoid(model(X))": "model(X)", "@threshold": "@compare", "item()  # @compare": "item()"},
        {"probs >= 0.5": "probs >= 0.0"},
        {"kind": "logits"},
    ),
    Case(
        "metric-wrong",
        "functional",
        {"(out > 0).float()  # @threshold": "out.round()  # @compare", "item())  # @compare": "item())"},
        {"out.round()": "torch.sigmoid(out).round()"},
        {"kind": "logits"},
    ),
    Case(
        "metric-wrong",
        "functional",
        {
            "(out > 0).float()  # @threshold": "out.argmax(1, keepdim=True)  # @compare",
            "item())  # @compare": "item())",
        },
        {"out.argmax(1, keepdim=True)": "(out > 0.0).long()"},
        {"kind": "one-column-argmax"},
    ),
    Case(
        "one-column-argmax",
        "sequential",
        {"(logits > 0.0).float()  # @threshold": "torch.argmax(logits, dim=1)  # @compare"},
        {"torch.argmax(logits, dim=1)": "(logits.squeeze(1) > 0.0).long()"},
    ),
    Case(
        "one-column-argmax",
        "class",
        {"labels = probs >= 0.5  # @threshold": "_, labels = torch.max(probs, 1)  # @compare"},
        {"_, labels = torch.max(probs, 1)": "labels = (probs.squeeze(1) > 0.5).long()"},
    ),
    Case(
        "one-column-argmax",
        "functional",
        {"(out > 0).float()  # @threshold": "out.max(dim=1).indices  # @compare"},
        {"out.max(dim=1).indices": "(out.squeeze(1) > 0.0).long()"},
    ),
]
SIGMOID = {"x = self.fc2(x)": "x = torch.sigmoid(self.fc2(x))"}
ACTIVATIONS = [
    Case(
        "double-activation",
        "sequential",
        {LAST: "    nn.Linear(8, 1),  # last\n    nn.Sigmoid(),\n", "logits > 0.0": "logits > 0.5"},
        {"    nn.Sigmoid(),\n": "", "logits > 0.5": "logits > 0.0"},
    ),
    Case(  # the script puts a second one on for its predictions, which is the only one then
        "double-activation",
        "class",
        SIGMOID,
        {"torch.sigmoid(self.fc2(x))": "self.fc2(x)"},
    ),
    Case(
        "double-activation",
        "class",
        {**SIGMOID, "torch.sigmoid(model(X))": "model(X)", "probs >= 0.5": "probs.ge(0.5)"},
        {"torch.sigmoid(self.fc2(x))": "self.fc2(x)", "probs.ge(0.5)": "probs.ge(0.0)"},
    ),
    Case(  # in the loop alone: predictions never went through it
        "double-activation",
        "sequential",
        {"criterion(out, ": "criterion(out.sigmoid(), "},
        {"out.sigmoid()": "out"},
    ),
    Case(
        "double-activation",
        "functional",
        {"return z": "return 1 / (1 + torch.exp(-z))", "out > 0)": "out > 0.5)"},
        {"return 1 / (1 + torch.exp(-z))": "return z", "out > 0.5)": "out > 0.0)"},
    ),
    Case(  # an argmax chooses the same class of logits
        "double-activation",
        "class",
        {
            "x = self.fc2(x)": "x = F.softmax(self.fc2(x), dim=1)",
            "nn.Linear(hidden, 1)": "nn.Linear(hidden, 2)",
            "BCEWithLogitsLoss": "CrossEntropyLoss",
            "y.view(-1, 1)": "y.long()",
            "torch.sigmoid(model(X))": "model(X)",
            "probs >= 0.5": "probs.argmax(1)",
        },
        {"F.softmax(self.fc2(x), dim=1)": "self.fc2(x)"},
    ),
    Case(
        "one-output-softmax",
        "sequential",
        {LAST: LAST + "    nn.Softmax(dim=1),\n", "BCEWithLogits": "BCE", "logits > 0.0": "logits > 0.5"},
        {"nn.Softmax(dim=1)": "nn.Sigmoid()"},
    ),
    Case(
        "one-output-softmax",
        "class",
        {"x = self.fc2(x)": "x = F.softmax(self.fc2(x), dim=1)", "BCEWithLogits": "BCE"},
        {"F.softmax(self.fc2(x), dim=1)": "torch.sigmoid(self.fc2(x))"},
    ),
    Case(
        "one-output-softmax",
        "functional",
        {"return z": "return z.softmax(0)"},
        {"z.softmax(0)": "z.softmax(1)"},
        {"columns": 3, "dim": 0},
    ),
    Case(  # the loss has a sigmoid inside
        "one-output-softmax",
        "functional",
        {"return z": "return z.softmax(1)"},
        {"z.softmax(1)": "z"},
        {"columns": 1, "dim": 1},
    ),
    Case(
        "relu-before-sigmoid",
        "sequential",
        {LAST: LAST + "    nn.ReLU(),  # oh\n"},
        {"    nn.ReLU(),  # oh\n": ""},
    ),
    Case(
        "relu-before-sigmoid",
        "class",
        {"x = self.fc2(x)": "x = torch.sigmoid(F.relu(self.fc2(x)))"},
        {"F.relu(self.fc2(x))": "self.fc2(x)"},
    ),
    Case(  # the loss is found by what goes backward
        "relu-before-sigmoid",
        "functional",
        {"return z": "return z.relu()", "  # @loss": ""},
        {"z.relu()": "z"},
    ),
    Case(
        "no-nonlinearity",
        "sequential",
        {"    nn.ReLU(),  # hidden\n": ""},
        {"nn.Linear(4, 8),\n": "nn.Linear(4, 8),\n    nn.Tanh(),\n"},
    ),
    Case(
        "no-nonlinearity",
        "class",
        {"F.relu(self.fc1(x))": "self.fc1(x)", "hidden=8": "hidden=32"},
        {"x = self.fc1(x)": "x = torch.relu(self.fc1(x))"},
    ),
    Case(
        "no-nonlinearity",
        "functional",
        {"z = x @ w + b": "h = x @ w + b\n    z = h @ w + b"},
        {"h = x @ w + b": "h = torch.relu(x @ w + b)"},
    ),
]


@pytest.mark.parametrize("case", [*SHAPES, *METRICS, *ACTIVATIONS], ids=str)
def test_outputs_and_labels_are_mended_together(case: Case) -> None:
    case.check()
