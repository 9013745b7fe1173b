"""A plain PyTorch script."""

from __future__ import annotations

from lrtui.core.export.formats.entry import ExportFormat, written_by

FORMATS = (
    ExportFormat(
        "pytorch", "a plain PyTorch script that trains it again", 10, (".py",), written_by("pytorch:write")
    ),
)
