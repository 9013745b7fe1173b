"""How the parts of a script are called: people differ in it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.scripts.recipe import Recipe


@dataclass(frozen=True)
class Names:
    """The names of a style."""

    model: str
    criterion: str
    optimizer: str
    output: str
    predicted: str
    forward: str  # of a model that is a function
    net: str  # of a model that is a class


STYLES = (
    Names("model", "criterion", "optimizer", "outputs", "predicted", "forward", "Net"),
    Names("net", "loss_fn", "opt", "out", "pred", "predict", "Classifier"),
    Names("clf", "loss_function", "optim", "y_hat", "labels", "net", "LogReg"),
)


def names_of(recipe: Recipe) -> Names:
    """The names in a recipe's script."""
    return STYLES[recipe.style % len(STYLES)]


def rate_text(recipe: Recipe) -> str:
    """How the learning rate is written where it is used."""
    return "args.lr" if recipe.layout == "main" else (f"{recipe.lr:g}", "lr", "LR")[recipe.style % 3]


def epochs_text(recipe: Recipe) -> str:
    """How the number of epochs is written where it is used."""
    return (
        "args.epochs"
        if recipe.layout == "main"
        else (f"{recipe.epochs}", "epochs", "EPOCHS")[recipe.style % 3]
    )


def batch_text(recipe: Recipe) -> str:
    """How the size of a batch is written where it is used."""
    if recipe.layout == "main":
        return "args.batch_size"
    return (f"{recipe.batch_size}", "batch_size", "BATCH_SIZE")[recipe.style % 3]


def settings_lines(recipe: Recipe) -> list[str]:
    """Settings at the top, where the style has them there."""
    if recipe.layout == "main" or recipe.style % 3 == 0:
        return []
    values = {rate_text(recipe): f"{recipe.lr:g}", epochs_text(recipe): str(recipe.epochs)}
    if recipe.batches != "full":
        values[batch_text(recipe)] = str(recipe.batch_size)
    return [f"{name} = {value}" for name, value in values.items()]
