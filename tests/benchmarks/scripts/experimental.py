"""Faults of settings and of data, which only an experiment, or a look at the rows, decides."""

from __future__ import annotations

from tests.benchmarks.scripts.fault import Change, Fault
from tests.benchmarks.scripts.recipe import Recipe
from tests.benchmarks.scripts.ways import FORMS, either, logits, networks, probabilities


def _set(**values: object) -> Change:
    return lambda recipe, level: recipe.having(**values)


def _each(**values: tuple[object, ...]) -> Change:
    """By level."""
    return lambda recipe, level: recipe.having(**{name: of[level] for name, of in values.items()})


def _batches(recipes: tuple[Recipe, ...], **values: object) -> tuple[Recipe, ...]:
    """The same in mini-batches, by a loader and by slices."""
    turns = ("loader", "slices")
    return tuple(
        one.having(batches=turns[number % 2], lr=0.1, epochs=12).having(**values)
        for number, one in enumerate(recipes)
    )


SCALES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("cancer", ()),
    ("linear", ("X[:, 0] = 50000 + 20000 * X[:, 0]",)),
)
FAR = ("X[rng.integers(0, len(X), 6)] = 99999.0", "X[::60, :] = -9999.0")
CLIPPED = "X = np.clip(X, np.percentile(X, 5, axis=0), np.percentile(X, 95, axis=0))"


ALIKE = ("X = 1000 + 1e-6 * X", "X = np.round(X / 1000) + 5")


def _decayed(recipe: Recipe, level: int) -> Recipe:
    strength = 1.0 if recipe.hidden else (3.0, 8.0)[level]
    return recipe.having(options=f"weight_decay={strength:g}")


def _cut_far_out(recipe: Recipe, level: int) -> Recipe:
    cuts = (0.98, 0.995) if recipe.ending else (4.0, 6.0)
    return recipe.having(decide=f"({{o}} > {cuts[level]}).float()")


def _with_hidden_layer(recipe: Recipe, level: int) -> Recipe:
    return recipe.having(hidden=(16,), optimizer="Adam", lr=0.02, epochs=5 + 2 * recipe.epochs)


def _scale(scaling: str) -> Change:
    def change(recipe: Recipe, level: int) -> Recipe:
        data, lines = SCALES[level]
        return recipe.having(data=data, data_lines=lines, scaling=scaling)

    return change


EXPERIMENTAL = {
    "not-shuffled": Fault(
        _batches(either(6), split="every-third", data="clouds", batch_size=20, lr=3.0, epochs=3),
        _set(shuffle=False),
    ),
    "unscaled": Fault(either(6), _scale("none"), _scale("standard"), levels=2),
    "uncentred": Fault(
        logits(6, data="linear"),
        _each(data_lines=(("X = X + 100",), ("X = 300 + 2 * X",)), scaling=("none", "none")),
        _each(data_lines=(("X = X + 100",), ("X = 300 + 2 * X",))),
        levels=2,
        also=("unscaled",),
    ),
    "outliers": Fault(
        logits(6, data="clouds", lr=0.1, epochs=10),
        _each(data_lines=tuple((line,) for line in FAR)),
        _each(data_lines=tuple((line, CLIPPED) for line in FAR)),
        levels=2,
    ),
    "lr-too-high": Fault(
        (*_batches(logits(4, data="linear")), *networks(6, lr=0.02)[3:]),
        lambda recipe, level: recipe.having(lr=3.0 if recipe.hidden else (30.0, 200.0)[level]),
        levels=2,
    ),
    "lr-too-low": Fault(
        (*either(4), *networks(6)[4:]),
        lambda recipe, level: recipe.having(lr=(1e-5, 1e-6)[level]),
        levels=2,
    ),
    "too-few-epochs": Fault(
        (
            *logits(6, batches="full", lr=0.05, epochs=600, init="1.0"),
            *networks(2, batches="full", lr=0.005, epochs=500),
        ),
        lambda recipe, level: recipe.having(epochs=(3, 8)[level]),
        levels=2,
    ),
    "batch-too-small": Fault(
        tuple(
            one.having(style=(0, 2)[n % 2])
            for n, one in enumerate(_batches(logits(6, data="linear"), batch_size=100, lr=1.0, epochs=4))
        ),
        _each(batch_size=(1, 2)),
        levels=2,
        also=("lr-too-high",),
    ),
    "bad-init": Fault(logits(6, lr=0.05), _each(init=("20.0", "60.0")), levels=2),
    "saturated": Fault(
        probabilities(6, batches="full", lr=1.0, epochs=500, init_lines=("{last_b}.data.fill_(30.0)",)),
        _set(),
        _set(ending=(), loss="bce-logits", decide="sign"),
        also=("bad-init",),
    ),
    "dead-relu": Fault(
        networks(6), _each(init_lines=(("{first_b}.data.fill_(-10.0)",), ("{first_b}.data.fill_(-40.0)",))),
        levels=2, also=("bad-init",),
    ),
    "weight-decay-too-strong": Fault(
        (*logits(4, lr=0.1), *networks(6)[4:]),
        _decayed,
        levels=2,
    ),
    "imbalance": Fault(
        logits(6, data="rare", measure="balanced"),
        _set(),
        _set(loss_options="pos_weight=torch.tensor(15.0)"),
        also=("threshold",),
    ),
    "threshold": Fault(
        either(6),
        _cut_far_out,
        levels=2,
    ),
    "overfitting": Fault(
        networks(6, data="noisy", hidden=(128,), batches="full", epochs=300, lr=0.01),
        _set(),
        _each(options=("weight_decay=0.1", ""), epochs=(300, 12)),
        levels=2,
        gate="loss",
    ),
    "no-signal": Fault(
        tuple(one.having(data=("noise", "coins-torch")[n % 2]) for n, one in enumerate(either(6))),
        _set(), gate="nothing", healable=False,
    ),
    "too-little-data": Fault(
        logits(6, FORMS, data="linear"),
        _each(split_lines=(("X_train, y_train = X_train[:12], y_train[:12]",),
                           ("X_train, y_train = X_train[:18], y_train[:18]",))),
        levels=2, healable=False,
    ),
    "no-diversity": Fault(
        logits(6, data="clouds"),
        _each(data_lines=tuple((line,) for line in ALIKE), scaling=("none", "none")),
        _set(scaling="none"),
        levels=2, healable=False,
    ),
    "non-linear": Fault(
        tuple(one.having(data=("circles", "xor")[n % 2]) for n, one in enumerate(either(6))),
        _set(),
        _with_hidden_layer,
        healable=False,
    ),
    "target-mismatch": Fault(
        either(6, data="cancer"), _set(scaling="train-only"), also=("train-test-mismatch",)
    ),
    "leakage": Fault(
        tuple(one.having(data=("clouds", "linear")[n % 2]) for n, one in enumerate(either(6))),
        _each(data_lines=(("X[:, 0] = y",), ("X[:, 1] = 3 * y + 0.05 * rng.normal(size=len(y))",))),
        levels=2, gate="leak", healable=False,
    ),
}  # fmt: skip
