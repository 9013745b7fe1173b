"""An ONNX model from raw columns of a table to labels and probabilities; needs onnxruntime to run alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lrtui.core.export.onnx_graph import DOUBLE, INT64, ML, STRING, Graph
from lrtui.core.export.recipe import Cell, Kernel, Made, Recipe
from lrtui.core.export.writers.taken import Taken
from lrtui.datasets.array_types import Floats
from lrtui.datasets.tables.parsing import NOTHING

LABEL, PROBABILITIES = "label", "probabilities"


def onnx_of(recipe: Recipe, about: str) -> bytes:
    """From inputs (rows, 1), float64 or text, to ``label`` (rows,) and ``probabilities`` (rows, K)."""
    own = ":"
    while any(cell.name.startswith(own) for cell in recipe.cells):
        own += ":"
    graph = Graph("lrtui", own)
    cells = [graph.input(cell.name, STRING if cell.text else DOUBLE) for cell in recipe.cells]
    numbers = [_number(graph, name, cell) for name, cell in zip(cells, recipe.cells, strict=True)]
    e = graph.add("Concat", *_columns(graph, recipe, cells, numbers), axis=1)
    s = graph.add("Div", graph.add("Sub", e, _row(graph, recipe.offset)), _row(graph, recipe.scale))
    f = s
    if recipe.powers is not None:
        f = _products(graph, s, recipe.powers)
    elif recipe.kernel is not None:
        f = _kernel(graph, s, recipe.kernel)
    if recipe.after is not None:
        f = graph.add(
            "Div", graph.add("Sub", f, _row(graph, recipe.after[0])), _row(graph, recipe.after[1])
        )
    z = graph.add("MatMul", f, graph.constant(recipe.weights.T.copy()))
    z = graph.add("Add", z, _row(graph, recipe.bias))
    _answers(graph, recipe, z)
    return graph.model(about)


def outputs_of(recipe: Recipe) -> tuple[str, str]:
    """What label and probabilities are called: otherwise than any column that goes in."""
    taken, found = {cell.name for cell in recipe.cells}, []
    for name in (LABEL, PROBABILITIES):
        while name in taken:
            name = f"predicted {name}"
        found.append(name)
    return found[0], found[1]


def _row(graph: Graph, values: Floats) -> str:
    return graph.constant(np.asarray(values, np.float64)[None, :])


def _answers(graph: Graph, recipe: Recipe, z: str) -> None:
    label, probabilities = outputs_of(recipe)
    if recipe.binary:
        # softmax(0, z) is (1 − σ(z), σ(z)).
        zero = graph.add("Sub", z, z)
        z = graph.add("Concat", zero, z, axis=1)
    p = graph.add("Softmax", z, name=probabilities, axis=1)
    if recipe.binary:
        one = graph.add("Gather", p, graph.constant(np.array(1)), axis=1)
        number = graph.add("GreaterOrEqual", one, graph.constant(np.array(recipe.threshold)))
        number = graph.add("Cast", number, to=INT64)
    else:
        number = graph.add("ArgMax", p, axis=1, keepdims=0)
    graph.add("Gather", graph.constant(list(recipe.classes)), number, name=label)
    graph.output(label, STRING, None)
    graph.output(probabilities, DOUBLE, len(recipe.classes))


def _number(graph: Graph, name: str, cell: Cell) -> str:
    """A cell as a number, NaN where nothing stands; of a category the number of its level (int64)."""
    if cell.category:
        # Words that are not in the training rows are the level after that of a missing cell.
        levels, missing = list(cell.words), len(cell.words)
        words = [*levels, *(word for word in _nothing() if word not in levels)]
        numbers = [*range(missing), *[missing] * (len(words) - missing)]
        return graph.add(
            "LabelEncoder",
            name,
            domain=ML,
            keys_strings=words,
            values_int64s=numbers,
            default_int64=missing + 1,
        )
    if cell.text:
        forms = {
            form: value for word, value in zip(cell.words, (0.0, 1.0), strict=True) for form in _forms(word)
        }
        found = graph.add(
            "LabelEncoder",
            name,
            domain=ML,
            keys_strings=list(forms),
            values_floats=list(forms.values()),
            default_float=float("nan"),
        )
        return graph.add("Cast", found, to=DOUBLE)
    nan = graph.constant(np.array([[np.nan]]))
    for code in cell.codes:
        here = graph.add("Equal", name, graph.constant(np.array([[code]])))
        name = graph.add("Where", here, nan, name)
    infinite = graph.add("Equal", graph.add("Abs", name), graph.constant(np.array([[np.inf]])))
    return graph.add("Where", infinite, nan, name)


def _forms(word: str) -> list[str]:
    return list(dict.fromkeys([word, word.lower(), word.upper(), word.capitalize()]))


def _nothing() -> list[str]:
    return [form for word in NOTHING for form in _forms(word)]


def _columns(graph: Graph, recipe: Recipe, cells: Sequence[str], numbers: Sequence[str]) -> list[str]:
    """The made columns, several beside each other where a category makes them, in their order."""
    found: list[str] = []
    for number, cell in enumerate(recipe.cells):
        made = [one for one in recipe.made if one.cell == number and one.kind != "hole"]
        if cell.category:
            found.append(_levels(graph, numbers[number], cell, made))
        else:
            found.append(_filled(graph, numbers[number], cell))
    for one in recipe.made:
        if one.kind == "hole":
            found.append(graph.add("Cast", graph.add("IsNaN", numbers[one.cell]), to=DOUBLE))
    return found


def _filled(graph: Graph, name: str, cell: Cell) -> str:
    if cell.fill is not None:
        hole = graph.add("IsNaN", name)
        name = graph.add("Where", hole, graph.constant(np.array([[cell.fill]])), name)
    if cell.low is not None:
        name = graph.add("Max", name, graph.constant(np.array([[cell.low]])))
    return name if cell.high is None else graph.add("Min", name, graph.constant(np.array([[cell.high]])))


def _levels(graph: Graph, name: str, cell: Cell, made: Sequence[Made]) -> str:
    """A row of a table for each level, for a missing cell, and for a level that is not known."""
    places = {word: number for number, word in enumerate(cell.words)}
    table = np.zeros((len(places) + 2, len(made)))
    for column, one in enumerate(made):
        for word, value in one.levels:
            table[places[word], column] = value
        table[len(places), column] = one.missing
    rows = graph.add("Squeeze", name, graph.constant(np.array([1])))
    return graph.add("Gather", graph.constant(table), rows, axis=0)


def _products(graph: Graph, s: str, powers: Sequence[Sequence[int]]) -> str:
    """Products of up to so many scaled columns: each is taken from them, or from a column of ones."""
    one = graph.add("Gather", s, graph.constant(np.array([0])), axis=1)
    ones = graph.add("Exp", graph.add("Mul", one, graph.constant(np.array([[0.0]]))))
    wide = graph.add("Concat", ones, s, axis=1)
    found = ""
    for place in range(max(map(len, powers))):
        columns = [power[place] + 1 if place < len(power) else 0 for power in powers]
        taken = graph.add("Gather", wide, graph.constant(np.array(columns)), axis=1)
        found = graph.add("Mul", found, taken) if found else taken
    return found


def _kernel(graph: Graph, s: str, kernel: Kernel) -> str:
    """exp(−γ‖s − c‖²) of all points c, with ‖s − c‖² = s² − 2sc + c²."""
    squares = graph.add("ReduceSum", graph.add("Mul", s, s), graph.constant(np.array([1])), keepdims=1)
    points = np.square(kernel.components).sum(axis=1)
    crossed = graph.add("MatMul", s, graph.constant(-2 * kernel.components.T))
    distances = graph.add("Add", graph.add("Add", squares, crossed), _row(graph, points))
    near = graph.add("Exp", graph.add("Mul", distances, graph.constant(np.array([[-kernel.gamma]]))))
    return graph.add("MatMul", near, graph.constant(kernel.normalization.T.copy()))


def write(taken: Taken) -> str:
    """The model, as a file."""
    recipe = taken.recipe
    about = f"run {taken.run.id}: {taken.run.source.label}"
    taken.draft.write_bytes(onnx_of(recipe, about))
    texts = [cell for cell in recipe.cells if cell.text]
    kinds = "float64" + (", those of words text" if texts else "")
    return (
        f"Its inputs ({len(recipe.cells)}) are the columns, (rows, 1), {kinds}; a missing number is NaN, "
        f"a missing word is empty. It gives {' and '.join(outputs_of(recipe))}."
    )
