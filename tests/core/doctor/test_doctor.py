"""The doctor as a whole: several causes, ties, what was ruled out, budgets, glances, files."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lrtui.core.config import Config, changed
from lrtui.core.doctor import trials
from lrtui.core.doctor.case import Case
from lrtui.core.doctor.catalogue import asked_at
from lrtui.core.doctor.cause import Setting, Stage
from lrtui.core.doctor.choosing import best_of
from lrtui.core.doctor.diagnosis import Diagnosis, Health
from lrtui.core.doctor.doctor import Cancelled, diagnose, glance, thinned
from lrtui.core.doctor.outcome import Outcome
from lrtui.core.doctor.search import search
from lrtui.core.doctor.source import diagnose_source
from lrtui.core.doctor.trials import TrialRunner, trial_of
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.source import Source
from lrtui.datasets.source_validation import parse_source
from tests.core.doctor.cases import causes, dataset, examine, outcome_of, shifted

SETTINGS = asked_at(Stage.TRAINING, Setting)


def case(name: str, **values: Any) -> Case:
    """A trained run on the doctor's desk."""
    data, config = dataset(name), changed(Config(), **values)
    lab = TrialRunner(data, inf, lambda: True)
    run = lab.run([config])[0]
    outcome = Outcome(run.theta, run.epochs, None, [run.loss])
    return Case(lab, config, run, outcome, lab.analysis(config).reference)


# --- several causes ---


@pytest.mark.parametrize(
    ("data", "values", "expected"),
    [
        (shifted("imbalanced:n=1000", [1, 1e3, 1e5, 1]), {"scaling": "none"}, {"unscaled", "imbalance"}),
        ("wine-1", {"scaling": "none", "lr": 1e-9, "init_bias": -4.0}, {"unscaled", "lr-too-low"}),
        ("two-gaussians:n=200", {"lr": 1e-5, "seed": 2, "threshold": 0.0}, {"lr-too-low", "threshold"}),
    ],
)
def test_several_causes_come_out_as_the_smallest_set_that_heals(
    data: Any, values: dict[str, Any], expected: set[str]
) -> None:
    found = examine(data, **values)
    assert found.status is Health.SICK
    assert set(causes(found)) == expected
    assert found.fix is not None
    assert examine(data, **{**values, **found.fix}).status is Health.HEALTHY
    for left_out in found.findings:
        rest = {name: value for name, value in found.fix.items() if name not in (left_out.fix or {})}
        assert examine(data, **{**values, **rest}).status is not Health.HEALTHY


def test_each_cause_of_a_pair_has_its_own_trial() -> None:
    found = examine("wine-1", scaling="none", lr=1e-9, init_bias=-4.0)
    for finding in found.findings:
        assert finding.trial is not None
        assert finding.closure is not None
        assert (finding.trial.test_balanced_accuracy or 0) < 0.7  # alone it does not do


def test_what_heals_alone_as_well_is_told_as_a_tie() -> None:
    found = examine("two-gaussians:n=200", batch_size=1, lr=1.0, epochs=40)
    tie = next(item for item in found.ruled_out if item.cause == "lr-too-high")
    assert "alone heals it too" in tie.why


def test_what_was_tried_in_vain_is_told_with_its_loss() -> None:
    found = examine("wine-1", scaling="none")
    why = next(item.why for item in found.ruled_out if item.cause == "bad-init")
    assert why.startswith("Not this alone: with initialization torch → zeros the training loss ends at ")


def test_zeros_are_never_blamed() -> None:
    assert "bad-init" not in causes(examine("wine-1", scaling="none", init="zeros"))
    assert all(
        change.setting.id != "bad-init" for change in search(case("wine-1", init="zeros"), SETTINGS).singles
    )


def test_every_trial_of_a_search_differs_from_the_run_in_the_named_fields_alone() -> None:
    sick = case("wine-1", scaling="none")
    for change in search(sick, SETTINGS).singles:
        before, after = sick.config.model_dump(), change.trial.config.model_dump()
        assert {name for name in before if before[name] != after[name]} == set(change.values)


# --- judging ---


