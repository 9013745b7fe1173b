"""What must be mended before a run can be trained at all: labels, missing cells, numbers beyond float32."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from lrtui.core.config import Config, changed
from lrtui.core.doctor.causes import data
from lrtui.core.doctor.diagnosis import Finding, Values
from lrtui.core.doctor.trials import Laboratory
from lrtui.datasets.dataset import Problem
from lrtui.datasets.errors import DatasetError


@dataclass
class Admitted:
    """The config with which a run can be trained, and what had to be changed for that."""

    config: Config
    findings: list[Finding] = field(default_factory=list)
    fix: Values = field(default_factory=dict)


def admit(lab: Laboratory, config: Config) -> Admitted:
    """Mend what can be mended; recoded labels go into the laboratory's dataset.

    Raises:
        DatasetError: the dataset cannot be prepared as the config asks, nor with a change known here.
    """
    found = Admitted(config)
    _recode(lab, found)
    _fill_in(lab, found)
    _bound(lab, found)
    return found


def _recode(lab: Laboratory, found: Admitted) -> None:
    """Labels that are not 0 and 1, as the loss takes them, are made so; those of a file always are."""
    dataset = lab.dataset
    assert dataset is not None, "a laboratory for one problem admits nothing"
    finding = data.coding(dataset)
    if finding is not None:
        found.findings.append(finding)
        lab.dataset = replace(dataset, y=(dataset.y == dataset.y.max()).astype(np.int8))


def _fill_in(lab: Laboratory, found: Admitted) -> None:
    """Cells without a finite number are filled in where they are an error."""
    try:
        lab.problem(found.config)
    except DatasetError:
        assert lab.dataset is not None, "a laboratory for one problem admits nothing"
        finding = data.non_finite(lab.dataset) if found.config.missing == "error" else None
        if finding is None or finding.fix is None:
            raise
        filled = changed(found.config, **finding.fix)
        lab.problem(filled)
        found.config, found.fix = filled, found.fix | finding.fix
        found.findings.append(finding)


def _bound(lab: Laboratory, found: Admitted) -> None:
    """Numbers that float32 cannot hold are scaled down."""
    if _all_finite(lab.problem(found.config)):
        return
    for scaling in ("standard", "maxabs"):
        scaled = changed(found.config, scaling=scaling)
        try:
            problem = lab.problem(scaled)
        except DatasetError:
            continue  # too large for this scaling too
        if _all_finite(problem) and lab.dataset is not None:
            largest = float(np.nanmax(np.abs(lab.dataset.X[np.isfinite(lab.dataset.X)])))
            found.config, found.fix = scaled, found.fix | {"scaling": scaling}
            found.findings.append(data.too_large(largest, scaling))
            return
    raise DatasetError(
        "The dataset holds numbers that are too large for any scaling.",
        "Divide the largest columns by a power of ten.",
    )


def _all_finite(problem: Problem) -> bool:
    """Whether all features are numbers in the precision that training works in."""
    return bool(np.isfinite(problem.design_train).all() and np.isfinite(problem.design_test).all())
