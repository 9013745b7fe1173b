"""The area under the ROC curve of scores on several ranks, against that of all of them together."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from lrtui.core.training.shared_auc import shared_auc, shared_class_auc
from tests.core.distributed.threads import ThreadRanks, on_ranks

ROWS = 4_000


def drawn() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    y = random.integers(0, 2, ROWS)
    return random.normal(size=ROWS) + y, y


@pytest.mark.parametrize(("exact", "near"), [(ROWS, 1e-12), (0, 1e-4)])
def test_it_is_scikit_learns_exactly_of_few_rows_and_nearly_of_many(exact: int, near: float) -> None:
    scores, y = drawn()

    def work(ranks: ThreadRanks) -> float | None:
        cut = slice(ranks.rank * ROWS // 3, (ranks.rank + 1) * ROWS // 3)
        own = torch.from_numpy(scores[cut]).unsqueeze(0), torch.from_numpy(y[cut]).double()
        return shared_auc(*own, ROWS, ranks, exact=exact)[0]

    for found in on_ranks(3, work):
        assert found == pytest.approx(roc_auc_score(y, scores), abs=near)


@pytest.mark.parametrize(("exact", "near"), [(3 * ROWS, 1e-12), (0, 1e-4)])
def test_of_more_classes_it_is_the_mean_over_them(exact: int, near: float) -> None:
    random = np.random.default_rng(1)
    y = random.integers(0, 3, ROWS)
    scores = random.normal(size=(3, ROWS)) + (np.arange(3)[:, None] == y)
    oracle = np.mean([roc_auc_score(y == k, scores[k]) for k in range(3)])

    def work(ranks: ThreadRanks) -> float | None:
        cut = slice(ranks.rank * ROWS // 2, (ranks.rank + 1) * ROWS // 2)
        own = torch.from_numpy(scores[:, cut]), torch.from_numpy(y[cut])
        return shared_class_auc(*own, ROWS, ranks, exact=exact)

    assert on_ranks(2, work)[1] == pytest.approx(oracle, abs=near)


@pytest.mark.parametrize("exact", [100, 0])
def test_there_is_none_without_a_class_or_where_a_score_is_no_number(exact: int) -> None:
    def work(ranks: ThreadRanks) -> list[float | None]:
        scores = torch.tensor([[1.0, 2.0], [1.0, torch.nan if ranks.rank else 2.0]])
        ones, both = torch.ones(2), torch.tensor([0.0, 1.0])
        one_class = shared_auc(scores[:1], ones, 4, ranks, exact=exact)
        return [*one_class, *shared_auc(scores, both, 4, ranks, exact=exact)]

    assert on_ranks(2, work)[0] == [None, 1.0, None]
