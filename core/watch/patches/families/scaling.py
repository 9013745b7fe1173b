"""``unscaled``, ``uncentred`` and ``outliers``: a scaler around the data, fitted on the training part.

Reads the places ``forward`` and ``evaluate``; no facts. The tables are found by following what the model is
called with back through loaders, splits and slices; mean and standard deviation are written with methods
that tensors, arrays and data frames share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import libcst as cst

from lrtui.core.watch.patches.datapath import Table, inputs, point, tables
from lrtui.core.watch.patches.names import callers
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import argument


def standardize(script: Script, clipped: bool = False) -> bool:
    """Standardize the training table before it is read, and the others by the same numbers."""
    training = next(iter(nearest(script, "forward")), [])[:1]
    place = point(script, training[0]) if training else None
    if place is None:
        return False
    source = script.of(place)
    mean, std = script.free(place, "mean"), script.free(place, "std")
    scaled = _scaling(mean, std)
    names = [training[0].name]
    late = []
    for path in nearest(script, "evaluate"):
        other = path[0]
        if other.name in names:
            continue
        if source.block(other.statement) is not source.block(place):
            return False
        if source.before(other.statement, place):
            names.append(other.name)
        elif not any(one.name in names for one in path):  # what is made of a table after it was scaled, is
            late.append(other)
    rows = _rows(script, training[0])
    if clipped:
        if late:
            return False
        _clip(script, place, names, rows)
    script.edits.before(place, f"{mean}, {std} = {rows}.mean(0), {rows}.std(0)")
    script.edits.before(place, f"{std}[{std} == 0] = 1")
    script.edits.before(place, f"{', '.join(names)} = {', '.join(scaled(one) for one in names)}")
    for other in late:
        script.edits.after(other.statement, f"{other.name} = {scaled(other.name)}")
    return True


def clip(script: Script) -> bool:
    """Pull what lies far out in to the outermost twentieths of the training rows, and standardize anew."""
    return standardize(script, clipped=True)


def _clip(script: Script, place: cst.CSTNode, names: list[str], rows: str) -> None:
    low, high = script.free(place, "low"), script.free(place, "high")
    quantile, tensor = script.spelled(place, "torch.quantile"), script.spelled(place, "torch.as_tensor")
    for bound, share in ((low, 0.05), (high, 0.95)):
        script.edits.before(place, f"{bound} = {quantile}({tensor}({rows}), {share}, 0)")
    values = ", ".join(f"{tensor}({name}).clamp({low}, {high})" for name in names)
    script.edits.before(place, f"{', '.join(names)} = {values}")


def _scaling(mean: str, std: str) -> Callable[[str], str]:
    return lambda name: f"({name} - {mean}) / {std}"


def _rows(script: Script, table: Table) -> str:
    """The rows of a table that are trained on, where they are cut in one piece: ``X[:400]``."""
    source = script.of(table.use)
    cut = source.parents[table.use]
    if not isinstance(cut, cst.Subscript) or cut.value is not table.use:
        return table.name
    looped = any(isinstance(one, cst.For | cst.While) for one in source.around(cut))
    return table.name if looped else script.code(cut)


def _by_hand(script: Script, phase: str) -> Iterator[cst.BaseExpression]:
    """What a function without a module is called with, in the loop that learns or outside of it."""
    loops = {
        loop
        for line in script.statements("backward")
        for loop in script.of(line).around(line)
        if isinstance(loop, cst.For | cst.While)
    }
    for line in script.statements("product"):
        source = script.of(line)
        rows = inputs(script, line)
        function = next((one for one in source.around(line) if isinstance(one, cst.FunctionDef)), None)
        names = [] if function is None else [one.name.value for one in function.params.params]
        place = names.index(rows.value) if isinstance(rows, cst.Name) and rows.value in names else None
        if rows is None or function is None or place is None:
            calls = [] if rows is None else [(rows, line)]
        else:
            calls = [
                (given.value, call)
                for call in callers(script, function)
                if (given := argument(call, place, names[place])) is not None
            ]
        for value, where in calls:
            learns = any(loop in loops for loop in script.of(where).around(where))
            if learns is (phase == "forward"):
                yield value


def nearest(script: Script, phase: str) -> list[list[Table]]:
    """The tables behind each line of a phase, the nearest first."""
    given = [node for line in script.statements(phase) if (node := inputs(script, line)) is not None]
    given = given or list(_by_hand(script, phase))
    return [path for node in given if (path := list(tables(script, node)))]


PATCHES = {"outliers": clip, "unscaled": standardize, "uncentred": standardize}
