"""torch as lrtui imports it: without what only its compiler needs, and whole as soon as somebody asks."""

from __future__ import annotations

import os
import subprocess
import sys

LEAN = "from lrtui.core.lean_torch import import_torch\nimport_torch()\nimport sys, torch\n"


def answer(code: str, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    done = subprocess.run(
        [sys.executable, "-c", LEAN + code],
        capture_output=True,
        text=True,
        check=True,
        env={**kept, **environment},
    )
    return done.stdout.strip()


def test_what_only_the_compiler_needs_is_not_imported() -> None:
    found = set(answer("print(*sys.modules)").split())
    assert "torch" in found
    assert not found & {"torch._prims", "torch._refs", "torch._decomp", "torch._dynamo", "sympy"}


def test_it_is_there_once_somebody_asks_for_it() -> None:
    code = (
        "torch._meta_registrations.register_meta\n"
        "print(torch.linalg.qr(torch.ones(3, 2, device='meta')).R.shape)"
    )
    assert answer(code) == "torch.Size([2, 2])"


def test_generators_draw_what_they_always_drew() -> None:
    code = "print(torch.randperm(9, generator=torch.Generator().manual_seed(4)).tolist())"
    plain = subprocess.run(
        [sys.executable, "-c", f"import torch\n{code}"], capture_output=True, text=True, check=True
    )
    assert answer(code) == plain.stdout.strip()


def test_a_version_that_was_not_tried_is_imported_as_ever() -> None:
    code = (
        "import lrtui.core.lean_torch as lean\nlean.TRIED = 'none'\nlean.import_torch()\n"
        "import sys\nprint('torch._refs' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


def test_no_variable_is_left_for_the_processes_that_follow() -> None:
    code = "import os\nprint(os.environ.get('OMP_WAIT_POLICY'))"
    assert answer(code) == "None"
    assert answer(code, OMP_WAIT_POLICY="ACTIVE") == "ACTIVE"


def test_nobody_else_loads_it_while_a_model_is_trained() -> None:
    code = (
        "from lrtui.core.config import Config, changed\n"
        "from lrtui.core.training.trainer import Trainer\n"
        "from tests.core.training.problems import noisy\n"
        "for optimizer in ('sgd', 'adam', 'lbfgs', 'newton'):\n"
        "    trainer = Trainer(noisy(), changed(Config(), optimizer=optimizer, epochs=3))\n"
        "    trainer.advance()\n"
        "    trainer.measure()\n"
        "print('torch._refs' in sys.modules)"
    )
    assert answer(code) == "False"
