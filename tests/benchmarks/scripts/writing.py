"""From a recipe to the text of a script."""

from __future__ import annotations

from collections.abc import Iterable

from tests.benchmarks.scripts.data import data_lines, imports_of
from tests.benchmarks.scripts.evaluation import evaluation_lines
from tests.benchmarks.scripts.losses import criterion_lines, loss_text
from tests.benchmarks.scripts.model import call, construction_lines, definition_lines, filled, parameters
from tests.benchmarks.scripts.names import batch_text, epochs_text, names_of, rate_text, settings_lines
from tests.benchmarks.scripts.recipe import Recipe

ROWS = "X_train, y_train, X_test, y_test"


def write(recipe: Recipe) -> str:
    """The script."""
    parts = {"flat": _flat, "function": _functions, "main": _main}[recipe.layout](recipe)
    head = _imports(recipe, [line for part in parts for line in part])
    text = "\n\n".join("\n".join(part) for part in (head, *parts) if part)
    return _spaced(text) + "\n"


def _flat(recipe: Recipe) -> list[list[str]]:
    return [
        [f"torch.manual_seed({recipe.seed})", *settings_lines(recipe)],
        data_lines(recipe),
        definition_lines(recipe),
        _made(recipe),
        _loop(recipe),
        evaluation_lines(recipe),
    ]


def _functions(recipe: Recipe) -> list[list[str]]:
    model = names_of(recipe).model if recipe.form != "functional" else ", ".join(parameters(recipe))
    criterion = names_of(recipe).criterion
    shared = criterion if criterion_lines(recipe) else ""
    more = f", {shared}" if shared else ""
    seed = [f"torch.manual_seed({recipe.seed})"]
    calls = [
        *seed,
        f"{ROWS} = load_data()",
        *criterion_lines(recipe),
        f"{model} = train(X_train, y_train{more})",
        f"evaluate({model}, X_test, y_test{more})",
    ]
    if recipe.style % 3 != 0:
        calls = ['if __name__ == "__main__":', *_indented(calls)]
    made = [line for line in _made(recipe) if line not in criterion_lines(recipe)]
    return [
        settings_lines(recipe),
        definition_lines(recipe),
        ["def load_data():", *_indented([*data_lines(recipe), f"return {ROWS}"])],
        [f"def train(X_train, y_train{more}):", *_indented([*made, *_loop(recipe), f"return {model}"])],
        [f"def evaluate({model}, X_test, y_test{more}):", *_indented(evaluation_lines(recipe))],
        calls,
    ]


def _main(recipe: Recipe) -> list[list[str]]:
    options = [("epochs", "int", str(recipe.epochs)), ("lr", "float", f"{recipe.lr:g}")]
    if recipe.batches != "full":
        options.append(("batch-size", "int", str(recipe.batch_size)))
    lines = [
        "parser = argparse.ArgumentParser()",
        *(
            f'parser.add_argument("--{name}", type={kind}, default={value})'
            for name, kind, value in options
        ),
        "args = parser.parse_args()",
        f"torch.manual_seed({recipe.seed})",
        "",
        *data_lines(recipe),
        "",
        *_made(recipe),
        "",
        *_loop(recipe),
        "",
        *evaluation_lines(recipe),
    ]
    return [
        definition_lines(recipe),
        ["def main():", *_indented(lines)],
        ['if __name__ == "__main__":', "    main()"],
    ]


def _made(recipe: Recipe) -> list[str]:
    names = names_of(recipe)
    lines = [*construction_lines(recipe), *criterion_lines(recipe)]
    if not recipe.hand:
        owned = f"{names.model}.parameters()"
        if recipe.form == "functional":
            owned = f"[{', '.join(recipe.optimized or parameters(recipe))}]"
        elif recipe.optimized and "modules" not in recipe.optimized:
            owned = filled(recipe, recipe.optimized)[0]
        options = f", {recipe.options}" if recipe.options else ""
        lines.append(
            f"{names.optimizer} = torch.optim.{recipe.optimizer}({owned}, lr={rate_text(recipe)}{options})"
        )
    lines += filled(recipe, recipe.late_lines)
    if recipe.batches == "loader":
        lines += [
            "dataset = TensorDataset(X_train, y_train)",
            f"loader = DataLoader(dataset, batch_size={batch_text(recipe)}"
            + (", shuffle=True)" if recipe.shuffle else ")"),
        ]
    return lines


