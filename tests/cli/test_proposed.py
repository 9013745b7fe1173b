"""Settings that fit the size of a large table, in the commands that train."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.store import Store
from lrtui.tui.cli import dashboard
from tests.cli.commands import Lrtui

LARGE = "moons:n=20001"
TOLD = "for 20,001 rows: optimizer newton, epochs 20\n"
NEWTON = changed(Config(), optimizer="newton", epochs=20)


def stored() -> Config:
    with Store() as store:
        return store.runs.recent(1)[0].config


def test_train_takes_what_fits_more_than_20_000_rows_says_so_and_keeps_it(lrtui: Lrtui) -> None:
    code, _, err = lrtui("train", LARGE)
    assert code == 0
    assert err.startswith(TOLD)
    assert "epoch 20/20" in err
    assert stored() == NEWTON


def test_up_to_20_000_rows_the_plain_defaults_hold(lrtui: Lrtui) -> None:
    code, _, err = lrtui("train", "moons:n=20000", "--test-size", "0.99")
    assert (code, stored()) == (0, changed(Config(), test_size=0.99))
    assert "rows:" not in err


@pytest.mark.parametrize("quiet", [("--quiet",), ("--json",)])
def test_scripts_read_it_in_the_config_alone(lrtui: Lrtui, quiet: tuple[str, ...]) -> None:
    code, out, err = lrtui("train", LARGE, *quiet)
    assert (code, stored()) == (0, NEWTON)
    assert "for 20,001 rows" not in out + err
    assert "--json" not in quiet or Config.model_validate(json.loads(out)["config"]) == NEWTON


@pytest.mark.parametrize(
    "own",
    [
        ("--optimizer", "sgd", "--test-size", "0.99"),
        ("--epochs", "1"),
        ("--batch-size=0",),
        ("--lr", "0.05", "--test-size", "0.99"),
        ("--momentum", "0.9", "--test-size", "0.99"),
        ("--lr", "suggested", "--test-size", "0.99"),
    ],
)
def test_who_has_said_how_to_train_is_obeyed_even_in_the_plain_defaults(
    lrtui: Lrtui, own: tuple[str, ...]
) -> None:
    code, _, err = lrtui("train", LARGE, *own)
    assert (code, stored().optimizer) == (0, "sgd")
    assert "for 20,001 rows" not in err


def test_so_is_a_config_file(lrtui: Lrtui, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('batch_size = 0\nscaling = "minmax"\n')
    assert lrtui("train", LARGE, "--config", str(tmp_path / "c.toml"))[0] == 0
    assert stored() == changed(Config(), batch_size=0, scaling="minmax")


def test_other_settings_leave_it_open_how_to_train(lrtui: Lrtui) -> None:
    assert lrtui("train", LARGE, "--scaling", "none", "--seed", "3")[0] == 0
    assert stored() == changed(NEWTON, scaling="none", seed=3)


def test_diagnose_begins_in_the_same_way(lrtui: Lrtui) -> None:
    _, _, err = lrtui("diagnose", LARGE)
    assert err.startswith(TOLD)
    assert stored() == NEWTON


def test_a_sweep_of_something_else_than_the_way_to_train_does_too(lrtui: Lrtui) -> None:
    code, out, _ = lrtui("sweep", LARGE, "--weight-decay", "0,0.01", "--json")
    assert code == 0
    assert changed(Config.model_validate(json.loads(out)["config"]), weight_decay=0.0) == NEWTON


def test_a_sweep_of_learning_rates_keeps_the_optimizer_that_has_one(lrtui: Lrtui) -> None:
    options = ("--lr", "0.01,0.1", "--test-size", "0.99", "--json")
    code, out, _ = lrtui("sweep", LARGE, *options)
    assert code == 0
    assert json.loads(out)["config"]["optimizer"] == "sgd"


@pytest.mark.parametrize(
    ("options", "own"),
    [
        ((), False),
        (("--scaling", "none"), False),
        (("--epochs", "200"), True),
        (("--lr=1", "--seed=1"), True),
    ],
)
def test_the_dashboard_is_told_whether_anybody_said_how_to_train(
    lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], own: bool
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(dashboard, "check_terminal", lambda: None)
    monkeypatch.setattr("lrtui.tui.app.run_dashboard", lambda *_, **more: asked.append(more["own"]) or 0)
    assert lrtui("moons", *options)[0] == 0
    assert asked == [own]
