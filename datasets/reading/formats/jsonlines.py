"""JSON: one object a line, or one document."""

from __future__ import annotations

import re

from lrtui.datasets.reading.formats.entry import HEAD, Format, imported

_LINES = re.compile(rb"\s*\{[^\n]*\}\s*\n\s*\{|\s*\{[^\n\[{]*\}\s*$")  # objects a line, or a flat one alone
_DOCUMENT = re.compile(rb'\s*(\{\s*("|\})|\[\s*[\[{])')

FORMATS = (
    Format(
        "jsonl", "JSON lines", 3, (".jsonl", ".ndjson"),
        imported("lrtui.datasets.reading.jsonlines:read_json_lines"), options=("encoding",),
        looks=lambda start: _LINES.match(start) is not None,
        scan=imported("polars:scan_ndjson", infer_schema_length=HEAD),
        copy=imported("lrtui.datasets.reading.copying:copy_lines"),
    ),
    Format(
        "json", "JSON", 4, (".json",),
        imported("lrtui.datasets.reading.jsonlines:read_json"), options=("encoding",),
        looks=lambda start: _DOCUMENT.match(start) is not None,
    ),
)  # fmt: skip
