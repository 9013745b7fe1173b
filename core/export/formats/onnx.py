"""An ONNX model."""

from __future__ import annotations

from lrtui.core.export.formats.entry import ExportFormat, written_by

FORMATS = (
    ExportFormat(
        "onnx", "an ONNX model, from columns to probabilities", 40, (".onnx",), written_by("onnx:write")
    ),
)