def test_closure_is_the_share_of_the_gap() -> None:
    sick = case("two-gaussians", epochs=1)
    better = case("two-gaussians", epochs=20).run
    expected = (sick.run.loss - better.loss) / (sick.run.loss - sick.reference.loss)
    assert sick.closure(better) == pytest.approx(expected)
    assert sick.closure(sick.run) == 0


def test_a_run_whose_loss_is_no_number_is_healed_by_any_that_reaches_the_reference() -> None:
    good = case("breast-cancer")
    lost = replace(good, run=replace(good.run, measured=replace(good.run.measured, train_loss=inf)))
    assert lost.gap
    assert lost.heals(good.run)
    assert lost.closure(lost.run) == 0


def test_training_rows_learned_and_others_missed_is_judged_on_the_test_part() -> None:
    found = examine("digits-3-8", scaling="none", seed=3)
    if found.before.test_balanced_accuracy is not None and found.before.test_balanced_accuracy < 0.95:
        assert found.cause == "unscaled"


# --- the budget ---


def test_a_long_run_is_not_run_again_in_full_and_says_so() -> None:
    data = dataset("two-gaussians:n=1000")
    config = changed(Config(), epochs=1_000_000, lr=1e-8, init_bias=-4.0)
    start = Trainer(problem_of(data, config), config)
    start.advance(epochs=5)
    found = diagnose(data, config, outcome=outcome_of(start, [1.0]), work=0.5)
    assert found.status is Health.SICK
    assert found.notes == ("The run stands after 5 of 1,000,000 epochs, and is judged as it stands.",)
    assert found.seconds < 60


def test_a_long_trial_is_cut_and_says_after_how_many_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "LAST", 0.05)
    data = dataset("two-gaussians:n=1000")
    config = changed(Config(), epochs=200_000, lr=1e-8, init_bias=-4.0)
    theta = np.array([0.0, 0.0, -4.0])
    found = diagnose(data, config, outcome=Outcome(theta, 200_000, None, [2.0, 2.0]), work=0.2)
    assert (found.status, found.cause) == (Health.SICK, "lr-too-low")
    assert found.findings[0].remark.startswith("after ")
    assert found.findings[0].remark.endswith(" of 200,000 epochs")


def test_a_run_that_was_stopped_or_paused_is_judged_by_where_it_was_going() -> None:
    data, config = dataset("breast-cancer"), changed(Config(), lr=0.01)
    trainer = Trainer(problem_of(data, config), config)
    trainer.advance(epochs=2)
    found = diagnose(data, config, outcome=outcome_of(trainer, [0.5, 0.4]))
    assert found.status is Health.HEALTHY
    assert found.notes == (
        "The run stands after 2 of 200 epochs; what is judged is what it comes to if it goes on.",
    )


def test_a_run_that_patience_ended_goes_nowhere_and_is_judged_as_it_is() -> None:
    found = examine("two-gaussians:n=300", patience=1)
    assert (found.status, found.notes) == (Health.HEALTHY, ())
    hasty = examine("wine-1", patience=1, validation=0.01, seed=2)
    assert hasty.cause == "stopped-too-early"
    assert hasty.findings[0].sentence.startswith("The run was ended after 1 epoch of 200: for 1 epoch")
    assert "too-few-epochs" not in {finding.cause for finding in hasty.findings}


def test_whoever_wants_the_machine_gets_it() -> None:
    asked = []

    def go_on() -> bool:
        asked.append(True)
        return len(asked) < 3

    with pytest.raises(Cancelled):
        diagnose(dataset("breast-cancer"), changed(Config(), scaling="none"), go_on=go_on)
    assert len(asked) == 3


def test_of_very_large_data_rows_are_drawn() -> None:
    data = dataset("two-gaussians:n=100")
    wide = replace(data, X=np.zeros((60_000, 100)), y=np.zeros(60_000, np.int8))
    assert thinned(data) is data
    assert thinned(wide).X.shape == (50_000, 100)


def test_a_diagnosis_is_the_same_every_time() -> None:
    first = examine("wine-1", scaling="none")
    second = diagnose(dataset("wine-1"), changed(Config(), scaling="none"))
    assert replace(first, seconds=0.0) == replace(second, seconds=0.0)


