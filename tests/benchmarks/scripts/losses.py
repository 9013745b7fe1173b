"""The loss of a script: a module, a function, or a formula by hand."""

from __future__ import annotations

from tests.benchmarks.scripts.names import names_of
from tests.benchmarks.scripts.recipe import Recipe

LIBRARY = {
    "bce-logits": ("nn.BCEWithLogitsLoss", "F.binary_cross_entropy_with_logits"),
    "bce": ("nn.BCELoss", "F.binary_cross_entropy"),
    "ce": ("nn.CrossEntropyLoss", "F.cross_entropy"),
    "mse": ("nn.MSELoss", "F.mse_loss"),
    "nll": ("nn.NLLLoss", "F.nll_loss"),
}
BY_HAND = {
    "hand-bce": "-({y} * torch.log({o}) + (1 - {y}) * torch.log(1 - {o})).mean()",
    "hand-bce-eps": "-({y} * torch.log({o} + 1e-7) + (1 - {y}) * torch.log(1 - {o} + 1e-7)).mean()",
    "hand-mse": "(({o} - {y}) ** 2).mean()",
    "hand-mse-pow": "torch.mean(torch.pow({y} - {o}, 2))",
    "hand-logistic": "F.softplus(-(2 * {y} - 1) * {o}).mean()",
    "hand-softplus": "(F.softplus({o}) - {y} * {o}).mean()",
}


def criterion_lines(recipe: Recipe) -> list[str]:
    """The loss as a module, where it is one."""
    if _is_module(recipe):
        return [f"{names_of(recipe).criterion} = {LIBRARY[recipe.loss][0]}({recipe.loss_options})"]
    return []


def loss_text(recipe: Recipe, output: str, y: str) -> str:
    """The expression of the loss."""
    if recipe.loss in BY_HAND:
        return BY_HAND[recipe.loss].format(o=output, y=y)
    if _is_module(recipe):
        return f"{names_of(recipe).criterion}({output}, {y})"
    more = f", {recipe.loss_options}" if recipe.loss_options else ""
    return f"{LIBRARY[recipe.loss][1]}({output}, {y}{more})"


def _is_module(recipe: Recipe) -> bool:
    return recipe.loss in LIBRARY and recipe.form != "functional" and recipe.style % 3 != 2
