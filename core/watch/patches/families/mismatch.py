"""``target-mismatch``: what is done to the training table is done to the test table, too.

Reads the places ``forward`` and ``evaluate``; no facts. Mended is the table that was forgotten alone: a
line such as ``X_train = (X_train - mean) / std`` or ``X_train = scaler.fit_transform(X_train)`` that has no
like for the rows that are tested.
"""

from __future__ import annotations

import libcst as cst

from lrtui.core.watch.patches.datapath import Table
from lrtui.core.watch.patches.families.scaling import nearest
from lrtui.core.watch.patches.flow import last_name
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import within

ARITHMETIC = (cst.Subtract, cst.Divide, cst.Multiply, cst.Add)
FITTED = {"fit_transform", "transform"}  # of scikit-learn


def scale_alike(script: Script) -> bool:
    """Scale the rows that are tested as those that are trained on, by the same numbers."""
    training = next(iter(nearest(script, "forward")), [])
    scaled = next((one for one in training if _scaled(one) is not None), None)
    if scaled is None:
        return False
    names = {one.name for one in training}
    done = False
    for path in nearest(script, "evaluate"):
        if any(_scaled(one) is not None for one in path):
            return False
        other = next((one for one in path if one.name not in names and _beside(script, one, scaled)), None)
        done |= other is not None and _put(script, other, scaled)
        names |= {other.name} if other is not None else set()
    return done


def _scaled(table: Table) -> cst.Name | None:
    """The name in a table's value that is scaled, where it is the table's own."""
    value = table.value
    if isinstance(value, cst.Call) and last_name(value) in FITTED and len(value.args) == 1:
        value = value.args[0].value
    elif isinstance(value, cst.BinaryOperation):
        while isinstance(value, cst.BinaryOperation) and isinstance(value.operator, ARITHMETIC):
            value = value.left
    else:
        return None
    return value if isinstance(value, cst.Name) and value.value == table.name else None


def _beside(script: Script, table: Table, scaled: Table) -> bool:
    """Whether a table of test rows is there where that of training rows is scaled; the nearest is taken."""
    source = script.of(scaled.statement)
    return (
        script.of(table.statement) is source
        and source.block(table.statement) is source.block(scaled.statement)
        and source.before(table.statement, scaled.statement)
    )


def _put(script: Script, table: Table, scaled: Table) -> bool:
    """The line once more, for the other table; in front, for the numbers may be taken of unscaled rows."""
    name, value = _scaled(scaled), scaled.value
    if name is None or value is None or _more(scaled.statement):
        return False
    changed = value.deep_replace(name, cst.Name(table.name))
    if isinstance(changed, cst.Call):  # fitted by the line itself
        for one in within(changed.func, cst.Name):
            if one.value == "fit_transform":
                changed = changed.deep_replace(one, cst.Name("transform"))
        script.edits.after(
            scaled.statement, f"{table.name} = {script.of(name).tree.code_for_node(changed)}"
        )
    else:
        script.edits.before(
            scaled.statement, f"{table.name} = {script.of(name).tree.code_for_node(changed)}"
        )
    return True


def _more(statement: cst.CSTNode) -> bool:
    """Whether a line does more than bind one name."""
    body = statement.body if isinstance(statement, cst.SimpleStatementLine) else ()
    return len(body) != 1 or not isinstance(body[0], cst.Assign) or len(body[0].targets) != 1


PATCHES = {"target-mismatch": scale_alike}
