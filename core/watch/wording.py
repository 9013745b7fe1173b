"""Words for what is wrong with a script: the title of a cause, a sentence with shapes, and the evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lrtui.core.doctor.pages import title_of
from lrtui.core.watch.finding import Finding

TITLES = {
    "shape-broadcast": "Predictions and targets differ in shape",
    "no-zero-grad": "Gradients are never emptied",
    "no-step": "No step is ever taken",
    "wrong-parameters": "The optimizer holds other parameters than the model uses",
    "frozen": "Parameters are frozen",
    "detached": "The loss is cut off from the model",
    "metric-wrong": "What is counted as right is counted wrongly",
    "one-column-argmax": "Argmax over one column",
    "one-output-softmax": "Softmax where there is nothing to choose between",
    "cross-entropy-one-logit": "Cross entropy over one column",
    "double-activation": "An activation too many before the loss",
    "missing-activation": "The loss wants probabilities and gets other numbers",
    "relu-before-sigmoid": "A ReLU stands before the sigmoid",
    "no-nonlinearity": "Linear layers in a row with nothing between",
    "target-coding": "Targets that the loss was not made for",
    "eval-mode": "Trained in evaluation mode",
    "train-mode": "Evaluated in training mode",
    "non-finite": "Numbers that are not finite",
    "dead-relu": "ReLUs that are dead",
}


def title(finding: Finding) -> str:
    """The name of a cause."""
    return TITLES.get(finding.cause) or title_of(finding.cause) or finding.cause


def shaped(value: Any) -> str:
    """A shape as Python writes it."""
    lengths = [str(length) for length in value] if isinstance(value, Sequence) else []
    return f"({', '.join(lengths)}{',' if len(lengths) == 1 else ''})"


def _pairs(value: Any) -> int:
    lengths = [int(length) for length in value] if isinstance(value, Sequence) else [0]
    return max(lengths, default=0)


def _broadcast(facts: Mapping[str, Any]) -> str:
    rows = _pairs(facts["output"])
    return (
        f"The loss gets predictions of shape {shaped(facts['output'])} and targets of shape "
        f"{shaped(facts['target'])}: torch compares each of {rows:,} predictions with all {rows:,} "
        f"targets, and the "
        "best answer to that is the mean of the targets for every row."
    )


def _metric(facts: Mapping[str, Any]) -> str:
    if facts["kind"] == "broadcast":
        return (
            f"Labels of shape {shaped(facts['left'])} are compared with {shaped(facts['right'])}: "
            f"that counts every "
            "pair of rows, and not each row with itself."
        )
    if facts["kind"] == "logits":
        return "The model gives logits, and labels are cut at 0.5, a probability of 0.62: cut at 0."
    return "The model gives probabilities, and labels are cut at 0, below all of them: cut at 0.5."


def _coding(facts: Mapping[str, Any]) -> str:
    values = [f"{value:g}" for value in facts["values"]]
    classes = facts.get("classes", 1)
    made = (
        "0 to 1"
        if facts["loss"] not in ("cross_entropy", "nll_loss")
        else f"whole numbers from 0 to {classes - 1}"
    )
    return f"The targets run from {values[0]} to {values[-1]}, and {facts['loss']} is made for {made}."


def _names(value: Any) -> str:
    names = [str(name) for name in value]
    shown = ", ".join(names[:4])
    return shown + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _wrong(facts: Mapping[str, Any]) -> str:
    names = _names(facts["parameters"])
    why = {
        "replaced": "the optimizer was made before a layer was replaced, and steps what nothing uses "
        "any more",
        "unregistered": "they stand in no module that parameters() goes through, such as layers in a "
        "plain list",
    }.get(facts["kind"], "they were not given to it")
    return f"The loss hangs on {names}, which no optimizer holds and which stay as they began: {why}."


def _finite(facts: Mapping[str, Any]) -> str:
    if facts["kind"] in ("input", "target"):
        return f"The {facts['kind']}s hold numbers that are not finite before anything is computed of them."
    layer = f" in {facts['layer']}" if facts.get("layer") else ""
    return f"What is not finite first comes from {facts['by']}{layer}, in step {facts['step'] + 1:,}."


def _double(facts: Mapping[str, Any]) -> str:
    name = "softmax" if "softmax" in facts["activation"] else "sigmoid"
    if facts["loss"] in ("binary_cross_entropy_with_logits", "cross_entropy"):
        return (
            f"{facts['loss']} has an activation of its own, and what it gets has been through a {name}: "
            "gradients are small, and no answer can be sure."
        )
    return f"The outputs go through a {name} twice: none can be below 0.5 or near 1."


SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "shape-broadcast": _broadcast,
    "metric-wrong": _metric,
    "target-coding": _coding,
    "wrong-parameters": _wrong,
    "non-finite": _finite,
    "double-activation": _double,
    "no-zero-grad": lambda facts: (
        "Each backward pass adds to the gradients of all steps before, for nothing empties them in "
        "between: the steps are taken by sums that grow."
    ),
    "no-step": lambda facts: "Gradients are computed, and no parameter ever changes: nothing takes a step.",
    "frozen": lambda facts: (
        f"No gradient goes to {_names(facts['parameters'])} (requires_grad is False), and they stay "
        f"as they began."
    ),
    "detached": lambda facts: (
        "The loss has no way back to the model's parameters"
        + (f": {facts['how']} cuts it." if facts.get("how") else ".")
    ),
    "one-column-argmax": lambda facts: (
        f"The largest of one column ({shaped(facts['shape'])}) is always column 0: every row gets label 0."
    ),
    "one-output-softmax": lambda facts: (
        "Softmax over the rows makes the rows of a batch share one probability."
        if facts["kind"] == "rows"
        else "Softmax over one output is always 1, whatever the model gives."
    ),
    "cross-entropy-one-logit": lambda facts: (
        f"Cross entropy over outputs of shape {shaped(facts['output'])} has one class to choose from: "
        f"the loss is "
        "always 0, and nothing is learned."
    ),
    "missing-activation": lambda facts: (
        f"{facts['loss']} is made for {'log-' if facts['loss'] == 'nll_loss' else ''}probabilities, and "
        "gets what the last layer gives as it is."
    ),
    "relu-before-sigmoid": lambda facts: (
        "What goes into the sigmoid is never below 0, so that no probability is below 0.5."
    ),
    "no-nonlinearity": lambda facts: (
        "The linear layers follow each other with nothing between, so that all of them are one; "
        "these data ask for more."
    ),
    "eval-mode": lambda facts: (
        f"The model trains in evaluation mode: {_names(facts['layers'])} do not do their part."
    ),
    "train-mode": lambda facts: (
        f"The model answers in training mode: {_names(facts['layers'])} make its answers hang on "
        f"chance or on the "
        "other rows of the batch."
    ),
}


def sentence(finding: Finding) -> str:
    """What is wrong, in words."""
    said = finding.facts.get("sentence")
    if isinstance(said, str):
        return said
    words = SENTENCES.get(finding.cause)
    return words(finding.facts) if words else f"{title(finding)}."


def evidence(finding: Finding) -> dict[str, Any]:
    """What was seen, by short names."""
    return {
        name: value
        for name, value in finding.facts.items()
        if name not in ("suspect", "sentence", "likely", "tries")
    }
