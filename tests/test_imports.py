"""The dashboard process stays light: proved at run time, beside the static contracts."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"torch", "sklearn", "scipy", "polars", "numpy"}


def modules_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_the_dashboard_loads_nothing_heavy() -> None:
    everything = "import lrtui.tui.app, lrtui.tui.dashboard, lrtui.tui.cli.dashboard, plotext"
    assert not modules_after(everything) & HEAVY


def test_the_command_line_loads_neither_textual_nor_torch_before_it_must() -> None:
    found = modules_after("import lrtui.tui.cli.group, lrtui.tui.cli.train, lrtui.tui.cli.listing")
    assert not found & {"torch", "textual", "numpy", "polars"}


def test_an_engine_trains_and_diagnoses_without_screen_scikit_learn_statistics_or_the_compiler() -> None:
    found = modules_after(
        "from typing import get_args, get_type_hints\n"
        "from lrtui.core.config import Config, changed\n"
        "from lrtui.core.doctor.doctor import diagnose\n"
        "from lrtui.core.training.batch import BatchTrainer\n"
        "from lrtui.core.training.trainer import Trainer\n"
        "from lrtui.datasets.loading import load\n"
        "from lrtui.datasets.source import Source\n"
        "from tests.core.training.problems import noisy\n"
        "import lrtui.core.engine.loop, lrtui.datasets.ingest.assembly\n"
        "problem = noisy()\n"
        "for optimizer in get_args(get_type_hints(Config)['optimizer']):\n"  # to train, be kept, and go on
        "    config = changed(Config(), optimizer=optimizer)\n"
        "    trainer = Trainer(problem, config)\n"
        "    trainer.advance(epochs=2)\n"
        "    Trainer.resume(problem, config, trainer.state()).advance(epochs=2)\n"
        "    if optimizer not in ('newton', 'lbfgs'):\n"
        "        BatchTrainer(problem, [config, config]).advance(epochs=2)\n"
        "diagnose(load(Source('wine-1')), Config())\n"
    )
    assert {"torch", "lrtui.core.doctor.pipeline"} <= found
    assert not found & {"textual", "rich", "click", "plotext"}
    assert not found & {"sklearn", "scipy.stats", "torch._dynamo", "sympy", "torch.distributed.fsdp"}
