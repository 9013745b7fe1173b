"""CSV and its kin: text with a separator. What looks like no other text is read as this."""

from __future__ import annotations

from lrtui.datasets.reading.formats.entry import Format, imported

FORMATS = (
    Format(
        "csv", "CSV", 0, (".csv", ".tsv", ".tab", ".txt", ".psv"),
        imported("lrtui.datasets.reading.delimited:read_csv"),
        options=("separator", "quote", "encoding", "header", "skip_rows", "comment"),
        copy=imported("lrtui.datasets.reading.copying:copy_lines"),
    ),
)  # fmt: skip