def test_a_stored_run_is_diagnosed_as_one_just_trained() -> None:
    data, config = dataset("wine-1"), changed(Config(), scaling="none")
    trainer = Trainer(problem_of(data, config), config)
    losses = list(trainer.advance())
    told = diagnose(data, config, outcome=outcome_of(trainer, losses))
    fresh = examine("wine-1", scaling="none")
    assert causes(told) == causes(fresh)
    assert told.before.train_loss == pytest.approx(fresh.before.train_loss or 0.0, rel=1e-5)


# --- a glance ---


def test_a_glance_suspects_and_proves_nothing() -> None:
    data, config = dataset("uncentred"), changed(Config(), scaling="none")
    problem = problem_of(data, config)
    trainer = Trainer(problem, config)
    losses = list(trainer.advance(epochs=5))
    found = glance(problem, config, outcome_of(trainer, losses))
    assert found.status is Health.CANNOT_TELL or not found.single_label
    assert found.fix is None
    assert "uncentred" in causes(found)
    assert not any(finding.proved for finding in found.findings)


# --- choosing without the test part ---


def test_choices_are_made_on_training_rows_kept_aside() -> None:
    data = dataset("circles")
    hidden = data.X.copy()
    config = Config()
    test_rows = problem_of(data, config).test_rows
    hidden[test_rows] = 1e6  # whoever looks at them sees nonsense
    candidates = [{"features": "linear"}, {"features": "poly2"}]
    for X in (data.X, hidden):
        lab = TrialRunner(replace(data, X=X), 10.0, lambda: True)
        assert best_of(lab, config, candidates) == {"features": "poly2"}


# --- records ---


@pytest.mark.parametrize("name", ["breast-cancer", "circles", "no-signal"])
def test_a_letter_survives_the_store(name: str) -> None:
    found = examine(name)
    assert Diagnosis.from_dict(json.loads(json.dumps(asdict(found)))) == found
    json.dumps(found.to_json(), allow_nan=False)


def test_trials_tell_the_epochs_that_they_had() -> None:
    config = changed(Config(), epochs=7)
    trainer = Trainer(problem_of(dataset("wine-1"), config), config)
    trainer.advance(epochs=3)
    assert trial_of(config, 3, trainer.snapshot()).cut
    assert not trial_of(config, 7, trainer.snapshot()).cut


# --- files ---


def written(folder: Path, labels: list[Any], columns: int = 3) -> Source:
    random = np.random.default_rng(0)
    path = folder / "table.csv"
    names = ",".join([*(f"x{i}" for i in range(columns)), "label"])
    rows = []
    for label in labels:
        high = 2.0 if str(label) in ("2", "b", "9") else 0.0
        rows.append(",".join([*(f"{x:.4f}" for x in random.normal(high, 1, columns)), str(label)]))
    path.write_text("\n".join([names, *rows]) + "\n")
    return parse_source(str(path), "label")


def test_one_value_in_a_files_target_is_one_class(tmp_path: Path) -> None:
    found = diagnose_source(written(tmp_path, ["a"] * 30), Config())
    assert (found.status, found.cause, found.fix) == (Health.UNLEARNABLE, "one-class", None)
    assert found.single_label


def test_three_values_in_a_files_target_are_recoded_by_experiment(tmp_path: Path) -> None:
    found = diagnose_source(written(tmp_path, ["a", "a", "b", "b", "b", "c"] * 30), Config())
    assert (found.status, found.cause) == (Health.SICK, "target-coding")
    assert found.findings[0].fix == {"positive": "b"}
    assert found.findings[0].evidence == {"values": 3, "rows": 180}
    assert found.after is not None
    assert (found.after.test_balanced_accuracy or 0) > 0.8


def test_a_quantity_as_target_is_told_as_one(tmp_path: Path) -> None:
    found = diagnose_source(written(tmp_path, list(range(60))), Config())
    assert (found.status, found.cause, found.fix) == (Health.UNLEARNABLE, "target-coding", None)
    assert "above and below its median" in found.findings[0].sentence


def test_one_and_two_in_a_file_are_two_classes_like_any_other(tmp_path: Path) -> None:
    found = diagnose_source(written(tmp_path, [1, 2] * 60), Config())
    assert found.status is Health.HEALTHY
