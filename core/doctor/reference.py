"""The best that a linear model can do on a problem, whatever the scale of its features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrtui.core.doctor.view import Floats, View, moves

COARSE = 1e-5  # of the gradient, of more than two classes: within 1e-4 nats, in a third of the time
ABSENT = -30.0  # logit of a class that no training row has
WEAK = 1e-4  # L2 on standardized weights, per row of the loss: so that an optimum exists on separable data


@dataclass(frozen=True)
class Reference:
    """scikit-learn's LogisticRegression on standardized features, told in the model's own terms.

    Attributes:
        theta: its weights for the features as the model sees them, bias last, shape (p + 1,) or (K, p + 1).
        loss: its training loss. base_loss: H, that of always answering the base rate.
    """

    theta: Floats
    loss: float
    base_loss: float

    @property
    def slack(self) -> float:
        """How far above it a loss is still close to what could be had.

        ``max(0.1·(H − L_ref), 0.03)``: a tenth of the way, or what changes hardly a prediction.
        """
        return max(0.1 * (self.base_loss - self.loss), 0.03)


def reference(train: View) -> Reference:
    """Fit the reference on a training part.

    Raises:
        ValueError: the part holds one class, or a number that is not finite.
    """
    from sklearn.linear_model import LogisticRegression

    X = train.X[:, :-1]
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    deviation = np.where(moves(X), deviation, 1.0)  # constant columns
    model = LogisticRegression(
        C=1 / (WEAK * train.rows), max_iter=2_000, tol=1e-8 if train.classes <= 2 else COARSE
    )
    model.fit((X - mean) / deviation, train.y, sample_weight=train.weight)
    weights = model.coef_ / deviation
    if train.classes > 2:
        theta = np.column_stack([weights, model.intercept_ - weights @ mean])
        theta = _of_all_classes(theta, model.classes_, train.classes)
    else:
        theta = np.append(weights[0], model.intercept_[0] - weights[0] @ mean)
    return Reference(theta, train.loss(theta), train.base_loss())


def _of_all_classes(theta: Floats, present: Floats, classes: int) -> Floats:
    """The weights (K, p + 1) of all classes: one without training rows is as good as never predicted."""
    if len(present) == 2:
        theta = np.vstack([np.zeros_like(theta), theta])
    found = np.zeros((classes, theta.shape[1]))
    found[:, -1] = ABSENT
    found[present.astype(int)] = theta
    return found
