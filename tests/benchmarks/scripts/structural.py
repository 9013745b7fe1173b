"""Faults of the script itself: what a look at shapes, gradients and calls decides."""

from __future__ import annotations

from tests.benchmarks.scripts.data import DATA
from tests.benchmarks.scripts.fault import Change, Fault
from tests.benchmarks.scripts.recipe import Recipe
from tests.benchmarks.scripts.ways import MODULES, classes, either, logits, networks, probabilities


def _set(**values: object) -> Change:
    return lambda recipe, level: recipe.having(**values)


def _left_out(recipe: Recipe, level: int) -> Recipe:
    """Layers that the optimizer does not know."""
    if recipe.form == "functional":
        return recipe.having(optimized=("W2", "b2") if recipe.hidden else ("b",))
    if recipe.plain_list:
        return recipe.having(optimized=())
    return recipe.having(late_lines=_replaced(recipe), init_lines=())


def _included(recipe: Recipe, level: int) -> Recipe:
    if recipe.form == "functional" or recipe.plain_list:
        return recipe
    return recipe.having(init_lines=_replaced(recipe))


def _replaced(recipe: Recipe) -> tuple[str, ...]:
    return ("{last} = nn.Linear(" + f"{(DATA[recipe.data].width, *recipe.hidden)[-1]}, {recipe.outputs})",)


def _frozen(recipe: Recipe, level: int) -> Recipe:
    if recipe.form == "functional":
        return recipe.having(gradients=("W1", "b1") if recipe.hidden else ("w",))
    if recipe.hidden:
        return recipe.having(init_lines=("for p in {first}.parameters():", "    p.requires_grad = False"))
    lines = (
        ("{first_w}.requires_grad = False",),
        (
            "for name, p in {model}.named_parameters():",
            '    if "weight" in name:',
            "        p.requires_grad_(False)",
        ),
    )
    return recipe.having(init_lines=lines[level])


CUTS = (
    {"output_lines": ("{output} = {output}.detach().requires_grad_()",)},
    {"loss_lines": ("loss = torch.tensor(loss.item(), requires_grad=True)",)},
    {"output_lines": ("{output} = torch.tensor({output}.tolist(), requires_grad=True)",)},
    {"output_lines": ("{output} = ({output} > 0.5).float().requires_grad_()",)},
    {"output_lines": ("{output} = torch.from_numpy({output}.detach().numpy()).requires_grad_()",)},
    {"output_lines": ("{output} = torch.round({output})",)},
)


def _broadcast(recipe: Recipe, level: int) -> Recipe:
    return recipe.having(squeeze=False, squeeze_test=level == 0)


def _by_hand(recipes: tuple[Recipe, ...]) -> tuple[Recipe, ...]:
    """Losses that do not mind shapes."""
    found = []
    for number, recipe in enumerate(recipes):
        loss = ("hand-mse", "mse", "hand-bce-eps", "hand-mse-pow", "hand-logistic", "hand-softplus")[
            number % 6
        ]
        own = recipe.having(loss=loss, lr=2 * recipe.lr)
        found.append(own.having(ending=(), decide="sign") if number % 6 > 3 else own)
    return tuple(found)


def _mismeasured(recipe: Recipe, level: int) -> Recipe:
    return recipe.having(**MEASURES[level])


MEASURES: tuple[dict[str, object], ...] = (
    {"squeeze_test": False},
    {"decide": "round"},
    {"decide": "half"},
)


def _argmax(recipe: Recipe, level: int) -> Recipe:
    return recipe.having(squeeze_test=False, decide=("argmax", "max")[level])


def _activated_twice(recipe: Recipe, level: int) -> Recipe:
    if recipe.outputs > 1:
        return recipe.having(ending=("softmax",))
    decide = ("half-of-sigmoid", "half", "round-of-sigmoid")[level]
    return recipe.having(ending=("sigmoid",), decide=decide)


def _without_sigmoid(recipe: Recipe, level: int) -> Recipe:
    """BCELoss refuses what is no probability; people clamp, or write it by hand."""
    if level == 0:
        return recipe.having(ending=())
    if level == 1:
        lines = ("{output} = torch.clamp({output}, 1e-6, 1 - 1e-6)",)
        return recipe.having(ending=(), output_lines=lines, test_loss=False)
    return recipe.having(ending=(), loss="hand-bce-eps")


