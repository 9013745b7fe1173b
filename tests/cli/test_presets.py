"""``--preset`` and ``lrtui presets``: who wins over whom, and what is listed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lrtui.core.config.presets import BUILT_IN
from lrtui.datasets.storage.folder import config_folder
from tests.cli.commands import Lrtui, refused


def config_of(lrtui: Lrtui, *arguments: str) -> dict[str, object]:
    code, out, _ = lrtui("train", "example-small-data", "--json", "--quiet", *arguments)
    assert code == 0
    found: dict[str, object] = json.loads(out)["config"]
    return found


def test_an_option_and_its_variable_win_over_a_preset_and_that_over_both_files(
    home: Path, lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config_folder().mkdir(parents=True)
    (config_folder() / "config.toml").write_text(
        '[defaults]\nepochs = 3\nseed = 1\noptimizer = "adam"\n', encoding="utf-8"
    )
    project = tmp_path / "project.toml"
    project.write_text("epochs = 4\nseed = 2\n", encoding="utf-8")
    found = config_of(lrtui, "--preset", "fast", "--config", str(project))
    assert (found["optimizer"], found["epochs"], found["seed"]) == ("newton", 10, 2)
    monkeypatch.setenv("LRTUI_EPOCHS", "5")
    found = config_of(lrtui, "--preset", "fast", "--weight-decay", "0.5")
    assert (found["optimizer"], found["epochs"], found["weight_decay"], found["seed"]) == (
        "newton", 5, 0.5, 1,
    )  # fmt: skip


def test_a_run_that_was_liked_becomes_a_preset(home: Path, lrtui: Lrtui) -> None:
    config_of(lrtui, "--lr", "0.3", "--epochs", "7")
    folder = Path(lrtui("presets", "--path")[1].strip())
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(lrtui("show", "1", "--config")[1], encoding="utf-8")
    assert config_of(lrtui, "--preset", "mine") == json.loads(lrtui("show", "1", "--json")[1])["config"]
    told = lrtui("presets")[1]
    assert "lr=0.3 epochs=7" in told
    assert "as they are built in" in told
    assert "the hyperparameters of run 1" in told


def test_the_list_has_all_of_them_and_says_which_are_wrong(home: Path, lrtui: Lrtui) -> None:
    code, out, _ = lrtui("presets", "--json")
    assert code == 0
    assert {one["name"]: one["values"] for one in json.loads(out)} == {
        name: preset.values for name, preset in BUILT_IN.items()
    }
    (config_folder() / "presets").mkdir(parents=True)
    (config_folder() / "presets" / "bad.toml").write_text("lr = -1", encoding="utf-8")
    code, out, err = lrtui("presets")
    assert code == 2
    assert all(name in out for name in BUILT_IN)
    assert "learning rate cannot be" in err
    assert "no preset called 'fats'" in refused(lrtui("train", "moons", "--preset", "fats"))
