"""A pipeline of scikit-learn."""

from __future__ import annotations

from lrtui.core.export.formats.entry import ExportFormat, written_by

FORMATS = (
    ExportFormat(
        "sklearn",
        "a scikit-learn pipeline of preparation and model",
        30,
        (".joblib", ".skops"),
        written_by("sklearn:write"),
    ),
)
