"""An SQL query."""

from __future__ import annotations

from lrtui.core.export.formats.entry import ExportFormat, written_by

FORMATS = (
    ExportFormat(
        "sql", "an SQL query, from columns to probabilities", 50, (".sql",), written_by("sql:write")
    ),
)
