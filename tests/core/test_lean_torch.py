"""torch as lrtui imports it: without what only its compiler needs, and whole as soon as somebody asks."""

from __future__ import annotations

import os
import subprocess
import sys

import torch

LEAN = "from lrtui.core.lean_torch import import_torch\nimport_torch()\nimport sys, torch\n"
DRAWN = "print(torch.randperm(9, generator=torch.Generator().manual_seed(4)).tolist())"
COMPILERS = {"torch._prims", "torch._refs", "torch._decomp", "torch._dynamo", "sympy"}


def answer(code: str, begin: str = LEAN, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    done = subprocess.run(
        [sys.executable, "-c", begin + code],
        capture_output=True,
        text=True,
        check=True,
        env={**kept, **environment},
    )
    return done.stdout.strip()


def test_what_only_the_compiler_needs_is_not_imported_before_somebody_asks_and_then_whole() -> None:
    code = (
        "import os\n"
        "before = set(sys.modules)\n"
        "from lrtui.core.config import Config, changed\n"
        "from lrtui.core.training.trainer import Trainer\n"
        "from tests.core.training.problems import noisy\n"
        "for optimizer in ('sgd', 'adam', 'lbfgs', 'newton'):\n"
        "    trainer = Trainer(noisy(), changed(Config(), optimizer=optimizer, epochs=3))\n"
        "    trainer.advance()\n"
        "    trainer.measure()\n"
        "print(*sorted(before))\n"
        "print('torch._refs' in sys.modules)\n"
        "print(os.environ.get('OMP_WAIT_POLICY'))  # nothing is left for processes that follow\n"
        f"{DRAWN}\n"
        "torch._meta_registrations.register_meta\n"
        "print(torch.linalg.qr(torch.ones(3, 2, device='meta')).R.shape)"
    )
    drawn = str(torch.randperm(9, generator=torch.Generator().manual_seed(4)).tolist())
    imported, *after = answer(code).splitlines()
    assert "torch" in imported.split()
    assert not set(imported.split()) & COMPILERS
    assert after == ["False", "None", drawn, "torch.Size([2, 2])"]


def test_a_version_that_was_not_tried_is_imported_as_ever_and_a_variable_of_ones_own_stays() -> None:
    code = (
        "import os\n"
        "import lrtui.core.lean_torch as lean\nlean.TRIED = 'none'\nlean.import_torch()\n"
        "import sys\nprint('torch._refs' in sys.modules, os.environ['OMP_WAIT_POLICY'])"
    )
    assert answer(code, begin="", OMP_WAIT_POLICY="ACTIVE") == "True ACTIVE"
