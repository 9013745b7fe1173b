"""The line and the file that train a run again: what is read of them is what the run was asked for."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.config.toml import read_toml
from lrtui.core.reproduce import command_line, config_toml
from lrtui.core.store import Run, Status
from lrtui.datasets.source import Source

CONFIGS: list[dict[str, Any]] = [
    {},
    {"lr": 1e-7, "epochs": 7, "optimizer": "adam", "shuffle": False, "seed": 12},
    {"drop_columns": ("a b", "c,d", 'say "x"', "#1"), "missing_codes": (-999.0, 99999.0), "clip": 0.05},
    {"init_bias": "log-odds", "threshold": "base-rate", "class_weight": "balanced", "device": "cpu"},
    {"init_bias": -2.5, "threshold": 0.25, "scaling": "none", "loss": "bce", "stop_on_divergence": False},
]


@pytest.mark.parametrize("values", CONFIGS)
def test_the_file_is_read_as_the_config_that_it_was_written_of(
    values: dict[str, Any], tmp_path: Path
) -> None:
    config = changed(Config(), **values)
    path = tmp_path / "run.toml"
    path.write_text(config_toml(config, ["of run 3"]), encoding="utf-8")
    assert changed(Config(), **read_toml(path)) == config


@pytest.mark.parametrize("values", CONFIGS)
def test_the_line_names_what_is_not_built_in_and_what_keeps_a_proposal_away(values: dict[str, Any]) -> None:
    config = changed(Config(), **values)
    words = shlex.split(command_line(Run(1, Source("moons"), config, Status.FINISHED)))
    assert words[:3] == ["lrtui", "train", "moons"]
    named = {word.removeprefix("--").partition("=")[0].replace("-", "_") for word in words[3:]}
    assert named == {"epochs", "optimizer", *values}


def test_a_table_of_ones_own_is_quoted_whole() -> None:
    source = Source(
        "/data/it's; rm -rf x.csv", target="y z", columns=("a,b", "c"), multiclass=True, skip_rows=2
    )
    words = shlex.split(command_line(Run(1, source, Config(), Status.FINISHED)))
    assert words[2] == "/data/it's; rm -rf x.csv"
    assert {"--multiclass", "--target=y z", '--columns="a,b",c', "--skip-rows=2"} <= set(words)