def _loop(recipe: Recipe) -> list[str]:
    lines = [f"for epoch in range({epochs_text(recipe)}):"]
    if recipe.mode and recipe.form != "functional":
        lines.append(f"    {names_of(recipe).model}.{recipe.mode}()")
    if recipe.batches == "full":
        return [
            *lines,
            *_indented(_step(recipe, "X_train", "y_train")),
            *_indented(_progress(recipe, "loss.item()")),
        ]
    told = (
        "total / len(loader)"
        if recipe.batches == "loader"
        else f"total / len(X_train) * {batch_text(recipe)}"
    )
    step = _indented(_indented([*_step(recipe, "xb", "yb"), "total += loss.item()"]))
    lines += ["    total = 0.0"]
    if recipe.batches == "loader":
        lines.append("    for xb, yb in loader:")
    else:
        size = batch_text(recipe)
        order = "torch.randperm(len(X_train))" if recipe.shuffle else "torch.arange(len(X_train))"
        lines += [
            f"    order = {order}",
            f"    for i in range(0, len(X_train), {size}):",
            f"        batch = order[i:i + {size}]",
            "        xb, yb = X_train[batch], y_train[batch]",
        ]
    return [*lines, *step, *_indented(_progress(recipe, told))]


def _step(recipe: Recipe, x: str, y: str) -> list[str]:
    names = names_of(recipe)
    zero = [f"{names.optimizer}.zero_grad()"] if recipe.zero_grad and not recipe.hand else []
    early = recipe.style % 3 != 1
    return [
        *(zero if early else []),
        f"{names.output} = {call(recipe, x)}",
        *filled(recipe, recipe.output_lines),
        f"loss = {loss_text(recipe, names.output, y)}",
        *filled(recipe, recipe.loss_lines),
        *([] if early else zero),
        "loss.backward()",
        *_update(recipe),
    ]


def _update(recipe: Recipe) -> list[str]:
    if not recipe.hand:
        return [f"{names_of(recipe).optimizer}.step()"] if recipe.step else []
    own: Iterable[str] = parameters(recipe)
    if recipe.form != "functional":
        lines = [
            f"for p in {names_of(recipe).model}.parameters():",
            f"    p -= {rate_text(recipe)} * p.grad",
        ]
        lines += ["    p.grad.zero_()"] if recipe.zero_grad else []
    else:
        lines = [f"{name} -= {rate_text(recipe)} * {name}.grad" for name in own] if recipe.step else []
        lines += [f"{name}.grad.zero_()" for name in own] if recipe.zero_grad else []
    return ["with torch.no_grad():", *_indented(lines)] if lines else []


def _progress(recipe: Recipe, told: str) -> list[str]:
    every = max(1, recipe.epochs // 5)
    text = (
        f'print(f"epoch {{epoch}}, loss {{{told}:.4f}}")',
        f'print(f"[{{epoch + 1}}/{recipe.epochs}] loss={{{told}:.4f}}")',
        f'print("epoch", epoch, "loss", {told})',
    )[recipe.style % 3]
    return [text] if every == 1 else [f"if epoch % {every} == 0:", f"    {text}"]


def _imports(recipe: Recipe, lines: list[str]) -> list[str]:
    text = "\n".join(lines)
    known = [
        ("import argparse", "argparse."),
        *((line, "") for line in imports_of(recipe)),
        ("import torch", ""),
        ("import torch.nn as nn", "nn."),
        ("import torch.nn.functional as F", "F."),
        ("from torch.utils.data import DataLoader, TensorDataset", "DataLoader("),
    ]
    return [line for line, used in known if used in text]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


def _spaced(text: str) -> str:
    """Two blank lines around functions and classes, as people leave them."""
    parts, spaced = text.split("\n\n"), ""
    for before, part in zip(["", *parts], parts, strict=False):
        block = part.startswith(("def ", "class ")) or before.startswith(("def ", "class "))
        tail = before.startswith((" ", "def ", "class ")) and not part.startswith(" ")
        spaced += (
            "" if not spaced else "\n\n\n" if (block or tail) and not part.startswith(" ") else "\n\n"
        ) + part
    return spaced
