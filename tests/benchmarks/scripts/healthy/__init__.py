"""Healthy scripts, each with something that looks suspicious and is not: an alarm here is a false one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.scripts.case import HEALTHY, Case
from tests.benchmarks.scripts.recipe import Recipe
from tests.benchmarks.scripts.ways import MODULES, classes, either, logits, networks, probabilities
from tests.benchmarks.scripts.writing import write

FOLDER = Path(__file__).parent

KINDS: dict[str, tuple[Recipe, ...]] = {
    "plain": (*either(6), *classes(3), *networks(3)),
    "zeros": (*logits(3, init="zeros"), *classes(3, ["functional"], init="zeros")[1:]),
    "high-rate-separable": logits(3, data="gap", lr=20.0),
    "rate-near-limit": logits(2, data="clouds", batches="full", lr=2.0),
    "by-hand-updates": tuple(one.having(hand=True) for one in either(4)),
    "momentum": logits(2, options="momentum=0.9", lr=0.02),
    "adam": probabilities(2, optimizer="Adam", lr=0.05),
    "lr-decays": logits(2, optimizer="Adagrad", lr=0.2),
    "weak-decay": either(2, options="weight_decay=0.001"),
    "unshuffled": logits(2, batches="slices", shuffle=False, lr=0.1, epochs=12, data="linear"),
    "dropout": networks(2, MODULES, dropout=0.1, hidden=(64,), mode="train", test_mode="eval"),
    "batch-norm": networks(2, MODULES, batch_norm=True, mode="train", test_mode="eval"),
    "columns": logits(3, target="column", squeeze=False, squeeze_test=False),
    "weighted": logits(2, data="rare", measure="balanced", loss_options="pos_weight=torch.tensor(15.0)"),
    "scaler": logits(2, scaling="scaler", data="cancer"),
    "noisy-labels": tuple(
        one.having(data_lines=("flip = rng.random(len(y)) < 0.15", "y = np.where(flip, 1 - y, y)"))
        for one in logits(3, data="clouds")
    ),
    "two-columns": classes(2, data="linear", outputs=2),
    "mse": tuple(one.having(loss="mse", lr=2 * one.lr) for one in probabilities(3)),
    "no-mode": networks(2, MODULES, data="xor"),
}


def healthy_scripts() -> Iterator[Case]:
    """A case a script: those of recipes, and those in this folder."""
    yield from healthy_recipes()
    for path in sorted(FOLDER.glob("[a-z]*.py")):
        yield Case(f"{HEALTHY}/{path.stem}", HEALTHY, path.read_text())


def healthy_recipes(
    change: Callable[[Recipe], Recipe] = lambda recipe: recipe, more: str = ""
) -> Iterator[Case]:
    """Those of recipes, changed, with more behind their ids."""
    for kind, recipes in KINDS.items():
        for number, recipe in enumerate(map(change, recipes)):
            way = f"{recipe.form}-{recipe.layout}-{recipe.batches}-{recipe.data}"
            yield Case(f"{HEALTHY}/{kind}-{way}/{number}{more}", HEALTHY, write(recipe))
