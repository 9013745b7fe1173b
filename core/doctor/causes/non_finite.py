"""Cells that hold no finite number, where a config takes them for an error."""

from __future__ import annotations

from contextlib import suppress

from lrtui.core.config import Config
from lrtui.core.doctor.cause import Found, ProblemCause, Stage
from lrtui.core.doctor.figures import counted, finite, short
from lrtui.core.doctor.trials import TrialRunner
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.preparing.missing import codes_of, holes_beside
from lrtui.datasets.text import quote


def _filled_in(lab: TrialRunner, config: Config) -> Found | None:
    dataset = lab.dataset
    if config.missing != "error" or dataset is None:
        return None
    with suppress(DatasetError):
        lab.problem(config)
        return None
    holes = holes_beside(dataset, codes_of(dataset.kinds, config.missing_codes, dataset.X.dtype))
    if holes is None:
        return None  # something else is wrong, and said when the run is prepared
    worst = int(holes.counts.argmax())
    name = dataset.feature_names[worst]
    columns = int((holes.counts > 0).sum())
    gap = dataset.gaps.get(name)
    first, file = (int(holes.first[worst]) + 1, "") if gap is None else (gap.row, gap.file)
    place = f"row {first} of {file}" if file else f"row {first}"
    coded = " or one of the missing codes" if config.missing_codes else ""
    sentence = (
        f"{counted(holes.cells, 'cell')} of the table {'holds' if holes.cells == 1 else 'hold'} no finite "
        f"number{coded}, in {short(holes.rows)} of {short(dataset.n)} rows and {columns} of {dataset.p} "
        f"columns, most in {quote(name)} ({short(int(holes.counts[worst]))}, the first in {place}). "
        "A single one spoils every weight. With each filled in by the middle value of its column (the "
        "median of the training part) the run goes through."
    )
    evidence = finite(
        cells=holes.cells,
        rows=holes.rows,
        of_rows=dataset.n,
        columns=columns,
        of_columns=dataset.p,
        in_worst_column=int(holes.counts[worst]),
        first_row=first,
        infinite=holes.infinite,
    )
    return Found(sentence, evidence, {"missing": "median"})


NON_FINITE = ProblemCause(
    "non-finite", "Values that are not finite", Stage.ADMISSION, rank=20, ask=_filled_in
)
