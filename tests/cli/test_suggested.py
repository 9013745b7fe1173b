"""``suggested`` where a number stands, in the commands that train."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.doctor.suggested import FIELDS
from lrtui.core.doctor.suggestions import filled
from lrtui.core.store import Store
from lrtui.core.training.problem import problem_of
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from lrtui.tui.cli import dashboard
from tests.cli.commands import Lrtui, refused
from tests.core.doctor.cases import suggest

WORDS = ("--lr", "suggested", "--epochs", "suggested", "--weight-decay", "suggested")


def test_train_takes_the_numbers_and_keeps_them(lrtui: Lrtui) -> None:
    code, out, err = lrtui("train", "breast-cancer", *WORDS, "--json")
    assert code == 0
    config = Config.model_validate(json.loads(out)["config"])
    assert config == filled(problem_of(load(Source("breast-cancer")), Config()), Config(), FIELDS)[0]
    assert err.split("\n")[:3] == [
        f"learning rate {config.lr:g}, suggested by the data",
        f"epochs {config.epochs}, suggested by the data",
        f"weight decay {config.weight_decay:g}, suggested by the data",
    ]
    with Store() as store:
        assert store.runs.recent(1)[0].config == config


def test_one_is_found_for_the_others_as_they_are_given(lrtui: Lrtui) -> None:
    options = ("--lr", "0.02", "--epochs", "suggested", "--json", "--quiet")
    code, out, err = lrtui("train", "two-gaussians", *options)
    assert (code, err) == (0, "")
    config = changed(Config(), lr=0.02)
    expected = suggest(problem_of(load(Source("two-gaussians")), config), config).epochs
    assert json.loads(out)["config"]["epochs"] == expected


def test_the_word_wins_over_the_config_file(lrtui: Lrtui, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("lr = 0.5\nepochs = 3\nbatch-size = 0\n")
    options = ("--config", str(tmp_path / "c.toml"), "--lr", " suggested ", "--json", "--quiet")
    found = json.loads(lrtui("train", "moons", *options)[1])["config"]
    config = changed(Config(), batch_size=0)
    assert found["lr"] == suggest(problem_of(load(Source("moons")), config), config).lr
    assert found["epochs"] == 3


def test_a_sweep_begins_from_the_numbers(lrtui: Lrtui) -> None:
    options = ("--weight-decay", "suggested", "--lr", "0.01,0.1", "--epochs", "5", "--json")
    code, out, err = lrtui("sweep", "breast-cancer", *options)
    assert code == 0
    expected = suggest(problem_of(load(Source("breast-cancer")), Config()), Config()).weight_decay
    assert json.loads(out)["config"]["weight_decay"] == expected
    assert err == f"weight decay {expected:g}, suggested by the data\n"


def test_diagnose_trains_with_the_numbers(lrtui: Lrtui) -> None:
    code, _, err = lrtui("diagnose", "two-gaussians:n=200", "--lr", "suggested")
    assert code == 0
    rate = re.match(r"learning rate (\S+), suggested by the data\n", err)
    assert rate
    with Store() as store:
        assert store.runs.recent(1)[0].config.lr == float(rate[1])


def test_what_cannot_be_trained_on_is_diagnosed_all_the_same(lrtui: Lrtui, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n" + "".join(f"{i},1\n" for i in range(30)))
    code, out, _ = lrtui(
        "diagnose", str(tmp_path / "a.csv"), "--target", "y", "--lr", "suggested", "--quiet"
    )
    assert code == 1
    assert "suggested" not in out


@pytest.mark.parametrize(
    ("options", "what", "fix"),
    [
        (("--lr", "suggested", "--optimizer", "adam"), "No learning rate .* for adam: theory", "sgd"),
        (("--epochs", "suggested", "--optimizer", "lbfgs"), "No number of epochs .* for lbfgs", "sgd"),
        (("--epochs", "suggested", "--lr", "500"), "at learning rate 500 none is enough", "--lr suggested"),
        (
            ("--weight-decay", "suggested", "--optimizer", "adamw"),
            "No weight decay .* for adamw",
            "a number",
        ),
    ],
)
def test_where_theory_is_silent_the_command_says_so(
    lrtui: Lrtui, options: tuple[str, ...], what: str, fix: str
) -> None:
    said = refused(lrtui("train", "moons", *options)).split("\n")
    assert re.search(what, said[0])
    assert fix in said[1]
    with Store() as store:
        assert store.runs.recent(1) == []


def test_rows_of_a_class_too_few_for_folds_are_told(lrtui: Lrtui, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n" + "".join(f"{i},{int(i % 12 == 0)}\n" for i in range(40)))
    arguments = ("train", str(tmp_path / "a.csv"), "--target", "y", "--weight-decay", "suggested")
    assert "too few rows" in refused(lrtui(*arguments))


def test_the_other_fields_and_lists_do_not_take_the_word(lrtui: Lrtui) -> None:
    assert "momentum cannot be 'suggested'" in refused(lrtui("train", "moons", "--momentum", "suggested"))
    for command in ("sweep", "train"):
        said = refused(lrtui(command, "moons", "--lr", "suggested,0.1"))
        assert "--lr 'suggested,0.1' puts suggested beside other values." in said
        assert "Give --lr suggested alone, or numbers alone." in said
    assert "--run" in refused(lrtui("diagnose", "--run", "1", "--lr", "suggested"))


def test_the_dashboard_names_its_key(lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard, "check_terminal", lambda: None)
    said = refused(lrtui("moons", "--weight-decay", "suggested"))
    assert "press t on the weight decay" in said


def test_help_names_the_word_where_it_is_taken(lrtui: Lrtui) -> None:
    for command in ("train", "diagnose", "sweep"):
        words = " ".join(lrtui(command, "-h")[1].split())
        assert words.count("or suggested: by the data") == len(FIELDS)
    assert "or suggested" not in " ".join(lrtui("moons", "-h")[1].split())
