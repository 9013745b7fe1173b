"""``python -m lrtui.core.system.probe PACKAGE…``: imports libraries, and tells how that went.

In a process of its own, for a library that does not fit the processor ends it. Each is answered at once by
one JSON object in a line, so that whoever reads knows which one did.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

# package → the module whose import loads what it is made of
LIBRARIES = {
    "numpy": "numpy",
    "torch": "torch",
    "scipy": "scipy.special",
    "scikit-learn": "sklearn.datasets",
    "polars": "polars",
    "threadpoolctl": "threadpoolctl",
    "textual": "textual.app",
    "plotext": "plotext",
    "pydantic": "pydantic",
    "click": "click",
    "platformdirs": "platformdirs",
    "libcst": "libcst",
}


def main(packages: Sequence[str]) -> None:
    """Import them in this order, and look at torch."""
    for package in packages:
        try:
            with contextlib.redirect_stdout(sys.stderr):  # what a library prints is no answer
                _import(LIBRARIES[package])
                facts = _torch() if package == "torch" else {}
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
            _tell({"package": package, "error": f"{type(error).__name__}: {error}"})
        else:
            _tell({"package": package, "error": None, **facts})


def _import(module: str) -> None:
    if module == "torch":
        from lrtui.core.lean_torch import import_torch

        import_torch()  # as lrtui does
    else:
        import_module(module)


def _torch() -> dict[str, Any]:
    import torch

    torch.ones(8, 8) @ torch.ones(8, 8)  # a processor that torch was not built for ends here
    blas = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    return {
        "threads": torch.get_num_threads(),
        "blas": blas[1] if blas else None,
        "built_for": f"CUDA {torch.version.cuda}" if torch.version.cuda else _rocm(torch),
        "cards": [_card(torch, number) for number in range(torch.cuda.device_count())],
        "mps": torch.backends.mps.is_available(),
    }


def _rocm(torch: Any) -> str | None:
    found = getattr(torch.version, "hip", None)
    return f"ROCm {found}" if found else None


def _card(torch: Any, number: int) -> dict[str, Any]:
    """A GPU, and whether it computes a product."""
    facts = torch.cuda.get_device_properties(number)
    found: dict[str, Any] = {"name": facts.name, "bytes": facts.total_memory, "error": None}
    try:
        ones = torch.ones(8, 8, device=f"cuda:{number}")
        if float((ones @ ones).sum()) != 8.0**3:
            found["error"] = "a product came out wrong"
    except Exception as error:  # noqa: BLE001
        found["error"] = str(error).partition("\n")[0]
    return found


def _tell(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
