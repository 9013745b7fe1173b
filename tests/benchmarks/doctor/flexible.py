"""How much better than a line other models are on held-out training rows, by scikit-learn alone."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.stats import chi2

from lrtui.core.training.problem import problem_of
from tests.benchmarks.doctor.records import Same, Setup
from tests.benchmarks.doctor.reference import reference

ROWS = 1_500  # of them at most, to be quick
EXPANDED = 600  # columns to which products may grow


def gain(setup: Setup) -> tuple[float, float]:
    """Cross-validated balanced accuracy of logistic regression, and of the best of the others."""
    config = setup.config
    bare = {name: getattr(config, name) for name in ("missing", "drop_columns", "test_size", "split_seed")}
    return _gain(Same(Setup(setup.dataset, type(config)(**bare))))


def loss(setup: Setup) -> tuple[float, float]:
    """Cross-validated log-loss of logistic regression, and of the better one on products of columns."""
    config = setup.config
    bare = {name: getattr(config, name) for name in ("missing", "drop_columns", "test_size", "split_seed")}
    return _loss(Same(Setup(setup.dataset, type(config)(**bare))))


@lru_cache(maxsize=64)
def _loss(key: Same) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    problem = problem_of(key.setup.dataset, key.setup.config, single=False)
    X, y = np.asarray(problem.X_train)[:ROWS], problem.y_train[:ROWS]
    if np.bincount(y)[np.unique(y)].min() < 5:
        return 0.0, 0.0
    folds, found = StratifiedKFold(5, shuffle=True, random_state=0), list[float]()
    for degree in (1, 2, 3):
        products = PolynomialFeatures(degree, include_bias=False)
        if products.fit(X[:1]).n_output_features_ > max(EXPANDED, X.shape[1]):
            continue
        of_strengths = []
        for strength in (0.1, 10.0):
            model = LogisticRegression(C=strength, max_iter=1_000)
            steps = make_pipeline(StandardScaler(), products, StandardScaler(), model)
            scores = cross_val_score(steps, X, y, cv=folds, scoring="neg_log_loss")
            of_strengths.append(-float(scores.mean()))
        found.append(min(of_strengths))
    return found[0], min(found)


@lru_cache(maxsize=64)
def _gain(key: Same) -> tuple[float, float]:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler
    from sklearn.svm import SVC

    problem = problem_of(key.setup.dataset, key.setup.config, single=False)
    X, y = np.asarray(problem.X_train)[:ROWS], problem.y_train[:ROWS]
    if np.bincount(y)[np.unique(y)].min() < 5:
        return 0.5, 0.5
    folds = StratifiedKFold(5, shuffle=True, random_state=0)

    def score(*steps: Any) -> float:
        model = make_pipeline(StandardScaler(), *steps)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return float(cross_val_score(model, X, y, cv=folds, scoring="balanced_accuracy").mean())

    others = [score(SVC())]
    if X.shape[1] <= 100:
        others.append(score(HistGradientBoostingClassifier(max_iter=40, max_leaf_nodes=8, random_state=0)))
    for degree in (2, 3):
        products = PolynomialFeatures(degree, include_bias=False)
        if products.fit(X[:1]).n_output_features_ <= EXPANDED:
            steps = (products, StandardScaler(), LogisticRegression(C=0.1, max_iter=200))
            others.append(score(*steps))
    return score(LogisticRegression(max_iter=1_000)), max(others)


def chance(setup: Setup) -> float:
    """The likelihood-ratio p that labels depend on no column; 1 where there are too few rows to say."""
    best = reference(setup)
    rows, columns = len(best.ridge.y_train), setup.dataset.p
    free = columns * (1 if best.ridge.train.ndim == 1 else best.ridge.train.shape[1] - 1)
    return float(chi2.sf(2 * rows * max(best.base - best.loss, 0.0), free)) if rows >= 10 * free else 1.0
