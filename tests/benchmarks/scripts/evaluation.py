"""What a script does with the outputs on rows held back: labels, and how many are right."""

from __future__ import annotations

from tests.benchmarks.scripts.losses import loss_text
from tests.benchmarks.scripts.model import call
from tests.benchmarks.scripts.names import names_of
from tests.benchmarks.scripts.recipe import Recipe

LABELS = {
    "sign": "({o} > 0).float()",
    "half": "({o} > 0.5).float()",
    "half-of-sigmoid": "(torch.sigmoid({o}) > 0.5).float()",
    "round": "torch.round({o})",
    "round-of-sigmoid": "torch.sigmoid({o}).round()",
    "argmax": "{o}.argmax(dim=1)",
    "max": "torch.max({o}, 1)[1]",
    "argmax-softmax": "torch.softmax({o}, dim=1).argmax(dim=1)",
}


def evaluation_lines(recipe: Recipe) -> list[str]:
    """From the test rows to the printed loss and accuracy."""
    names = names_of(recipe)
    lines = []
    if recipe.test_mode and recipe.form != "functional":
        lines.append(f"{names.model}.{recipe.test_mode}()")
    inner = [*_outputs(recipe), *_loss(recipe), f"{names.predicted} = {_label(recipe)}", *_measured(recipe)]
    return [*lines, "with torch.no_grad():", *(f"    {line}" for line in inner), *_told(recipe)]


def _label(recipe: Recipe) -> str:
    known = LABELS.get(recipe.decide)
    return (known or recipe.decide).replace("{o}", "test_out")


def _outputs(recipe: Recipe) -> list[str]:
    if not recipe.test_batches:
        return [f"test_out = {call(recipe, 'X_test', testing=True)}"]
    size = recipe.test_batches
    return [
        "parts = []",
        f"for i in range(0, len(X_test), {size}):",
        f"    parts.append({call(recipe, f'X_test[i:i + {size}]', testing=True)})",
        "test_out = torch.cat(parts)",
    ]


def _loss(recipe: Recipe) -> list[str]:
    """The loss on the test rows; where outputs and labels are shaped as in training."""
    if not _tells_loss(recipe):
        return []
    return [f"test_loss = {loss_text(recipe, 'test_out', 'y_test')}"]


def _tells_loss(recipe: Recipe) -> bool:
    return recipe.test_loss and recipe.squeeze == recipe.squeeze_test


def _measured(recipe: Recipe) -> list[str]:
    labels, truth = names_of(recipe).predicted, recipe.truth.format(y="y_test")
    if recipe.measure == "balanced":
        return [
            f"recall_0 = ({labels}[{truth} == 0] == 0).float().mean()",
            f"recall_1 = ({labels}[{truth} == 1] == 1).float().mean()",
            "accuracy = ((recall_0 + recall_1) / 2).item()",
        ]
    if recipe.style % 3 == 0:
        return [f"accuracy = ({labels} == {truth}).float().mean().item()"]
    if recipe.style % 3 == 1:
        return [f"correct = ({labels} == {truth}).sum().item()", "accuracy = correct / len(X_test)"]
    right = f"{labels}.eq({truth})" if truth.isidentifier() else f"({labels} == {truth})"
    return [f"accuracy = {right}.sum().item() / X_test.shape[0]"]


def _told(recipe: Recipe) -> list[str]:
    word = "balanced accuracy" if recipe.measure == "balanced" else "accuracy"
    loss = _tells_loss(recipe)
    if recipe.style % 3 == 0:
        first = "test loss {test_loss.item():.4f}, " if loss else ""
        return [f'print(f"{first}{word} {{accuracy:.4f}}")']
    if recipe.style % 3 == 1:
        lines = ['print(f"Test loss: {test_loss.item():.4f}")'] if loss else []
        return [*lines, f'print(f"Test {word}: {{100 * accuracy:.2f}}%")']
    lines = ['print("test loss:", test_loss.item())'] if loss else []
    return [*lines, f'print("test {word}:", round(accuracy, 4))']
