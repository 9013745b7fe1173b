"""Patches of the training loop: steps, gradients, parameters and modes, in three ways of writing."""

from __future__ import annotations

import pytest

from lrtui.core.watch.finding import Finding, Place
from lrtui.core.watch.patches import patch
from tests.core.watch.patches.writing import FILE, SEQUENTIAL, Case, changed, mended, places

BY_HAND = {
    "            optimizer.step()  # @step\n": """\
            with torch.no_grad():
                w -= args.lr * w.grad  # @step
                b -= args.lr * b.grad
""",
    "    optimizer = torch.optim.SGD([w, b], lr=args.lr)  # @optimizer\n": "",
    "            optimizer.zero_grad()\n": "",
}
STEPS = [
    Case(
        "no-zero-grad",
        "sequential",
        {"        optimizer.zero_grad()\n": ""},
        {"        loss.backward()": "        optimizer.zero_grad()\n        loss.backward()"},
    ),
    Case(
        "no-zero-grad",
        "class",
        {"        opt.zero_grad()\n": ""},
        {"        loss.backward()": "        opt.zero_grad()\n        loss.backward()"},
    ),
    Case(
        "no-zero-grad",
        "functional",
        BY_HAND,
        {
            "w.grad  # @step\n": "w.grad  # @step\n                w.grad = None\n",
            "args.lr * b.grad\n": "args.lr * b.grad\n                b.grad = None\n",
        },
    ),
    Case(  # gradients are gathered on purpose, and never emptied
        "no-zero-grad",
        "sequential",
        {
            "        optimizer.zero_grad()\n": "",
            "        optimizer.step()  # @step": "        if len(xb) < 16: optimizer.step()  # @step",
        },
        {"optimizer.step()  # @step": "optimizer.step(); optimizer.zero_grad()  # @step"},
    ),
    Case(
        "no-step",
        "sequential",
        {"        optimizer.step()  # @step\n": "", "zero_grad()": "zero_grad()  # @zero_grad"},
        {"loss.backward()  # @backward\n": "loss.backward()  # @backward\n        optimizer.step()\n"},
    ),
    Case(
        "no-step",
        "class",
        {"        opt.step()  # @step\n": ""},
        {"loss.backward()  # @backward\n": "loss.backward()  # @backward\n        opt.step()\n"},
    ),
    Case(
        "no-step",
        "functional",
        {"optimizer.step()": "optimizer.step"},
        {"optimizer.step ": "optimizer.step() "},
    ),
    Case(  # emptied between the two: the step has nothing to go by
        "no-step",
        "functional",
        {
            "            optimizer.zero_grad()\n": "",
            "            optimizer.step()": (
                "            optimizer.zero_grad()  # @zero_grad\n            optimizer.step()"
            ),
        },
        {
            "            loss.backward()  # @backward\n            optimizer.zero_grad()  # @zero_grad\n": (
                "            optimizer.zero_grad()  # @zero_grad\n"
                "            loss.backward()  # @backward\n"
            )
        },
    ),
]
LATE = (
    "scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 5)\n"
    "# a new head\n"
    "model[2] = nn.Linear(8, 1)  # @layer\n"
)
BUILT = "optimizer = torch.optim.SGD(model.parameters(), lr=0.5)  # @optimizer\n"
PARAMETERS = [
    Case(
        "wrong-parameters",
        "sequential",
        {BUILT: BUILT + LATE},
        {
            BUILT + LATE: "# a new head\nmodel[2] = nn.Linear(8, 1)  # @layer\n"
            + BUILT
            + "scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 5)\n"
        },
    ),
    Case(
        "wrong-parameters",
        "class",
        {
            "        self.fc1 =": (
                "        self.layers = [\n"
                "            nn.Linear(d, d),  # @layer\n"
                "        ]\n"
                "        self.fc1 ="
            )
        },
        {"self.layers = [": "self.layers = nn.ModuleList([", "        ]\n": "        ])\n"},
    ),
    Case(
        "wrong-parameters",
        "class",
        {
            "        self.fc1 =": (
                "        self.more = []\n"
                "        self.more.append(nn.Linear(d, d))  # @layer\n"
                "        self.fc1 ="
            )
        },
        {"self.more = []": "self.more = nn.ModuleList()"},
    ),
    Case(
        "wrong-parameters",
        "class",
        {"net.parameters()": "net.fc2.parameters()"},
        {"net.fc2.par": "net.par"},
    ),
    Case("wrong-parameters", "functional", {"SGD([w, b]": "SGD([b]"}, {"SGD([b]": "SGD([b, w]"}),
    Case(
        "frozen",
        "sequential",
        {
            "criterion = nn": (
                "for p in model.parameters():\n    p.requires_grad = False  # for now\ncriterion = nn"
            )
        },
        {"p.requires_grad = False": "p.requires_grad = True"},
    ),
    Case(
        "frozen",
        "class",
        {"nn.Linear(hidden, 1)": "nn.Linear(hidden, 1).requires_grad_(False)"},
        {"requires_grad_(False)": "requires_grad_(True)"},
    ),
    Case(
        "frozen",
        "sequential",
        {"criterion = nn": "model[0].weight.requires_grad = False\ncriterion = nn"},
        {"requires_grad = False": "requires_grad = True"},
    ),
    Case(
        "frozen",
        "functional",
        {"torch.zeros(4, 1, requires_grad=True)": "0.1 * torch.randn(4, 1)"},
        {"0.1 * torch.randn(4, 1)": "(0.1 * torch.randn(4, 1)).requires_grad_()"},
    ),
    Case(
        "frozen",
        "functional",
        {"zeros(4, 1, requires_grad=True)": "zeros(4, 1)"},
        {"zeros(4, 1)": "zeros(4, 1, requires_grad=True)"},
    ),
]
MODES = [
    Case(
        "eval-mode",
        "sequential",
        {
            "    model.train()\n": "",
            "criterion = nn": "model.eval()\ncriterion = nn",
            "# how good is it?\nmodel.eval()\n": "# how good is it?\n",
        },
        {
            "model.eval()\ncriterion = nn": "model.train()\ncriterion = nn",
            "# how good is it?\n": "model.eval()\n# how good is it?\n",
        },
    ),
    Case(
        "eval-mode",
        "class",
        {"        model.train()\n": "        model.eval()\n"},
        {"        model.eval()\n        opt": "        model.train()\n        opt"},
    ),
    Case(
        "eval-mode",
        "class",
        {"        model.train()\n": "", "        opt.zero": "        model.train(False)\n        opt.zero"},
        {"model.train(False)": "model.train()"},
    ),
    Case(
        "train-mode",
        "sequential",
        {"model.eval()\n": ""},
        {"# how good is it?\n": "model.eval()\n# how good is it?\n"},
    ),
    Case(
        "train-mode",
        "class",
        {"    model.eval()\n": ""},
        {"    with torch.no": "    model.eval()\n    with torch.no"},
    ),
    Case(  # evaluated within the training loop: back to training for the next epoch
        "train-mode",
        "class",
        {
            "        model.train()\n": "",
            "        opt.step()  # @step\n": """\
        opt.step()  # @step
        if epoch % 5 == 0:
            print(model(X[:8]).mean())  # @evaluate
""",
        },
        {
            "        out = model(X)": "        model.train()\n        out = model(X)",
            "        if epoch": "        model.eval()\n        if epoch",
            "    model.eval()\n    with": "    model.eval()\n    with",
        },
    ),
]


@pytest.mark.parametrize("case", [*STEPS, *PARAMETERS, *MODES], ids=str)
def test_a_loop_is_mended_and_nothing_else_is_touched(case: Case) -> None:
    case.check()


def test_no_patch_where_none_is_safe_or_known() -> None:
    assert mended("no-step", SEQUENTIAL) is None  # it steps already
    assert mended("non-finite", SEQUENTIAL) is None
    assert mended("not-shuffled", changed(SEQUENTIAL, {"shuffle=True": "sampler=chosen"})) is None
    assert patch(Finding("no-step", places(SEQUENTIAL)), {FILE: "def broken(:\n"}) is None
    elsewhere = {"backward": [Place("/home/ada/other.py", 3)], "loss": [Place(FILE, 4000)]}
    assert all(
        patch(Finding(cause, elsewhere), {FILE: SEQUENTIAL}) is None
        for cause in ("no-step", "double-activation")
    )
