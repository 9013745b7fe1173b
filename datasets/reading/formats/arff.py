"""ARFF, the format of Weka and OpenML."""

from __future__ import annotations

import re

from lrtui.datasets.reading.formats.entry import Format, imported

_RELATION = re.compile(rb"\s*(%[^\n]*\s*)*@relation\b", re.IGNORECASE)

FORMATS = (
    Format(
        "arff", "ARFF", 6, (".arff",), imported("lrtui.datasets.reading.arff:read_arff"),
        looks=lambda start: _RELATION.match(start) is not None, options=("encoding",),
    ),
)  # fmt: skip
