"""The ways of writing the same training: form, layout, batches, data and style, each differently mixed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.benchmarks.scripts.data import DATA
from tests.benchmarks.scripts.recipe import Recipe

MODULES = ("sequential", "class")
FORMS = ("functional", "sequential", "class")
MIXES = (
    # layout, batches, data, style
    ("flat", "full", "clouds", 0),
    ("function", "loader", "cancer", 1),
    ("main", "slices", "linear", 2),
    ("function", "slices", "clouds-torch", 2),
    ("main", "full", "cancer", 1),
    ("flat", "loader", "clouds", 0),
    ("main", "loader", "linear", 0),
    ("flat", "full", "clouds-torch", 1),
    ("function", "full", "linear", 2),
)
LAYOUTS = ("flat", "function", "main")
CURVED = ("moons", "circles", "xor")
MANY = ("iris", "clouds3", "wine")


def logits(count: int = 6, forms: Iterable[str] = FORMS, **values: Any) -> tuple[Recipe, ...]:
    """Logistic regressions that give logits to BCEWithLogits."""
    return tuple(_trained(_mixed(number, forms)).having(**values) for number in range(count))


def probabilities(count: int = 6, forms: Iterable[str] = FORMS, **values: Any) -> tuple[Recipe, ...]:
    """Logistic regressions that end in a sigmoid."""
    own = {"ending": ("sigmoid",), "loss": "bce", "decide": "half", **values}
    return logits(count, forms, **own)


def either(count: int = 6, forms: Iterable[str] = FORMS, **values: Any) -> tuple[Recipe, ...]:
    """Logits and probabilities by turns."""
    both = zip(logits(count, forms, **values), probabilities(count, forms, **values), strict=True)
    return tuple(pair[number % 2] for number, pair in enumerate(both))


def networks(count: int = 6, forms: Iterable[str] = FORMS, **values: Any) -> tuple[Recipe, ...]:
    """One hidden layer on rows that no line separates, with Adam."""
    found = []
    for number, way in enumerate(logits(count, forms, hidden=(16,), optimizer="Adam", lr=0.02)):
        epochs = 200 if way.batches == "full" else 25
        found.append(way.having(**{"data": CURVED[number % 3], "epochs": epochs, **values}))
    return tuple(found)


def classes(count: int = 6, forms: Iterable[str] = FORMS, **values: Any) -> tuple[Recipe, ...]:
    """Softmax regressions."""
    found = []
    for number, way in enumerate(logits(count, forms)):
        data = MANY[number % 3]
        long = {"lr": 1.0, "epochs": 400} if way.batches == "full" else {"lr": 0.3, "epochs": 20}
        own = {
            **long,
            "data": data,
            "outputs": DATA[data].classes,
            "loss": "ce",
            "target": "long",
            "decide": "argmax",
        }
        found.append(way.having(**{**own, **values}))
    return tuple(found)


def again(recipe: Recipe) -> Recipe:
    """The same training in another layout, and with other random numbers: other rows, or another split."""
    turned = LAYOUTS[(LAYOUTS.index(recipe.layout) + 1) % len(LAYOUTS)]
    return recipe.having(seed=recipe.seed + 1000, layout=turned)


def _mixed(number: int, forms: Iterable[str]) -> Recipe:
    """Form and mix shift against each other, so that both go through all."""
    layout, batches, data, style = MIXES[number % len(MIXES)]
    known = tuple(forms)
    form = known[(number + number // len(MIXES)) % len(known)]
    return Recipe(data=data, form=form, layout=layout, batches=batches, style=style, seed=number)


def _trained(recipe: Recipe) -> Recipe:
    if recipe.batches == "full":
        return recipe.having(lr=0.5, epochs=150)
    return recipe.having(lr=0.1, epochs=12)
