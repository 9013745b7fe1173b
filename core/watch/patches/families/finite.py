"""``non-finite``: cells that are no number, and logarithms of 0.

Reads the places ``forward``, ``evaluate`` and ``operation``, and the fact ``kind``. Cells become 0, in the
table before anything is computed of it and in what the model is called with: by an assignment that tensors
and arrays share.
"""

from __future__ import annotations

import libcst as cst

from lrtui.core.watch.patches.datapath import point
from lrtui.core.watch.patches.families.scaling import nearest
from lrtui.core.watch.patches.flow import last_name
from lrtui.core.watch.patches.losses import loss_lines
from lrtui.core.watch.patches.mending import wrapped
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import is_number

LEAST = "1e-7"


def finite(script: Script) -> bool:
    """Fill the cells, or keep logarithms away from 0."""
    if script.fact("kind") == "input":
        return _filled(script)
    return script.fact("kind") == "operation" and _logarithms(script)


def _filled(script: Script) -> bool:
    done: set[tuple[cst.CSTNode, str]] = set()
    for phase in ("forward", "evaluate"):
        for path in nearest(script, phase):
            for table in (path[-1], path[0]):
                place = point(script, table)
                if place is not None and (place, table.name) not in done:
                    done.add((place, table.name))
                    script.edits.before(place, f"{table.name}[{table.name} != {table.name}] = 0")
    return bool(done)


def _logarithms(script: Script) -> bool:
    found = False
    lines = list(dict.fromkeys([*script.statements("operation"), *loss_lines(script)]))
    for call in (call for line in lines for call in script.own(line, cst.Call)):
        if last_name(call) != "log":
            continue
        method = isinstance(call.func, cst.Attribute) and not call.args
        value = call.func.value if method and isinstance(call.func, cst.Attribute) else None
        value = call.args[0].value if value is None and call.args else value
        if value is not None and not is_number(value):
            wrapped(script, value, "({x} + " + LEAST + ")" if method else "{x} + " + LEAST)
            found = True
    return found


PATCHES = {"non-finite": finite}