CODINGS = (
    ("y = 2 * y - 1", "({y} > 0).float()"),
    ("y = y + 1", "({y} - 1)"),
    ("y = 255 * y", "({y} / 255)"),
)


def _recoded(recipe: Recipe, level: int) -> Recipe:
    line, truth = CODINGS[level]
    return recipe.having(data_lines=(line,), truth=truth)


def _train_mode(recipe: Recipe, level: int) -> Recipe:
    return recipe.having(test_mode="" if level else "train")


BAD_CELLS = ("X[7, 1] = np.nan", "X[:, 1] = 3.0")


def _not_finite(recipe: Recipe, level: int) -> Recipe:
    if level == 2:
        return recipe.having(loss="hand-bce", ending=("sigmoid",), decide="half", lr=20.0)
    return recipe.having(data_lines=(BAD_CELLS[level],))


def _finite(recipe: Recipe, level: int) -> Recipe:
    if level == 2:
        return recipe.having(loss="hand-bce-eps", ending=("sigmoid",), decide="half", lr=20.0)
    if level == 1:
        return recipe.having(data_lines=(BAD_CELLS[1],), scaling="safe")
    return recipe.having(data_lines=(BAD_CELLS[0], "X = np.nan_to_num(X)"))


def _arrays(recipes: tuple[Recipe, ...]) -> tuple[Recipe, ...]:
    """The same on rows that NumPy makes."""
    return tuple(one.having(data="clouds") if DATA[one.data].torch else one for one in recipes)


STRUCTURAL = {
    "no-zero-grad": Fault(either(), _set(zero_grad=False)),
    "no-step": Fault((*either(5), *networks(6)[4:]), _set(step=False)),
    "wrong-parameters": Fault(
        (
            *logits(6),
            *networks(2, ["class"], plain_list=True, optimized=("modules",), hidden=(8, 8)),
            *networks(1, ["functional"]),
        ),
        _left_out,
        _included,
    ),
    "frozen": Fault((*either(6), *networks(3, hidden=(3,), data="circles")), _frozen, levels=2),
    "detached": Fault(
        probabilities(6),
        lambda recipe, level: recipe.having(**CUTS[level]),
        levels=6,
    ),
    "shape-broadcast": Fault(_by_hand(probabilities(9)), _broadcast, levels=2),
    "metric-wrong": Fault(
        tuple(one.having(data="flags") if n % 3 == 2 else one
              for n, one in enumerate(logits(9))),
        _mismeasured, levels=3, gate="metric",
    ),
    "one-column-argmax": Fault(
        logits(6), _argmax, _set(squeeze_test=False, decide="({o} > 0).float().squeeze(1)"), levels=2
    ),
    "one-output-softmax": Fault(
        probabilities(6),
        lambda recipe, level: recipe.having(ending=(("softmax", "softmax0")[level],)),
        levels=2,
    ),
    "cross-entropy-one-logit": Fault(
        logits(6, target="column", squeeze=False, squeeze_test=False), _set(loss="ce")
    ),
    "double-activation": Fault((*logits(6), *classes(3)), _activated_twice, levels=3),
    "missing-activation": Fault(
        tuple(one.having(data="linear") if n == 1 else one for n, one in enumerate(probabilities(6))),
         _without_sigmoid, levels=3,
    ),
    "relu-before-sigmoid": Fault(
        (*probabilities(4), *networks(6, ending=("sigmoid",), loss="bce", decide="half")[4:]),
        _set(ending=("relu", "sigmoid")),
    ),
    "no-nonlinearity": Fault(networks(6), _set(between="")),
    "target-coding": Fault(logits(6), _recoded, levels=3),
    "eval-mode": Fault(
        networks(6, MODULES, data="clouds", data_lines=("X = 300 + 50 * X",), scaling="none",
                 optimizer="SGD", lr=0.05, batch_norm=True, mode="train", test_mode="eval"),
        _set(mode="eval"),
        also=("unscaled",),
    ),
    "train-mode": Fault(
        (
            *networks(4, MODULES, dropout=0.6, hidden=(24,), mode="train", test_mode="eval"),
            *networks(6, MODULES, batch_norm=True, mode="train", test_mode="eval", data="clouds",
                      split="every-third", test_batches=20)[3:],
        ),
        _train_mode,
        levels=2,
    ),
    "non-finite": Fault(_arrays(either(6)), _not_finite, _finite, levels=3),
}  # fmt: skip
