"""The model of a script: by hand, as nn.Sequential, or as a class."""

from __future__ import annotations

from itertools import pairwise

from tests.benchmarks.scripts.data import DATA
from tests.benchmarks.scripts.names import names_of
from tests.benchmarks.scripts.recipe import Recipe

FUNCTIONS = {"ReLU": "torch.relu({})", "Tanh": "torch.tanh({})", "": "{}"}
ENDINGS = {
    "sigmoid": ("nn.Sigmoid()", "torch.sigmoid({})"),
    "relu": ("nn.ReLU()", "torch.relu({})"),
    "softmax": ("nn.Softmax(dim=1)", "torch.softmax({}, dim=1)"),
    "softmax0": ("nn.Softmax(dim=0)", "torch.softmax({}, dim=0)"),
    "log-softmax": ("nn.LogSoftmax(dim=1)", "torch.log_softmax({}, dim=1)"),
}


def definition_lines(recipe: Recipe) -> list[str]:
    """The function or the class, where the model is one."""
    if recipe.form == "functional":
        return [f"def {names_of(recipe).forward}(x, {', '.join(parameters(recipe))}):", *_formula(recipe)]
    return _class(recipe) if recipe.form == "class" else []


def construction_lines(recipe: Recipe) -> list[str]:
    """The model, or its parameters."""
    if recipe.form == "functional":
        lines = _by_hand(recipe)
    elif recipe.form == "class":
        lines = [f"{names_of(recipe).model} = {names_of(recipe).net}({DATA[recipe.data].width})"]
    else:
        lines = _sequential(recipe)
    if recipe.form != "functional" and recipe.init != "small":
        how = "zeros_(p)" if recipe.init == "zeros" else f"normal_(p, std={recipe.init})"
        lines += [f"for p in {names_of(recipe).model}.parameters():", f"    nn.init.{how}"]
    return [*lines, *filled(recipe, recipe.init_lines)]


def call(recipe: Recipe, x: str, *, testing: bool = False) -> str:
    """The expression that gives the output for rows."""
    names = names_of(recipe)
    if recipe.form == "functional":
        text = f"{names.forward}({x}, {', '.join(parameters(recipe))})"
    else:
        text = f"{names.model}({x})"
    wanted = recipe.squeeze_test if testing else recipe.squeeze
    if not wanted or recipe.outputs > 1 or _squeezes_itself(recipe):
        return text
    return text + (".squeeze(1)", ".squeeze()", "[:, 0]")[recipe.style % 3]


def parameters(recipe: Recipe) -> tuple[str, ...]:
    """The names of parameters by hand."""
    if not recipe.hidden:
        return ("w", "b")
    return tuple(f"{kind}{layer}" for layer in range(1, len(recipe.hidden) + 2) for kind in "Wb")


def filled(recipe: Recipe, lines: tuple[str, ...]) -> list[str]:
    """Lines with the names of the model and of its first and last layer."""
    names = names_of(recipe)
    places = {"model": names.model, "optimizer": names.optimizer, "output": names.output}
    if recipe.form == "functional":
        own = parameters(recipe)
        places |= {"first_w": own[0], "first_b": own[1], "last_w": own[-2], "last_b": own[-1]}
    else:
        sequential = recipe.form == "sequential"
        first = f"{names.model}[0]" if sequential else f"{names.model}.{'fc1' if recipe.hidden else 'out'}"
        last = f"{names.model}[{_last_index(recipe)}]" if sequential else f"{names.model}.out"
        places |= {"first": first, "last": last}
        for end, layer in (("first", first), ("last", last)):
            places |= {f"{end}_w": f"{layer}.weight", f"{end}_b": f"{layer}.bias"}
    for name, text in places.items():
        lines = tuple(line.replace("{" + name + "}", text) for line in lines)
    return list(lines)


def _squeezes_itself(recipe: Recipe) -> bool:
    """Whether the model's own output is (n,) already."""
    alike = recipe.squeeze and recipe.squeeze_test and recipe.outputs == 1
    return alike and (recipe.form == "functional" or (recipe.form == "class" and recipe.style % 3 == 1))


def _last_index(recipe: Recipe) -> int:
    return -1 - len(recipe.ending)


