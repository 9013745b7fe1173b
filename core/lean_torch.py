"""``import torch`` without what only its compiler needs, and with threads that sleep while they wait.

Decision 25 says what is left out, and why that is safe.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

# What they register is for tensors that hold no numbers, which torch.compile traces (the device ``meta``),
# and kernels that are compiled for a GPU. Executed once somebody asks them for anything.
LATER = frozenset({"torch._meta_registrations", "torch._native"})
TRIED = "2.13."  # versions of torch that were seen to do without; any other is imported as ever

WAITING = "OMP_WAIT_POLICY"


def import_torch() -> None:
    """Import torch, if nobody has yet: call it before what imports torch itself."""
    if "torch" in sys.modules:
        return
    finder = _LaterFinder()
    sys.meta_path.insert(0, finder)
    try:
        with _sleeping_threads():
            torch = import_module("torch")
    finally:
        sys.meta_path.remove(finder)
    if finder.found:
        # The one thing that they do for all of torch: without it there are no generators.
        torch._C._set_generator_metaclass(import_module("torch._opaque_base").OpaqueBaseMeta)


class _LaterFinder:
    """Finds the modules of ``LATER``, to be executed when an attribute of them is first asked for."""

    def __init__(self) -> None:
        self.found = False

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As Python's own finder does; ``None`` for all other modules."""
        if name not in LATER or not sys.modules["torch"].__version__.startswith(TRIED):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader, self.found = LazyLoader(spec.loader), True
        return spec


@contextmanager
def _sleeping_threads() -> Iterator[None]:
    """Let OpenMP, which reads this as it is loaded, put threads to sleep that wait for others.

    Else they spin for some milliseconds: on a busy machine that takes time from the very thread that they
    wait for. What a person has set stays, and no process that is started later sees anything of it.
    """
    if WAITING in os.environ:
        yield
        return
    os.environ[WAITING] = "PASSIVE"
    try:
        yield
    finally:
        del os.environ[WAITING]
