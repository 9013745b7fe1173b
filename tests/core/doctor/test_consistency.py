"""No letter of the doctor contradicts itself; the checks find what is planted."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lrtui.core.config import Config, changed
from lrtui.core.doctor.doctor import diagnose
from lrtui.datasets.errors import DatasetError
from tests.benchmarks.doctor.consistency import contradictions
from tests.benchmarks.doctor.facts import Facts
from tests.benchmarks.doctor.generated import table
from tests.benchmarks.doctor.records import Setup
from tests.benchmarks.doctor.spoken_numbers import unfounded

BEFORE = {"train_loss": 0.69, "test_loss": 0.7, "test_balanced_accuracy": 0.5}
AFTER = {"train_loss": 0.31, "test_loss": 0.33, "test_balanced_accuracy": 0.87}
FINDING: dict[str, Any] = {
    "cause": "lr-too-low", "title": "Learning rate too low", "fix": {"lr": 0.1}, "proved": True,
    "sentence": "The learning rate 1e-06 is too low. With 0.1 the same run reaches what can be had.",
    "evidence": {"lr_over_safe": 0.001}, "closure": 0.98, "trial": AFTER, "remark": "",
}  # fmt: skip
SICK: dict[str, Any] = {
    "status": "sick", "single_label": True, "majority_label": "1", "majority_share": 1.0,
    "verdict": "100 % of the test rows are predicted 1: learning rate too low. Healed by lr 1e-06 → 0.1: "
    "balanced accuracy 0.50 → 0.87, test loss 0.7 → 0.33.",
    "findings": [FINDING], "ruled_out": [{"cause": "unscaled", "why": "Their scales are alike enough."}],
    "fix": {"lr": 0.1}, "before": BEFORE, "after": AFTER, "reference": AFTER,
}  # fmt: skip
CONFIG = changed(Config(), lr=1e-6, batch_size=0)
HEALTHY: dict[str, Any] = {
    **SICK, "status": "healthy", "single_label": False, "majority_share": 0.55, "findings": [], "fix": None,
    "before": AFTER, "after": None,
    "verdict": "Nothing is wrong: the loss is 0.33, as good as a linear model's can be here.",
}  # fmt: skip


def said(letter: dict[str, Any], **values: Any) -> list[str]:
    """What is found in a letter with some parts replaced; ``finding`` replaces parts of its finding."""
    changed_letter = deepcopy(letter) | {name: v for name, v in values.items() if name != "finding"}
    if "finding" in values:
        changed_letter["findings"] = [{**FINDING, **values["finding"]}]
    return contradictions(changed_letter, CONFIG)


def test_letters_that_agree_with_themselves_pass() -> None:
    assert said(SICK) == []
    assert said(HEALTHY) == []


@pytest.mark.parametrize(
    ("letter", "values", "found"),
    [
        (SICK, {"ruled_out": [{"cause": "lr-too-low", "why": "Not too low."}]}, "found and ruled out"),
        (SICK, {"findings": [FINDING, FINDING]}, "found twice"),
        (SICK, {"fix": None}, "no fix is proved"),
        (SICK, {"fix": {"lr": 0.2}}, "not in the whole fix"),
        (HEALTHY, {"fix": {"lr": 0.1}}, "a fix is offered"),
        (HEALTHY, {"single_label": True}, "the base rate is not named"),
        (HEALTHY, {"majority_share": 1.0}, "not called a single label"),
        (SICK, {"verdict": "100 % of the rows are 1, and no setting can help."}, "no setting can help"),
        (HEALTHY, {"before": {**AFTER, "test_loss": 0.36}}, "test_loss is 0.030 behind"),
        (HEALTHY, {"before": {**AFTER, "test_balanced_accuracy": 0.8}}, "0.070 behind the reference"),
        (SICK, {"after": {**BEFORE, "test_loss": 0.9}}, "betters nothing"),
        (SICK, {"status": "improvable", "after": {**AFTER, "test_loss": 0.71}}, "does not lower the"),
        (SICK, {"after": {**AFTER, "test_loss": 7_111.0}}, "the letter does not say so"),
        (SICK, {"finding": {"sentence": "It is 4,000 times too low."}}, "lr-too-low says 4,000"),
        (SICK, {"finding": {"evidence": {"reach": float("nan")}}}, "holds nan"),
        (HEALTHY, {"verdict": "Nothing is wrong: the loss is 0.41."}, "the verdict says 0.41"),
    ],
)  # fmt: skip
def test_what_cannot_all_be_true_is_found(
    letter: dict[str, Any], values: dict[str, Any], found: str
) -> None:
    assert any(found in what for what in said(letter, **values)), said(letter, **values)


def test_a_second_cause_is_needless_where_one_change_does_as_well() -> None:
    other = {**FINDING, "cause": "bad-init", "fix": {"init": "zeros"}, "trial": BEFORE, "closure": 0.1}
    letter = {**SICK, "findings": [FINDING, other], "fix": {"lr": 0.1, "init": "zeros"}}
    assert any("lr-too-low alone heals as well" in what for what in contradictions(letter, CONFIG))


def test_an_idea_that_was_seen_to_do_harm_is_none() -> None:
    idea = {**FINDING, "proved": False, "trial": {**BEFORE, "test_loss": 7_111.0}}
    letter = {**SICK, "status": "cannot-tell", "fix": None, "after": None, "findings": [idea]}
    assert any("raises the test loss" in what for what in contradictions(letter, CONFIG))


def test_no_learning_rate_is_advised_above_what_is_stable() -> None:
    X = np.random.default_rng(0).normal(size=(100, 2))
    facts = Facts(Setup(table("a table", X, X[:, 0] > 0), CONFIG))
    design = np.column_stack([X[facts.problem.train_rows], np.ones(80)]) if facts.problem else X
    scaled = (design - design.mean(axis=0)) / np.where(design.std(axis=0) > 0, design.std(axis=0), 1)
    scaled[:, -1] = 1
    stable = 2 / (np.linalg.eigvalsh(scaled.T @ scaled)[-1] / (4 * 80))
    assert facts.stable_below(CONFIG) == pytest.approx(stable)
    for rate, sound in ((0.99 * stable, True), (1.01 * stable, False)):
        fix = {"lr": rate}
        letter = {**SICK, "fix": fix, "findings": [{**FINDING, "fix": fix, "sentence": "It is too low."}]}
        wrong = [what for what in contradictions(letter, CONFIG, facts) if "is stable" in what]
        assert (not wrong) is sound
    assert facts.stable_below(changed(CONFIG, batch_size=10)) is None


@pytest.mark.parametrize(
    ("text", "known", "wrong"),
    [
        ("It ends at 0.523, after 1,500 epochs.", (0.52345, 1500.0), []),
        ("It ends at 0.523.", (0.5241,), ["0.523"]),
        ("96 % of the rows, and 4 % of them.", (0.9601,), []),
        ("95.3 % of the rows.", (0.96,), ["95.3 %"]),
        ("More than float32 can hold (3.4e+38).", (), ["3.4e+38"]),
        ("The widest has 1.2e+07.", (12_345_678.0,), []),
        ("The column 'room 12' and x3 say nothing of poly2.", (), []),
        ("Rows of class 7 are rare.", (), ["7"]),
    ],
)
def test_numbers_are_roundings_of_what_was_measured(
    text: str, known: tuple[float, ...], wrong: list[str]
) -> None:
    assert unfounded(text, known) == wrong
    assert unfounded(text, known, names=("7",)) == [number for number in wrong if number != "7"]


def setup_of(seed: int, n: int, p: int, size: float, centre: float, signal: float, **values: Any) -> Setup:
    """A small table whose labels hang on its first column, more or less, and a config."""
    random = np.random.default_rng(seed)
    plain = random.normal(size=(n, p))
    y = random.random(n) < 1 / (1 + np.exp(-signal * plain[:, 0] + (seed % 2)))
    y[:6] = np.arange(6) % 2
    return Setup(table("drawn", plain * size + centre, y), changed(Config(), **values))


TABLES = {
    "seed": st.integers(0, 2**32 - 1),
    "n": st.integers(30, 120),
    "p": st.integers(1, 4),
    "size": st.sampled_from([1.0, 1e3]),
    "centre": st.sampled_from([0.0, 50.0]),
    "signal": st.sampled_from([0.0, 1.0, 4.0]),
    "lr": st.sampled_from([1e-5, 0.1, 30.0]),
    "epochs": st.sampled_from([1, 30]),
    "batch_size": st.sampled_from([0, 8]),
    "scaling": st.sampled_from(["none", "standard"]),
    "weight_decay": st.sampled_from([0.0, 5.0]),
    "threshold": st.sampled_from([0.5, 0.95, "base-rate"]),
    "init_bias": st.sampled_from([None, 50.0]),
    "loss": st.sampled_from(["bce-logits", "bce"]),
}


@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # shrinking would train many more
    suppress_health_check=list(HealthCheck),
)
@given(drawn=st.fixed_dictionaries(TABLES))
def test_no_letter_on_any_table_contradicts_itself(drawn: dict[str, Any]) -> None:
    setup = setup_of(**drawn)
    try:
        letter = asdict(diagnose(setup.dataset, setup.config))
    except DatasetError:
        return
    assert contradictions(letter, setup.config, Facts(setup)) == []
