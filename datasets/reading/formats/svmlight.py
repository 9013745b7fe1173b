"""SVMlight and libsvm: a label and pairs of number and value a line."""

from __future__ import annotations

import re

from lrtui.datasets.reading.formats.entry import Format, imported

_LINE = re.compile(rb"(#[^\n]*\n)*[-+.\deE]+([ \t]+\d+:[-+.\w]+)+[ \t]*(#[^\n]*)?\r?(\n|$)")

FORMATS = (
    Format(
        "svmlight", "SVMlight", 7, (".svmlight", ".svm", ".libsvm"),
        imported("lrtui.datasets.reading.svmlight:read_svmlight"),
        looks=lambda start: _LINE.match(start) is not None, options=("encoding",),
    ),
)  # fmt: skip
