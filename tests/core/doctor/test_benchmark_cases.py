"""The doctor's benchmark: its cases are always the same, and its faults are what they say."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from lrtui.core.training.problem import problem_of
from tests.benchmarks.doctor.building import build
from tests.benchmarks.doctor.cases import FAULTS, every_case, find, group_of, kinds_of, sample
from tests.benchmarks.doctor.data_faults import DATA_FAULTS
from tests.benchmarks.doctor.healthy import CONTROLS
from tests.benchmarks.doctor.records import Case, Setup, unchanged

CATALOGUE = {
    "non-finite", "one-class", "target-coding", "no-diversity", "leakage", "train-test-mismatch",
    "unscaled", "uncentred", "lr-too-high", "lr-too-low", "batch-too-small", "too-few-epochs", "bad-init",
    "saturated", "weight-decay-too-strong", "not-shuffled", "threshold", "imbalance", "too-little-data",
    "non-linear", "no-signal", "separable", "outliers", "overfitting",
}  # fmt: skip


def faulty(fault: str, level: int, material: str = "linear-10") -> tuple[Setup, Setup]:
    """The setup without the fault, and with it."""
    built = build(Case(material, ((fault, level),), "", 1, "tuning"))
    return built.clean, built.setup


def changes(clean: Setup, setup: Setup) -> dict[str, object]:
    """The fields in which two configs differ."""
    one, two = clean.config.model_dump(), setup.config.model_dump()
    return {name: two[name] for name in two if one[name] != two[name]}


# --- which cases there are ---


def test_there_are_enough_cases_each_with_an_id_of_its_own() -> None:
    ids = [case.id for case in every_case()]
    assert len(ids) == len(set(ids)) >= 2000
    assert sum(not case.faults for case in every_case()) >= 500
    assert find(ids[-1]) == every_case()[-1]


def test_the_sample_is_always_the_same_and_holds_every_cause() -> None:
    chosen = sample(150)
    assert chosen == sample(150)
    assert len(set(chosen)) == 150
    assert Counter(map(group_of, chosen)).keys() == CATALOGUE | {"double", "control"}
    assert {case.control for case in chosen if case.control} == set(CONTROLS)
    assert {case.half for case in chosen} == {"tuning", "apart"}


def test_no_dataset_and_no_severity_of_the_half_apart_is_in_the_tuning_half() -> None:
    tuning = [case for case in every_case() if case.half == "tuning"]
    datasets = {case.material for case in tuning}
    assert all(level % 2 == 0 for case in tuning for _, level in case.faults)
    for case in every_case():
        known = case.material in datasets and all(level % 2 == 0 for _, level in case.faults)
        assert known == (case.half == "tuning")
    assert 0.4 <= len(datasets) / len({case.material for case in every_case()}) <= 0.6


def test_a_case_is_built_the_same_every_time() -> None:
    for fault in ("unscaled", "non-finite", "too-little-data", "no-signal"):
        (_, one), (_, two) = faulty(fault, 1), faulty(fault, 1)
        assert one.config == two.config
        np.testing.assert_array_equal(one.dataset.X, two.dataset.X)
        np.testing.assert_array_equal(one.dataset.y, two.dataset.y)


def test_every_fault_can_be_built_at_every_severity() -> None:
    for name, fault in FAULTS.items():
        for level in fault.levels_on(fault.materials[0]):
            clean, setup = faulty(name, level, fault.materials[0])
            assert setup.dataset.X.shape[0] == len(setup.dataset.y)
            assert setup.target_values or fault.inject is unchanged or setup is not clean


def test_every_control_can_be_built_and_holds_all_classes() -> None:
    for kind, (_, materials, _) in CONTROLS.items():
        setup = build(Case(materials[0], (), kind, 0, "tuning")).setup
        problem = problem_of(setup.dataset, setup.config)
        assert set(problem.y_train) == set(problem.y_test) == set(range(problem.classes))


def test_cases_can_be_asked_for_by_cause_by_fault_and_by_kind_of_control() -> None:
    words = {word for case in every_case() for word in kinds_of(case)}
    assert words >= CATALOGUE | set(FAULTS) | set(CONTROLS) | {"double", "control"}


# --- what the faults of the settings do ---


@pytest.mark.parametrize(
    ("fault", "fields"),
    [
        ("lr-too-low", {"lr"}),
        ("lr-too-high", {"lr", "batch_size"}),
        ("batch-too-small", {"batch_size"}),
        ("too-few-epochs", {"epochs"}),
        ("bad-init", {"init", "init_std"}),
        ("saturated", {"loss"}),
        ("weight-decay-too-strong", {"weight_decay"}),
        ("not-shuffled", {"shuffle"}),
        ("threshold", {"threshold"}),
    ],
)
def test_a_fault_of_the_settings_changes_these_fields_and_no_data(fault: str, fields: set[str]) -> None:
    clean, setup = faulty(fault, 0)
    assert set(changes(clean, setup)) == fields
    assert setup.dataset is clean.dataset


def test_learning_rates_too_high_are_many_times_what_is_stable() -> None:
    _, setup = faulty("lr-too-high", 0)
    design = problem_of(setup.dataset, setup.config, single=False).design_train
    smoothness = np.linalg.eigvalsh(design.T @ design)[-1] / (4 * len(design))
    assert setup.config.lr * smoothness == pytest.approx(30, rel=0.01)


def test_unscaled_columns_differ_in_scale_and_only_in_that() -> None:
    _, setup = faulty("unscaled", 0)
    deviations = np.sort(setup.dataset.X.std(axis=0))
    np.testing.assert_allclose(deviations, [1] * 9 + [1e4], rtol=1e-6)
    np.testing.assert_allclose(setup.dataset.X.mean(axis=0) / setup.dataset.X.std(axis=0), 0, atol=1e-9)
    assert setup.config.scaling == "none"


def test_uncentred_columns_are_far_from_zero_and_alike_in_scale() -> None:
    _, setup = faulty("uncentred", 2)
    X = setup.dataset.X
    np.testing.assert_allclose(np.abs(X.mean(axis=0)), 50)
    np.testing.assert_allclose(X.std(axis=0), 1)


def test_rows_that_are_not_shuffled_come_sorted_by_label() -> None:
    clean, setup = faulty("not-shuffled", 0)
    labels = problem_of(setup.dataset, setup.config).y_train
    assert (np.diff(labels) >= 0).all()
    assert clean.config.shuffle
    assert not setup.config.shuffle
    original = build(Case("linear-10", (), "plain", 1, "tuning")).setup.dataset
    np.testing.assert_array_equal(np.sort(setup.dataset.X, axis=0), np.sort(original.X, axis=0))


# --- what the faults of the data do ---


@pytest.mark.parametrize(("level", "least", "most"), [(0, 1, 1), (1, 40, 130), (3, 1, 3), (4, 300, 500)])
def test_as_many_cells_are_lost_as_it_says(level: int, least: int, most: int) -> None:
    clean, setup = faulty("non-finite", level)
    lost = ~np.isfinite(setup.dataset.X)
    assert least <= lost.sum() <= most
    np.testing.assert_array_equal(setup.dataset.X[~lost], clean.dataset.X[~lost])
    assert np.isinf(setup.dataset.X).any() == (level == 3)


@pytest.mark.parametrize("level", range(4))
def test_one_class_is_all_that_training_sees(level: int) -> None:
    _, setup = faulty("one-class", level)
    problem = problem_of(setup.dataset, setup.config)
    assert set(problem.y_train) == {level % 2}
    assert (set(problem.y_test) == {0, 1}) == (level >= 2)


def test_targets_hold_other_values_than_0_and_1() -> None:
    assert set(faulty("target-coding", 0)[1].dataset.y) == {1, 2}
    assert set(faulty("target-coding", 1)[1].dataset.y) == {-1, 1}
    assert set(faulty("target-coding", 2)[1].target_values) == set(range(10))


def test_rows_without_diversity_are_few() -> None:
    for level, distinct in enumerate((1, 2, 2, 4)):
        assert len(np.unique(faulty("no-diversity", level)[1].dataset.X, axis=0)) == distinct
    for level, apart in ((4, 1e-9), (5, 1e-8)):
        X = faulty("no-diversity", level)[1].dataset.X
        np.testing.assert_allclose(X.std(axis=0) / np.abs(X.mean(axis=0)), apart, rtol=0.15)


def test_a_leak_tells_the_label_and_the_other_columns_stay() -> None:
    for level in range(4):
        clean, setup = faulty("leakage", level)
        column, y = setup.dataset.X[:, -1], setup.dataset.y
        assert column[y == 1].min() > column[y == 0].max() or column[y == 1].max() < column[y == 0].min()
        np.testing.assert_array_equal(setup.dataset.X[:, :-1], clean.dataset.X)


def test_imbalance_leaves_this_share_of_positives() -> None:
    for level, rate in enumerate((0.05, 0.03, 0.02, 0.01)):
        assert faulty("imbalance", level, "large-4")[1].dataset.base_rate == pytest.approx(rate, rel=0.05)


def test_few_rows_are_few_and_hold_both_classes() -> None:
    for level, count in enumerate((10, 15, 20, 30)):
        dataset = faulty("too-little-data", level)[1].dataset
        assert abs(dataset.n - count) <= 1
        assert min(dataset.y.sum(), dataset.n - dataset.y.sum()) >= 3


def test_labels_without_signal_are_the_same_labels_in_another_order() -> None:
    clean, setup = faulty("no-signal", 0)
    assert setup.dataset.y.sum() == clean.dataset.y.sum()
    assert (setup.dataset.y != clean.dataset.y).any()


def test_only_the_test_part_is_moved() -> None:
    for level in range(4):
        clean, setup = faulty("train-test-mismatch", level)
        one, two = (problem_of(s.dataset, s.config) for s in (clean, setup))
        np.testing.assert_array_equal(one.test_rows, two.test_rows)
        gap = np.abs(two.X_test.mean(axis=0) - two.X_train.mean(axis=0)) / two.X_train.std(axis=0)
        assert np.median(gap) > 1.2


def test_what_no_setting_heals_is_marked_so() -> None:
    hopeless = {name for name, fault in DATA_FAULTS.items() if not fault.repairable}
    assert hopeless == {
        "one-class", "target-coding", "no-diversity", "too-little-data", "no-signal", "separable",
        "train-test-mismatch",
    }  # fmt: skip


# --- what the faults of tables do ---


def test_cells_are_changed_where_it_says_and_nowhere_else() -> None:
    for fault, level, least, most in (
        ("far-cells", 1, 50, 120), ("far-cells", 2, 3, 3), ("far-cells", 3, 30, 30),
    ):  # fmt: skip
        clean, setup = faulty(fault, level)
        assert least <= (clean.dataset.X != setup.dataset.X).sum() <= most
    codes = faulty("missing-codes", 1)[1].dataset.X
    assert (codes == -999).mean() == pytest.approx(0.05, abs=0.01)


def test_leaks_of_two_columns_tell_the_label_together() -> None:
    _, setup = faulty("leaks", 3)
    one, two = setup.dataset.X[:, -2:].T
    np.testing.assert_allclose(two - one, setup.dataset.y, atol=1e-9)
    assert abs(np.corrcoef(one, setup.dataset.y)[0, 1]) < 0.15
    flipped = faulty("leaks", 1)[1].dataset
    assert 0 <= (flipped.X[:, -1] != flipped.y).sum() <= 8


def test_a_test_part_is_wrecked_and_the_training_part_left_alone() -> None:
    for level in range(5):
        clean, setup = faulty("wrecked-test", level)
        kept = ~np.asarray(setup.dataset.in_test)
        np.testing.assert_array_equal(clean.dataset.X[kept], setup.dataset.X[kept])
        np.testing.assert_array_equal(clean.dataset.y[kept], setup.dataset.y[kept])
        moved = (clean.dataset.X != setup.dataset.X).any() or (clean.dataset.y != setup.dataset.y).any()
        assert moved


def test_a_pair_of_columns_is_nearly_one_and_its_difference_decides() -> None:
    dataset = build(Case("pair-0.01", (), "plain", 0, "tuning")).setup.dataset
    one, two = dataset.X[:, :2].T
    assert np.corrcoef(one, two)[0, 1] > 0.9999
    assert abs(np.corrcoef(two - one, dataset.y)[0, 1]) > 0.6


def test_a_parity_is_not_to_be_seen_in_any_column_alone() -> None:
    dataset = build(Case("parity-of-6", (), "plain", 0, "tuning")).setup.dataset
    np.testing.assert_array_equal((2 * dataset.X[:, :3] - 1).prod(axis=1) > 0, dataset.y == 1)
    assert max(abs(np.corrcoef(column, dataset.y)[0, 1]) for column in dataset.X.T) < 0.12
