"""``lrtui sweep``: what scripts read, what people read, and what is refused."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
from pathlib import Path

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.training.problem import problem_of
from lrtui.core.training.smoothness import smoothness
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from tests.cli.commands import Lrtui, refused, start

FULL = ("--batch-size", "0", "--epochs", "200")


def test_every_point_of_the_json_is_what_train_gives(lrtui: Lrtui) -> None:
    code, out, _ = lrtui("sweep", "moons", "--lr", "0.001:10:5", *FULL, "--json")
    assert code == 0
    found = json.loads(out)
    assert found["fields"] == ["lr"]
    assert [point["lr"] for point in found["points"]] == [0.001, 0.01, 0.1, 1.0, 10.0]
    for point in found["points"]:
        config = changed(Config(), lr=point["lr"], batch_size=0, epochs=200)
        alone = Trainer(problem_of(load(Source("moons")), config), config)
        alone.advance()
        oracle = alone.measure()
        assert point["train_loss"] == pytest.approx(oracle.train_loss, rel=1e-5)
        assert point["test_accuracy"] == oracle.test_accuracy
        assert point["majority_share"] == oracle.majority_share
    assert found["best"]["lr"] == min(found["points"], key=lambda p: p["train_loss"])["lr"]
    assert found["progress"] == 1


def test_people_get_a_plot_a_legend_and_a_table(lrtui: Lrtui) -> None:
    _, out, _ = lrtui("sweep", "example-scaling", "--scaling", "none", "--lr", "1e-8:10:10", *FULL)
    assert "loss: train ●  test ·   accuracy ○  majority share ▪" in out
    assert "× unstable" in out
    assert "▀ one label" in out
    rows = [line for line in out.split("\n") if re.match(r" *[\d.e-]+ +[\d.e+]+ ", line)]
    assert len(rows) == 10
    assert any("unstable, one label" in row for row in rows)
    assert sum("best" in row for row in rows) == 1
    assert "suggested learning rate" in out


def test_two_fields_make_a_grid(lrtui: Lrtui) -> None:
    _, out, _ = lrtui("sweep", "moons", "--lr", "0.1,1", "--scaling", "none,standard", *FULL)
    assert "moons: lr (down) and scaling (across)" in out
    assert re.search(r"^ +none +standard$", out, re.MULTILINE)
    assert re.search(r"^ +1 +standard .*best$", out, re.MULTILINE)
    assert "suggested" not in out


def test_a_learning_rate_is_always_suggested(lrtui: Lrtui) -> None:
    for optimizer in ("sgd", "adam"):
        for batch in ("0", "32"):
            options = ("--optimizer", optimizer, "--batch-size", batch, "--epochs", "50")
            _, out, _ = lrtui("sweep", "moons", "--suggest-lr", *options, "--json")
            assert json.loads(out)["suggested_lr"] > 0


def test_the_suggestion_tells_theory_and_experiment_apart(lrtui: Lrtui) -> None:
    _, out, _ = lrtui("sweep", "example-learning-rate", "--suggest-lr", *FULL, "--json")
    found = json.loads(out)
    config = changed(Config(), batch_size=0)
    constants = smoothness(problem_of(load(Source("example-learning-rate")), config), config)
    assert found["learning_rate"]["stable_below"] == pytest.approx(2 / constants.full)
    best = min(point["train_loss"] for point in found["points"])
    good = [point["lr"] for point in found["points"] if point["train_loss"] <= 1.01 * best]
    assert found["learning_rate"]["by_experiment"] == max(good)
    safe = [rate for rate in good if rate <= found["learning_rate"]["safe"]]
    assert found["suggested_lr"] == max(safe) == constants.suggested(config)
    _, out, _ = lrtui("sweep", "example-learning-rate", "--suggest-lr", *FULL)
    assert "below 5.55  2/L" in out
    assert re.search(r"suggested learning rate +2\n", out)


def test_a_faster_rate_on_separable_data_is_told_beside_the_limit_and_not_suggested(lrtui: Lrtui) -> None:
    _, out, _ = lrtui("sweep", "breast-cancer", "--suggest-lr")
    assert re.search(r"suggested learning rate +0\.05\n +by experiment +5 ", out)
    assert "It got farther in so many epochs; that it is safe is not proved." in out
    assert re.search(r"safe for batches of 32 +up to 0\.0773", out)


def test_of_adam_experiment_speaks_alone(lrtui: Lrtui) -> None:
    options = ("--lr", "0.01,0.1", "--optimizer", "adam", "--suggest-lr")
    _, out, _ = lrtui("sweep", "moons", *options, *FULL)
    assert "Nothing is proved of adam: experiment speaks alone." in out
    assert "stable" not in out
    _, out, _ = lrtui("sweep", "moons", *options, *FULL, "--json")
    theory = json.loads(out)["learning_rate"]
    assert theory["stable_below"] is theory["safe"] is theory["limit"] is None


def test_the_ascii_locale_gets_ascii(lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "C")
    _, out, _ = lrtui("sweep", "moons", "--lr", "0.1:1:3", *FULL)
    assert out.isascii()
    _, out, _ = lrtui("sweep", "moons", "--lr", "0.1:1:3", "--seed", "0,1", *FULL)
    assert out.isascii()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--lr", "1:2"), "from:to:how many"),
        (("--lr", "0:1:5"), "goes by factors"),
        (("--lr", "1:1e9:5"), "a number from 0 to 1e+06"),
        (("--scaling", "none,nonsense"), "none, standard"),
        (("--scaling", "a:b:3"), "has no range"),
        (("--lr", "1:2:3", "--seed", "0,1", "--epochs", "1,2"), "one or two fields, not 3"),
        (("--seed", "0:9999:2000", "--lr", "0.1,0.2"), "2,000 are the most"),
        (("--device", "cpu,auto"), "nothing to sweep"),
        (("--suggest-lr", "--scaling", "none,standard"), "nothing but --lr"),
    ],
)
def test_what_cannot_be_swept_is_refused(lrtui: Lrtui, options: tuple[str, ...], said: str) -> None:
    assert said in refused(lrtui("sweep", "moons", *options))


def test_a_thousand_is_one_value(lrtui: Lrtui) -> None:
    _, out, _ = lrtui("sweep", "moons", "--lr", "0.1,1", "--epochs", "1,000", "--json")
    assert {point["epochs"] for point in json.loads(out)["points"]} == {1000}


def test_an_unknown_dataset_is_refused(lrtui: Lrtui) -> None:
    assert "moons" in refused(lrtui("sweep", "moon"))


def test_no_run_is_stored(lrtui: Lrtui) -> None:
    lrtui("sweep", "moons", "--lr", "0.1,1", *FULL)
    _, out, _ = lrtui("runs", "--json")
    assert json.loads(out) == []


def test_ctrl_c_shows_how_far_it_came(home: Path) -> None:
    theirs, ours = pty.openpty()  # a bar is drawn on a terminal alone, and says when training goes on
    options = ("moons", "--lr", "0.1:1:3", "--epochs", "10000000", "--json")
    process = start(home, "sweep", *options, stderr=ours)
    os.close(ours)
    shown = b""
    while b"of all epochs" not in shown:
        shown += os.read(theirs, 1000)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate()
    os.close(theirs)
    assert process.returncode == 130
    found = json.loads(out)
    assert 0 <= found["progress"] < 1
    assert found["learning_rate"]["by_experiment"] is None  # no point is done
    config = Config()
    constants = smoothness(problem_of(load(Source("moons")), config), config)
    assert found["suggested_lr"] == constants.suggested(config) <= found["learning_rate"]["limit"]
