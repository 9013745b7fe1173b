"""The real tables that scikit-learn brings along."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lrtui.datasets.catalogue.entry import Data, Entry

CELL = (
    "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points",
    "symmetry", "fractal dimension",
)  # fmt: skip
IRIS = ("sepal length", "sepal width", "petal length", "petal width")
WINE = (
    "alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids",
    "nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue", "od280/od315_of_diluted_wines",
    "proline",
)  # fmt: skip
PERSON = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")


def _table(name: str, **options: Any) -> Any:
    """The numbers of one of its files, without an import of it: that takes longer than all else here."""
    import numpy as np  # the dashboard shows the entries

    package = find_spec("sklearn")
    assert package is not None, "it is installed"
    folder = Path(*package.submodule_search_locations or ()) / "datasets" / "data"
    return np.loadtxt(folder / name, **options)


def _breast_cancer() -> Data:
    table = _table("breast_cancer.csv", delimiter=",", skiprows=1)
    names = [f"mean {of}" for of in CELL] + [f"{of} error" for of in CELL] + [f"worst {of}" for of in CELL]
    return Data(table[:, :-1], table[:, -1] == 1, tuple(names), ("malignant", "benign"))


def _iris() -> Data:
    table = _table("iris.csv", delimiter=",", skiprows=1)
    return Data(table[:, :-1], table[:, -1] == 1, IRIS, ("other", "versicolor"))


def _wine() -> Data:
    table = _table("wine_data.csv", delimiter=",", skiprows=1)
    return Data(table[:, :-1], table[:, -1] == 1, WINE, ("other", "class 1"))


def _digits() -> Data:
    table = _table("digits.csv.gz", delimiter=",")
    rows = table[(table[:, -1] == 3) | (table[:, -1] == 8)]
    names = tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8))
    return Data(rows[:, :-1], rows[:, -1] == 8, names, ("3", "8"))


def _diabetes() -> Data:
    import numpy as np  # the dashboard shows the entries

    X, progression = _table("diabetes_data_raw.csv.gz"), _table("diabetes_target.csv.gz")
    return Data(X, progression > np.median(progression), PERSON, ("below", "above"))


ENTRIES = (
    Entry(
        "breast-cancer", "real",
        "Tumours by 30 measurements of very different scales; as it comes, unscaled.",
        569, 30, 357 / 569, 10, _breast_cancer,
    ),
    Entry(
        "iris-versicolor", "real",
        "One iris against two others: it lies between them, a line cannot cut it out.",
        150, 4, 1 / 3, 11, _iris,
    ),
    Entry(
        "wine-1", "real", "One cultivar of wine against the rest: easily told apart.",
        178, 13, 71 / 178, 12, _wine,
    ),
    Entry(
        "digits-3-8", "real", "Handwritten 3 against 8: 64 pixels, some of them constant.",
        357, 64, 174 / 357, 13, _digits,
    ),
    Entry(
        "diabetes-median", "real", "Disease progression above the median: weak, honest signal.",
        442, 10, 0.5, 14, _diabetes,
    ),
)  # fmt: skip