def _by_hand(recipe: Recipe) -> list[str]:
    widths = (DATA[recipe.data].width, *recipe.hidden, recipe.outputs)
    flat = not recipe.hidden and _squeezes_itself(recipe) and recipe.ending[:1] != ("softmax",)
    lines, own = [], parameters(recipe)
    for layer, (before, after) in enumerate(pairwise(widths)):
        size = f"{before}" if flat else f"{before}, {after}"
        first_w, first_b = own[2 * layer], own[2 * layer + 1]
        scale = recipe.init if recipe.init not in ("zeros", "small") else f"{(2 / before) ** 0.5:.2g}"
        scale = "0.1" if recipe.init == "small" and not recipe.hidden else scale
        if recipe.init == "zeros":
            weight = f"torch.zeros({size}"
            lines.append(f"{first_w} = {weight}{_tracked(recipe, first_w)})")
        else:
            tracked = ".requires_grad_()" if _tracked(recipe, first_w) else ""
            lines.append(f"{first_w} = ({scale} * torch.randn({size})){tracked}")
        lines.append(f"{first_b} = torch.zeros({after}{_tracked(recipe, first_b)})")
    return lines


def _tracked(recipe: Recipe, name: str) -> str:
    return "" if name in recipe.gradients else ", requires_grad=True"


def _formula(recipe: Recipe) -> list[str]:
    own = parameters(recipe)
    lines, x = [], "x"
    for layer in range(len(recipe.hidden)):
        text = FUNCTIONS[recipe.between].format(f"{x} @ {own[2 * layer]} + {own[2 * layer + 1]}")
        lines.append(f"    h{layer + 1} = {text}")
        x = f"h{layer + 1}"
    text = f"{x} @ {own[-2]} + {own[-1]}"
    for end in recipe.ending:
        text = ENDINGS[end][1].format(text)
    if _squeezes_itself(recipe) and (recipe.hidden or recipe.ending[:1] == ("softmax",)):
        text = f"{text}.squeeze(1)" if recipe.ending else f"({text}).squeeze(1)"
    return [*lines, f"    return {text}"]


def _sequential(recipe: Recipe) -> list[str]:
    names, layers, before = names_of(recipe), [], DATA[recipe.data].width
    for number, width in enumerate(recipe.hidden):
        layers.append(f"nn.Linear({before}, {width})")
        if recipe.batch_norm and number == 0:
            layers.append(f"nn.BatchNorm1d({width})")
        if recipe.between:
            layers.append(f"nn.{recipe.between}()")
        if recipe.dropout:
            layers.append(f"nn.Dropout({recipe.dropout})")
        before = width
    layers.append(f"nn.Linear({before}, {recipe.outputs})")
    layers += [ENDINGS[end][0] for end in recipe.ending]
    if len(layers) == 1 or (len(layers) == 2 and recipe.style % 3 == 0):
        return [f"{names.model} = nn.Sequential({', '.join(layers)})"]
    return [f"{names.model} = nn.Sequential(", *(f"    {layer}," for layer in layers), ")"]


def _class(recipe: Recipe) -> list[str]:
    lines = [
        f"class {names_of(recipe).net}(nn.Module):",
        "    def __init__(self, n_features):",
        "        super().__init__()",
    ]
    before: str | int = "n_features"
    if recipe.plain_list:
        return [*lines, *_listed(recipe)]
    for number, width in enumerate(recipe.hidden, 1):
        lines.append(f"        self.fc{number} = nn.Linear({before}, {width})")
        before = width
    if recipe.batch_norm:
        lines.append(f"        self.bn = nn.BatchNorm1d({recipe.hidden[0]})")
    if recipe.dropout:
        lines.append(f"        self.drop = nn.Dropout({recipe.dropout})")
    lines += [f"        self.out = nn.Linear({before}, {recipe.outputs})", "", "    def forward(self, x):"]
    for number in range(1, len(recipe.hidden) + 1):
        inner = f"self.fc{number}(x)"
        if recipe.batch_norm and number == 1:
            inner = f"self.bn({inner})"
        lines.append(f"        x = {FUNCTIONS[recipe.between].format(inner)}")
        if recipe.dropout:
            lines.append("        x = self.drop(x)")
    return [*lines, *_returned(recipe, "self.out(x)")]


def _listed(recipe: Recipe) -> list[str]:
    """Hidden layers in a list, which nn.Module does not look into, or in an nn.ModuleList."""
    made = ", ".join(
        f"nn.Linear({before}, {after})" for before, after in pairwise(("n_features", *recipe.hidden))
    )
    listed = f"nn.ModuleList([{made}])" if "modules" in recipe.optimized else f"[{made}]"
    return [
        f"        self.layers = {listed}",
        f"        self.out = nn.Linear({recipe.hidden[-1]}, {recipe.outputs})",
        "",
        "    def forward(self, x):",
        "        for layer in self.layers:",
        f"            x = {FUNCTIONS[recipe.between].format('layer(x)')}",
        *_returned(recipe, "self.out(x)"),
    ]


def _returned(recipe: Recipe, text: str) -> list[str]:
    for end in recipe.ending:
        text = ENDINGS[end][1].format(text)
    if _squeezes_itself(recipe):
        text += ".squeeze(1)"
    return [f"        return {text}"]
