"""JSON lines: one object a line."""

from __future__ import annotations

from lrtui.datasets.reading.formats.entry import HEAD, Format, imported

FORMATS = (
    Format(
        "jsonl", "JSON lines", 3, (".jsonl", ".ndjson"),
        imported("lrtui.datasets.reading.jsonlines:read_json_lines"), options=("encoding",),
        looks=lambda start: start.lstrip().startswith(b"{"),
        scan=imported("polars:scan_ndjson", infer_schema_length=HEAD),
    ),
)  # fmt: skip
