"""A problem that every process has made in memory, of which each keeps a share."""

from __future__ import annotations

from dataclasses import replace

from lrtui.datasets.peers import share
from lrtui.datasets.preparing.problem import Part, Problem, Whole
from lrtui.datasets.storage.own_rows import OwnRows


def share_of(problem: Problem, rank: int, world: int) -> Problem:
    """The rows of one rank, as copies: neighbours in the order of each part."""
    p = problem
    train = Part(p.design_train, p.y_train, p.train_rows, p.weights_train)
    test = Part(p.design_test, p.y_test, p.test_rows, p.weights_test)
    own = OwnRows.in_memory(len(p.y_train), *share(len(p.y_train), rank, world))
    whole = Whole(p.train_counts, p.test_counts, p.validation_counts, own)
    apart = None if p.validation is None else _own(p.validation, rank, world)
    return shared(p, whole, _own(train, rank, world), _own(test, rank, world), apart)


def shared(problem: Problem, whole: Whole, train: Part, test: Part, validation: Part | None) -> Problem:
    """The problem with these rows, of the ``whole``."""
    return replace(
        problem,
        design_train=train.design,
        y_train=train.y,
        train_rows=train.rows,
        weights_train=train.weights,
        design_test=test.design,
        y_test=test.y,
        test_rows=test.rows,
        weights_test=test.weights,
        validation=validation,
        whole=whole,
    )


def _own(part: Part, rank: int, world: int) -> Part:
    start, stop = share(len(part.y), rank, world)
    weights = None if part.weights is None else part.weights[start:stop]
    return Part(part.design[start:stop].copy(), part.y[start:stop], part.rows[start:stop], weights)
