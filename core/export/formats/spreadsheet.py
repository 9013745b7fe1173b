"""Formulas."""

from __future__ import annotations

from lrtui.core.export.formats.entry import ExportFormat, written_by

FORMATS = (
    ExportFormat(
        "spreadsheet",
        "formulas to paste into a spreadsheet",
        60,
        (".txt",),
        written_by("spreadsheet:write"),
    ),
)
