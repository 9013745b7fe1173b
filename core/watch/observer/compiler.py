"""torch's compiler, imported only for whoever wants more of it than to be let alone by it.

An optimizer imports it at its first step, to say what is not to be compiled: one to two seconds, more than
a short script takes. The observer leaves ``torch.compile`` out, so there is nothing to be said.
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Any

NAME = "torch._dynamo"


class Door(ModuleType):
    """Stands where the compiler's module would, until it is asked for anything but the two below."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":  # of whoever looks through all modules
            raise AttributeError(name)
        if sys.modules.get(NAME) is self:
            del sys.modules[NAME]
        return getattr(importlib.import_module(NAME), name)

    def graph_break(self, *_: Any, **__: Any) -> None:
        """Nothing is compiled, so nothing ends here."""

    def disable(self, function: Any = None, *_: Any, **__: Any) -> Any:
        """The function as it is, or what decorates one so."""
        return function if function is not None else (lambda decorated: decorated)


def import_later(torch: Any) -> None:
    """Put the door up, where nobody has imported the compiler yet."""
    if NAME not in sys.modules:
        door = Door(NAME)
        door.__spec__ = importlib.util.find_spec(NAME)
        sys.modules[NAME] = torch._dynamo = door


def is_imported() -> bool:
    """Whether the script itself wanted it."""
    return not isinstance(sys.modules.get(NAME, Door(NAME)), Door)
