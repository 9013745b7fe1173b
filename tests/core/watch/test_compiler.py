"""torch's compiler is imported for scripts that want it, and for no other."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from lrtui.core.watch.observer import compiler


def test_the_door_lets_alone_what_is_not_compiled_and_opens_for_anything_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compiler, "NAME", "colorsys")  # which is imported in no time
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    torch = SimpleNamespace()
    compiler.import_later(torch)
    door = sys.modules["colorsys"]
    assert torch._dynamo is door
    door.graph_break()
    assert door.disable(print) is print
    assert door.disable(recursive=False)(print) is print
    assert not hasattr(door, "__file__")  # as who looks through all modules asks
    assert not compiler.is_imported()
    assert door.ONE_THIRD == 1 / 3
    assert compiler.is_imported()
    compiler.import_later(torch)  # it is there already
    assert sys.modules["colorsys"] is not door
