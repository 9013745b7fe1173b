"""Patches of the loss and of what cuts the graph on the way to it, in three ways of writing."""

from __future__ import annotations

import pytest

from tests.core.watch.patches.writing import Case

COLUMN = {"output": [16, 1], "target": [16]}
LOSSES = [
    Case(
        "cross-entropy-one-logit",
        "sequential",
        {
            "BCEWithLogitsLoss": "CrossEntropyLoss",
            "yb.unsqueeze(1)": "yb.long()",
            "(logits > 0.0).float()": "logits.argmax(dim=1)",
        },
        {
            "CrossEntropyLoss": "BCEWithLogitsLoss",
            "yb.long()": "yb.float().unsqueeze(1)",
            "logits.argmax(dim=1)": "(logits.squeeze(1) > 0.0).long()",
        },
        COLUMN,
    ),
    Case(
        "cross-entropy-one-logit",
        "class",
        {
            "BCEWithLogitsLoss": "CrossEntropyLoss",
            "torch.sigmoid(model(X))": "model(X)",
            "labels = probs >= 0.5": "conf, labels = probs.max(1)",
        },
        {
            "CrossEntropyLoss": "BCEWithLogitsLoss",
            "conf, labels = probs.max(1)": "conf, labels = probs, (probs.squeeze(1) > 0.0).long()",
        },
        {"output": [96, 1], "target": [96, 1], "target_dtype": "float32"},
    ),
    Case(
        "cross-entropy-one-logit",
        "functional",
        {
            "binary_cross_entropy_with_logits(out, yb[:, None])": "cross_entropy(out, yb.long())",
            "(out > 0).float()": "out.max(1)[1]",
        },
        {
            "cross_entropy(out, yb.long())": (
                "binary_cross_entropy_with_logits(out, yb.float().unsqueeze(1))"
            ),
            "out.max(1)[1]": "(out.squeeze(1) > 0.0).long()",
        },
        COLUMN,
    ),
    Case(
        "missing-activation",
        "sequential",
        {
            "BCEWithLogitsLoss": "BCELoss",
            "criterion(out, ": "criterion(out.clamp(1e-6, 1 - 1e-6), ",
            "logits > 0.0": "logits > 0.5",
        },
        {
            "BCELoss": "BCEWithLogitsLoss",
            "out.clamp(1e-6, 1 - 1e-6)": "out",
            "logits > 0.5": "logits > 0.0",
        },
    ),
    Case(  # the same loss of the test rows would fail on logits
        "missing-activation",
        "functional",
        {
            "binary_cross_entropy_with_logits(out, yb[:, None])": "binary_cross_entropy(out, yb[:, None])",
            "    pred = (out > 0)": (
                "    print(F.binary_cross_entropy(out, y[:, None]))\n    pred = (out > 0.5)"
            ),
        },
        {
            "F.binary_cross_entropy(out, yb": "F.binary_cross_entropy_with_logits(out, yb",
            "F.binary_cross_entropy(out, y[": "F.binary_cross_entropy_with_logits(out, y[",
            "out > 0.5": "out > 0.0",
        },
    ),
    Case("missing-activation", "class", {"BCEWithLogitsLoss": "BCELoss"}, {"BCELoss": "BCEWithLogitsLoss"}),
    Case(  # by hand there is no loss of logits to take: the outputs become probabilities
        "missing-activation",
        "functional",
        {
            "F.binary_cross_entropy_with_logits(out, yb[:, None])": (
                "-(yb[:, None] * torch.log(out)).mean()"
            ),
            "out > 0)": "out > 0.5)",
        },
        {"z = x @ w + b": "z = torch.sigmoid(x @ w + b)"},
    ),
]
CUTS = [
    Case(
        "detached",
        "sequential",
        {"model(xb)": "model(xb).detach().requires_grad_()", "# @forward": "# @forward @cut"},
        {"model(xb).detach().requires_grad_()": "model(xb)"},
    ),
    Case(
        "detached",
        "class",
        {
            "x = self.fc2(x)\n": (
                "x = torch.tensor(self.fc2(x).detach().numpy(), requires_grad=True)  # @cut\n"
            )
        },
        {"torch.tensor(self.fc2(x).detach().numpy(), requires_grad=True)": "self.fc2(x)"},
    ),
    Case(
        "detached",
        "functional",
        {
            "            loss.backward()": (
                "            loss = torch.tensor(loss.item(), requires_grad=True)  # "
                "@cut\n"
                "            loss.backward()"
            )
        },
        {"            loss = torch.tensor(loss.item(), requires_grad=True)  # @cut\n": ""},
    ),
    Case(  # a label made by a threshold stays for whoever counts with it
        "detached",
        "sequential",
        {
            "        loss = criterion(out, yb.unsqueeze(1))  # @loss\n": """\
        guess = (out > 0).float()  # @cut
        loss = criterion(guess, yb.unsqueeze(1))  # @loss
        loss.requires_grad_()
"""
        },
        {"criterion(guess, ": "criterion(out, "},
    ),
    Case(
        "detached",
        "class",
        {
            "        out = model(X)  # @forward\n": """\
        with torch.no_grad():
            # fast
            out = model(X)  # @forward @cut
        out.requires_grad_()
"""
        },
        {
            """\
        with torch.no_grad():
            # fast
            out = model(X)  # @forward @cut
""": """\
        # fast
        out = model(X)  # @forward @cut
"""
        },
    ),
]


@pytest.mark.parametrize("case", [*LOSSES, *CUTS], ids=str)
def test_a_loss_is_mended_with_all_that_hangs_on_it(case: Case) -> None:
    case.check()
