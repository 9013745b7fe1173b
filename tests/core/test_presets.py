"""Presets: what those built in claim, measured; and files of a person's own."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from lrtui.core.config import Config, changed, idle_text
from lrtui.core.config.presets import BUILT_IN, find_preset, presets
from lrtui.core.errors import ConfigError
from lrtui.core.training.measurement import Measurement
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source
from lrtui.datasets.storage.folder import config_folder

USUAL = ("breast-cancer", "wine-1", "diabetes-median", "two-gaussians", "imbalanced", "digits-3-8")
SEEDS = (0, 1)


@cache
def dataset(name: str) -> Dataset:
    return load(Source(name))


@cache
def trained(name: str, preset: str | None, seed: int = 0) -> tuple[Measurement, int]:
    """The result of a preset, or of the plain defaults, on one split; and the epochs that it took."""
    config = changed(Config() if preset is None else BUILT_IN[preset].laid(Config()), split_seed=seed)
    trainer = Trainer(problem_of(dataset(name), config), config)
    trainer.advance()
    return trainer.shown().measurement, trainer.epoch


def test_fast_loses_no_more_on_unseen_rows_than_200_plain_epochs_do() -> None:
    gains = {}
    for name in USUAL:
        fast = np.mean([trained(name, "fast", seed)[0].test_loss for seed in SEEDS])
        plain = np.mean([trained(name, None, seed)[0].test_loss for seed in SEEDS])
        gains[name] = plain - fast
    assert trained(USUAL[0], "fast")[1] == 10
    assert min(gains.values()) > -0.01, gains
    assert np.mean(list(gains.values())) > 0, gains


@pytest.mark.parametrize("name", ["diabetes-median", "two-gaussians", "imbalanced"])
def test_exact_ends_where_scikit_learn_finds_the_lowest_training_loss(name: str) -> None:
    found, _ = trained(name, "exact")
    data: Problem = problem_of(dataset(name), changed(Config(), split_seed=0))
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(data.X_train, data.y_train)
    p = oracle.predict_proba(data.X_train)[np.arange(len(data.y_train)), data.y_train]
    assert found.train_loss == pytest.approx(-np.log(p).mean(), abs=1e-6)
    assert found.gradient_norm < 1e-6


def test_exact_learns_separable_classes_by_heart_as_it_says() -> None:
    found, _ = trained("breast-cancer", "exact")
    assert found.train_loss < 1e-6
    assert found.test_loss > 5 * trained("breast-cancer", "fast")[0].test_loss


def test_early_loses_less_on_few_rows_than_the_lowest_training_loss_does() -> None:
    for name in ("example-small-data", "example-learning-rate"):
        early = np.mean([trained(name, "early", seed)[0].test_loss for seed in SEEDS])
        exact = np.mean([trained(name, "exact", seed)[0].test_loss for seed in SEEDS])
        assert early < exact - 0.02, name
    assert trained("example-learning-rate", "early")[1] < 1000  # patience was over


def test_rare_finds_the_rare_class_where_the_defaults_hardly_do_and_its_probabilities_are_too_high() -> (
    None
):
    rare, plain = ([trained("imbalanced", preset, seed)[0] for seed in SEEDS] for preset in ("rare", None))
    recalls = [[m.table[1][1] / sum(m.table[1]) for m in found] for found in (rare, plain)]
    assert np.mean(recalls[0]) > 0.6 > 0.2 > np.mean(recalls[1])
    told = [sum(m.table[0][1] for m in found) for found in (rare, plain)]
    assert told[0] > told[1]  # more rows of the common class are called rare


def test_textbook_draws_nothing_at_random() -> None:
    config = BUILT_IN["textbook"].laid(Config())
    assert idle_text("seed", config)
    one, other = (Trainer(problem_of(dataset("moons"), c), c) for c in (config, changed(config, seed=7)))
    one.advance(epochs=20)
    other.advance(epochs=20)
    assert one.theta == other.theta


def test_none_of_them_sets_what_does_nothing_beside_the_rest() -> None:
    for preset in BUILT_IN.values():
        config = preset.laid(Config())
        assert not [name for name in preset.values if idle_text(name, config)], preset.name
        assert preset.about.endswith(".")


# --- files of one's own ---


@pytest.fixture
def folder(home: Path) -> Path:
    found = config_folder() / "presets"
    found.mkdir(parents=True)
    return found


def test_a_file_is_a_preset_by_its_name_and_wins_over_one_built_in(folder: Path) -> None:
    (folder / "mine.toml").write_text("# what I always do\nlr = 0.1\nbatch-size = 8\n", encoding="utf-8")
    (folder / "fast.toml").write_text("epochs = 3\n", encoding="utf-8")
    (folder / "of two words.toml").write_text("epochs = 3\n", encoding="utf-8")
    (folder / "notes.txt").write_text("nothing", encoding="utf-8")
    assert set(presets()) == {"mine", *BUILT_IN}
    mine = find_preset("mine")
    assert (mine.values, mine.about) == ({"lr": 0.1, "batch_size": 8}, "what I always do")
    assert mine.text == "lr=0.1 batch_size=8"
    assert find_preset("fast").values == {"epochs": 3}


def test_a_name_that_is_none_is_answered_with_those_that_are(folder: Path) -> None:
    (folder / "mine.toml").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="no preset called 'fats'") as told:
        find_preset("fats")
    assert told.value.fix == ("Did you mean fast? Use one of: early, exact, fast, mine, rare, textbook.")
    for bad in ("../config", "/etc/passwd", "", "mine.toml", "\x1b[31m"):
        with pytest.raises(ConfigError, match="no preset called"):
            find_preset(bad)


@pytest.mark.parametrize(
    ("text", "said"),
    [("lr = ", "is not TOML"), ("lr = -1", "cannot be"), ("speed = 3", "no hyperparameter")],
)
def test_a_file_that_is_wrong_is_refused_only_when_it_is_asked_for(
    folder: Path, text: str, said: str
) -> None:
    (folder / "bad.toml").write_text(text, encoding="utf-8")
    assert "bad" in presets()
    with pytest.raises(ConfigError, match=said):
        find_preset("bad")


def test_a_folder_that_is_none_is_told(home: Path) -> None:
    folder = config_folder()
    folder.mkdir(parents=True)
    os.close(os.open(folder / "presets", os.O_CREAT))
    with pytest.raises(ConfigError, match="cannot be listed"):
        find_preset("fast")
