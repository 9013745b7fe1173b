"""A scikit-learn pipeline of the preparation and the model, made of scikit-learn's own parts alone.

They are fitted to a few made rows, which gives them their shape, and then hold what the run has learned.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from lrtui.core.errors import ExportError
from lrtui.core.export.recipe import Cell, Made, Recipe
from lrtui.core.export.writers.taken import Taken
from lrtui.datasets.array_types import Floats

TRUST = "Load such a file only from people you trust: it can run code."


def pipeline_of(recipe: Recipe, expansion: Any | None) -> Any:
    """The pipeline, for a table of the raw cells in the order of the recipe: ``predict_proba`` and so on.

    ``expansion`` is scikit-learn's transformer of the run, already fitted, or ``None``.
    """
    from sklearn.compose import ColumnTransformer  # a second to import: only where needed
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline

    matrices: dict[int, Floats] = {}
    numbers = range(len(recipe.cells))
    steps = [(f"cell {number}", _cell(recipe, number, matrices), [number]) for number in numbers]
    for one in recipe.made:
        if one.kind == "hole":
            cell = recipe.cells[one.cell]
            steps.append((f"{one.cell} missing", _missing(cell), [one.cell]))
    table = ColumnTransformer(steps)
    rows = np.array([[_example(cell) for cell in recipe.cells]] * len(recipe.classes), object)
    with warnings.catch_warnings():  # there is nothing to be learned from rows that are all the same
        warnings.simplefilter("ignore")
        table.fit(rows)
    for number, matrix in matrices.items():
        table.named_transformers_[f"cell {number}"].named_steps["join"].components_ = matrix
    parts = [("table", table), ("scale", _scaler(recipe.offset, recipe.scale))]
    if expansion is not None:
        assert recipe.after is not None, "what is expanded is scaled again"
        parts += [("expand", expansion), ("scale again", _scaler(*recipe.after))]
    model = LogisticRegression()
    features = recipe.weights.shape[1]
    names = np.array(recipe.classes, object if any(len(name) > 100 for name in recipe.classes) else str)
    model.classes_, model.n_features_in_ = names, features
    order = np.argsort(names)  # as scikit-learn has them
    model.coef_, model.intercept_ = recipe.weights, recipe.bias
    model.n_iter_ = np.array([0])
    if not recipe.binary:
        model.classes_, model.coef_, model.intercept_ = (
            names[order],
            recipe.weights[order],
            recipe.bias[order],
        )
    elif order[0] == 1:
        model.classes_, model.coef_, model.intercept_ = names[order], -recipe.weights, -recipe.bias
    return Pipeline([*parts, ("model", model)])


def _scaler(offset: Floats, scale: Floats) -> Any:
    from sklearn.preprocessing import StandardScaler  # as above

    found = StandardScaler()
    found.mean_, found.scale_, found.var_ = offset, scale, scale**2
    found.n_features_in_, found.n_samples_seen_ = len(offset), 1
    return found


def _example(cell: Cell) -> Any:
    return (cell.words[0] if cell.words else "") if cell.text or cell.category else 0.5


def _cell(recipe: Recipe, number: int, matrices: dict[int, Floats]) -> Any:
    """From one raw cell to the columns that are made of it."""
    from sklearn.pipeline import Pipeline  # as above
    from sklearn.preprocessing import FunctionTransformer

    cell = recipe.cells[number]
    if cell.category:
        made = [one for one in recipe.made if one.cell == number and one.kind == "level"]
        return _levels(number, cell, made, matrices)
    steps = _numbers(cell)
    if cell.fill is not None:
        steps.append(("fill", _imputer(np.nan, cell.fill)))
    if cell.low is not None or cell.high is not None:
        limits = {"a_min": cell.low, "a_max": cell.high}
        steps.append(("clip", FunctionTransformer(np.clip, kw_args=limits)))
    return Pipeline(steps)


def _numbers(cell: Cell) -> list[tuple[str, Any]]:
    """From a raw cell to a number, NaN where nothing stands."""
    from sklearn.preprocessing import FunctionTransformer, OrdinalEncoder  # as above

    if cell.text:
        codes = OrdinalEncoder(
            categories=[list(cell.words)],
            handle_unknown="use_encoded_value",
            unknown_value=np.nan,
            encoded_missing_value=np.nan,
        )
        return [("words", codes)]
    if cell.codes:
        raise ExportError(
            "scikit-learn has no step of its own for missing codes beside empty cells.",
            "Put empty cells in their place and train again, or take onnx or sql.",
        )
    return [("number", FunctionTransformer(np.asarray, kw_args={"dtype": "float64"}))]


def _imputer(missing: Any, fill: Any) -> Any:
    from sklearn.impute import SimpleImputer  # as above

    return SimpleImputer(
        missing_values=missing, strategy="constant", fill_value=fill, keep_empty_features=True
    )


def _missing(cell: Cell) -> Any:
    from sklearn.impute import MissingIndicator  # as above
    from sklearn.pipeline import Pipeline

    return Pipeline([*_numbers(cell), ("missing", MissingIndicator(features="all"))])


def _levels(number: int, cell: Cell, made: list[Made], matrices: dict[int, Floats]) -> Any:
    """A column for each level; where some are joined or hashed, all of them times a matrix."""
    from sklearn.decomposition import TruncatedSVD  # as above
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder

    words = [*cell.words, ""]
    table = np.zeros((len(words), len(made)))
    for column, one in enumerate(made):
        for word, value in one.levels:
            table[words.index(word), column] = value
        table[-1, column] = one.missing
    plain = bool(np.isin(table, (0, 1)).all() and (np.count_nonzero(table, axis=0) == 1).all())
    order = table.argmax(axis=0).tolist() if plain else range(len(words))
    kept = [words[number] for number in order]
    steps: list[tuple[str, Any]] = [("no None", _imputer(None, "")), ("no NaN", _imputer(np.nan, ""))]
    steps.append(("levels", OneHotEncoder(categories=[kept], handle_unknown="ignore", sparse_output=False)))
    if not plain:
        # The one linear map that scikit-learn has as a step: X times the transpose of its components.
        steps.append(("join", TruncatedSVD(len(made))))
        matrices[number] = table.T
    return Pipeline(steps)


def write(taken: Taken) -> str:
    """The pipeline, by joblib or skops."""
    recipe = taken.recipe
    pipeline = pipeline_of(recipe, taken.model.preparation.features.expansion)
    columns = [cell.name for cell in recipe.cells]
    cut = "" if recipe.threshold == 0.5 else (
        f" The run says {recipe.classes[1]} from a probability of {recipe.threshold:g}; predict from 0.5."
    )  # fmt: skip
    told = f"table[{columns!r}] goes in, as a DataFrame or an array of objects.{cut}"
    if taken.path.suffix.lower() == ".skops":
        try:
            from skops import io
        except ImportError:
            raise ExportError(
                "A .skops file needs the package skops.", 'pip install "lrtui[export]", or take .joblib.'
            ) from None
        io.dump(pipeline, taken.draft)
        name = repr(str(taken.path))
        return (
            f"skops.io.load({name}, trusted=skops.io.get_untrusted_types(file={name})) loads it, once you "
            f"have read that list. {told}"
        )
    import joblib  # as above

    joblib.dump(pipeline, taken.draft)
    return f"joblib.load({str(taken.path)!r}) loads it. {TRUST} {told}"
