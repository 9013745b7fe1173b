"""Back in time on the command line: a run as it was at an epoch, and runs that begin there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lrtui.core.store import Labels, Store
from tests.cli.commands import Lrtui, refused

TRAIN = ("train", "example-small-data", "--quiet", "--epochs", "8", "--batch-size", "0")


@pytest.fixture(autouse=True)
def every_look_is_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a look may seem dear, and an epoch without one."""
    monkeypatch.setattr("lrtui.core.training.snapshotter.CHEAP", 60.0)


def told(lrtui: Lrtui, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(lrtui(*arguments, "--json")[1])
    return found


def test_a_run_is_shown_as_it_was_at_the_nearest_epoch_that_is_kept(home: Path, lrtui: Lrtui) -> None:
    lrtui(*TRAIN)
    lrtui(*TRAIN[:-4], "--epochs", "3", "--batch-size", "0")  # what the other was like by then
    then, short = told(lrtui, "show", "1", "--epoch", "3"), told(lrtui, "show", "2")
    same = ("measured_epoch", "train_loss", "test_loss", "weights", "bias", "test_accuracy")
    assert [then[name] for name in same] == [short[name] for name in same]
    lrtui(*TRAIN[:-4], "--epochs", "1", "--scaling", "none")
    assert "weights, epoch 1" in lrtui("show", "3")[1]
    out = lrtui("show", "1", "--epoch", "1000")[1]
    assert "shown              epoch 8, of those that are kept the nearest to 1,000" in out
    assert "weights on scaled features, epoch 8" in out
    assert "whatever the epoch" in refused(lrtui("show", "1", "--epoch", "3", "--config"))
    assert "no whole number from 0 up" in refused(lrtui("show", "1", "--epoch", "-1"))


def test_a_branch_takes_data_and_config_of_its_run_and_nothing_from_the_config_file(
    home: Path, lrtui: Lrtui, tmp_path: Path
) -> None:
    lrtui(*TRAIN, "--seed", "4")
    folder = tmp_path / "config" / "lrtui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(
        "[defaults]\nseed = 9\nscaling = 'none'\ntarget = 'y'\n", encoding="utf-8"
    )
    found = told(lrtui, "train", "--from", "1@5", "--lr", "0.3", "--quiet")
    assert found["branch"] == {"run": 1, "epoch": 5}
    assert found["config"] == {**told(lrtui, "show", "1")["config"], "lr": 0.3}
    code, _, err = lrtui("train", "--from", "1@700", "--epochs", "1")
    assert code == 0
    assert "run 1 at epoch 8, of those that are kept the nearest to 700; its optimizer anew" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("moons", "--from", "1"), "'moons' was given too"),
        (("--from", "1", "--target", "y"), "--target was given too"),
        (("--from", "1", "--test-size", "0.5"), "test size differs"),
        (("--from", "7@3"), "There is no run 7"),
        (("--from", "1@x"), "no run called '1@x'"),
        ((), "Missing argument 'DATASET'"),
    ],
)
def test_what_cannot_begin_there_is_refused(
    home: Path, lrtui: Lrtui, arguments: tuple[str, ...], said: str
) -> None:
    lrtui(*TRAIN)
    assert said in refused(lrtui("train", *arguments))


def test_a_number_before_the_epoch_is_that_of_the_run_whatever_another_is_called(
    home: Path, lrtui: Lrtui
) -> None:
    lrtui(*TRAIN)
    lrtui(*TRAIN)
    with Store() as store:  # a name that an older version took
        store.labels.set(2, Labels("1@3"))
    lrtui("note", "1", "--name", "mail@home")
    assert told(lrtui, "train", "--from", "1@3", "--quiet")["branch"] == {"run": 1, "epoch": 3}
    assert told(lrtui, "train", "--from", "mail@home@4", "--quiet")["branch"] == {"run": 1, "epoch": 4}
    assert "'2@3' is no name for a run" in refused(lrtui("note", "1", "--name", "2@3"))


def test_a_branch_of_a_run_that_is_gone_says_that_nothing_trains_it_again(home: Path, lrtui: Lrtui) -> None:
    lrtui(*TRAIN)
    lrtui("train", "--from", "1", "--quiet")
    with Store() as store:
        store.execute("DELETE FROM runs WHERE id = 1")
    assert told(lrtui, "show", "2")["command"] is None
    out = lrtui("show", "2")[1]
    assert "began              with the weights of run 1 at epoch 8, its optimizer anew" in out
    assert "run 1, with whose weights it began, is gone" in out
