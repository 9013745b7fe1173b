"""An event file of TensorBoard."""

from __future__ import annotations

from lrtui.core.export.formats.entry import ExportFormat, written_by

FORMATS = (
    ExportFormat(
        "tensorboard",
        "an event file of the curve and what was measured",
        90,
        (".lrtui",),
        written_by("tensorboard:write"),
        scripts=True,
        called="events.tfevents",
    ),
)
