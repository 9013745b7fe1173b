"""Runs side by side: what differs, what was reached, and which numbers may be compared at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lrtui.core.comparison import Comparison, compare
from lrtui.core.config import Config, changed
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.errors import StoreError
from lrtui.core.store import Failure, Run, Status
from lrtui.core.store.records import WATCHED, BestEpoch, Branch
from lrtui.datasets.source import Source
from lrtui.tui.render.comparison import comparison_lines
from lrtui.tui.render.glyphs import Glyphs


def run_of(number: int, dataset: str = "moons", accuracy: float = 0.5, **values: Any) -> Run:
    measured = {"test_accuracy": accuracy, "train_loss": 1 - accuracy, "test_loss": 1 - accuracy}
    config = changed(Config(), **values)
    return Run(number, Source(dataset), config, Status.FINISHED, epoch=number, measured=measured)


def differing(found: Comparison) -> dict[str, list[Any]]:
    return {row.name: row.values for row in found.differs}


def best(found: Comparison) -> dict[str, tuple[int, ...]]:
    return {row.name: row.best for row in found.reached if row.best}


def test_only_settings_that_are_not_the_same_in_all_are_told() -> None:
    found = compare([run_of(3, lr=0.1), run_of(7, lr=0.5), run_of(5, lr=0.1, optimizer="adam")], {})
    assert differing(found) == {"lr": [0.1, 0.5, 0.1], "optimizer": ["sgd", "sgd", "adam"]}
    assert [run.id for run in found.runs] == [3, 7, 5]  # as they were asked for


def test_with_whose_weights_a_branch_began_is_told() -> None:
    found = compare([run_of(1), replace(run_of(2), branch=Branch(1, 40))], {})
    assert differing(found) == {"from": [None, "1@40"]}


def test_settings_stand_in_the_table_as_people_read_them() -> None:
    many = replace(run_of(2), source=Source("t.csv", "kind", multiclass=True))
    script = replace(run_of(3), origin=WATCHED)
    lines = comparison_lines(compare([run_of(1), many, script], {}), 80, Glyphs())
    told = {line[:18].strip(): line[18:].split() for line in lines}
    assert told["multiclass"] == ["–", "yes", "–"]
    assert told["dropped columns"] == ["none", "none", "–"]


def test_a_run_whose_epoch_was_chosen_by_the_rows_that_score_it_is_told() -> None:
    def chosen(number: int, by: str) -> Run:
        best = BestEpoch(9, 0.1, by)
        return replace(run_of(number), best=best, measured={"epoch": 9, "test_loss": 0.1})

    found = compare([run_of(1), chosen(2, "test"), chosen(3, "validation")], {})
    assert found.flattered == (1,)
    assert found.to_json()["chosen_by_test_loss"] == [2]
    told = " ".join(comparison_lines(found, 60, Glyphs()))
    assert "so that its test scores flatter: B." in told
    clean = compare([run_of(1), chosen(3, "validation")], {})
    assert "flatter" not in " ".join(comparison_lines(clean, 60, Glyphs()))


def test_the_best_are_marked_in_each_direction_and_ties_all_are() -> None:
    found = compare([run_of(1, accuracy=0.7), run_of(2, accuracy=0.9), run_of(3, accuracy=0.9)], {})
    assert best(found) == {"test_loss": (1, 2), "test_accuracy": (1, 2)}
    assert best(compare([run_of(1), run_of(2)], {})) == {}


def test_scores_on_different_rows_and_losses_of_other_functions_have_no_best() -> None:
    for other in (run_of(2, "xor", 0.9), run_of(2, accuracy=0.9, split_seed=7), run_of(2, test_size=0.3)):
        found = compare([run_of(1), other], {})
        assert (found.same_rows, best(found)) == (False, {})
    weighed = compare([run_of(1), run_of(2, accuracy=0.9, class_weight="balanced")], {})
    assert best(weighed) == {"test_accuracy": (1,)}


def test_the_json_has_every_list_in_the_order_of_the_runs() -> None:
    found = compare([run_of(2, accuracy=0.9), run_of(1, "xor")], {1: Health.SICK}).to_json()
    assert found["runs"] == [2, 1]
    assert found["differs"]["dataset"] == ["moons", "xor"]
    assert found["reached"]["verdict"] == [None, "sick"]
    assert found["reached"]["epochs_done"] == [2, 1]
    assert found["reached"]["test_auc"] == [None, None]
    assert found["same_test_rows"] is False


def test_a_run_that_cannot_be_read_is_not_compared() -> None:
    broken = Run(2, Source("?"), Config(), Status.UNREADABLE, failure=Failure("Store", "Damaged.", "Anew."))
    with pytest.raises(StoreError, match="Damaged"):
        compare([run_of(1), broken], {})


@pytest.mark.parametrize("numbers", [[], [1], [1, 1], list(range(7))])
def test_two_to_six_different_runs_can_be_compared(numbers: list[int]) -> None:
    with pytest.raises(StoreError):
        compare([run_of(number) for number in numbers], {})
