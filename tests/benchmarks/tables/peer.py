"""The script that people write instead: pandas, and a pipeline of scikit-learn."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lrtui.datasets.preparing.problem import Problem
from tests.benchmarks.tables.problems import Listed


class MisreadError(Exception):
    """The script sees another table than lrtui does, so that the two cannot be compared."""


def peer_auc(
    table: Listed, path: Path, problem: Problem, names: Sequence[str], left_out: Sequence[str]
) -> float:
    """The area under the ROC curve on the same test rows, learned from the same columns and rows.

    ``names`` are the columns of the file as lrtui calls them, ``left_out`` those it does not learn from.
    Of more than two classes the mean of each that the test part holds against the rest.

    Raises:
        MisreadError: the columns, or the rows with a target, are not the same.
    """
    frame = _features(table, path, problem, names, left_out)
    words = [name for name in frame.columns if frame[name].dtype.kind not in "iuf"]
    numbers = [name for name in frame.columns if name not in words]
    frame[words] = frame[words].astype(object).where(frame[words].notna(), "missing").astype(str)
    model = _pipeline(numbers, words)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of separable tables it says that it goes on
        model.fit(frame.iloc[problem.train_rows], problem.y_train)
        found = model.predict_proba(frame.iloc[problem.test_rows])
    return _auc(found, model.classes_, problem.y_test)


def _features(
    table: Listed, path: Path, problem: Problem, names: Sequence[str], left_out: Sequence[str]
) -> Any:
    import pandas as pd

    frame = pd.read_csv(
        path,
        sep=table.separator,
        quotechar=table.quote,
        keep_default_na=False,  # to pandas "None" is no value, and here it may be a class
        na_values=["", "NA", "N/A", "NaN", "null", "?"],
        low_memory=False,
    )
    if len(frame.columns) != len(names):
        raise MisreadError(f"pandas reads {len(frame.columns)} columns, lrtui {len(names)}")
    frame.columns = list(names)
    frame = frame[frame[table.target].notna()]
    _check_rows(frame[table.target].astype(str).to_numpy(), problem)
    return frame.drop(columns=[table.target, *(name for name in left_out if name != table.target)])


def _check_rows(target: Any, problem: Problem) -> None:
    """See that each value of the target is one class of lrtui, in all rows."""
    rows = np.concatenate([problem.train_rows, problem.test_rows])
    codes = np.concatenate([problem.y_train, problem.y_test])
    if len(target) != len(rows):
        raise MisreadError(f"pandas reads {len(target)} rows with a target, lrtui {len(rows)}")
    pairs = set(zip(target[rows], codes.tolist(), strict=True))
    if len(pairs) != problem.classes:
        raise MisreadError("the rows of pandas are not those of lrtui")


def _pipeline(numbers: list[str], words: list[str]) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    of_words = OneHotEncoder(handle_unknown="ignore")
    of_numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    columns = ColumnTransformer([("numbers", of_numbers, numbers), ("words", of_words, words)])
    return make_pipeline(columns, LogisticRegression(max_iter=1000))


def _auc(found: Any, classes: Any, y: Any) -> float:
    from sklearn.metrics import roc_auc_score

    if found.shape[1] == 2:
        return float(roc_auc_score(y == classes[1], found[:, 1]))
    known = dict(zip(classes.tolist(), found.T, strict=True))
    each = [
        float(roc_auc_score(y == number, known.get(number, np.zeros(len(y)))))
        for number in np.unique(y).tolist()
        if 0 < (y == number).sum() < len(y)
    ]
    return float(np.mean(each))
